import { loadMnist } from '../src/store/mnist.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartName, PartResult } from '../src/analysis/evaluation/parts.ts';
import type { EvaluationData, Subject } from '../src/analysis/subject.ts';
import { saveModel } from '../src/index.ts';
import { openTarget } from '../src/queue/evaluation/target.ts';
import { cardMarkdown } from '../src/report/card/markdown.ts';
import { cardOf } from '../src/report/card/card.ts';
import { evaluationPage } from '../src/report/evaluation/page.ts';
import { type Evaluation, resultsOfPart } from '../src/study/evaluation/record.ts';
import { activationLabel } from '../src/study/network.ts';
import { evaluationOf, smallData } from './support/evaluations.ts';
import { IMAGE_NETWORKS, trainedOn } from './support/imageNetworks.ts';

const PARTS = [
  'inputs',
  'answers',
  'robustness',
  'adversarial',
  'sensitivity',
  'labelErrors',
  'equity',
  'drawings',
  'explanations',
  'calibration',
  'privacy',
] as const satisfies readonly PartName[];

let out: string;
let data: EvaluationData;
const subjects: Subject[] = [];
let evaluation: Evaluation;

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  data = smallData(3_000, 300);
  for (const [arm, layers] of Object.entries(IMAGE_NETWORKS)) {
    const model = await trainedOn(layers, data.train, 4);
    subjects.push({ arm, activation: activationLabel(layers), seed: 1, hash: model.weightsHash(), model });
  }
  evaluation = await evaluationOf(subjects, data, PARTS);
}, 600_000);
afterAll(() => {
  for (const { model } of subjects) model.dispose();
  rmSync(out, { recursive: true, force: true });
});

const resultOf = <N extends PartName>(part: N): PartResult<N>[] => resultsOfPart(evaluation, part);
const number = Object.keys(IMAGE_NETWORKS).length;

test('every part measures networks of images, whatever the shape of their inputs', () => {
  const [answers] = resultOf('answers');
  expect(answers.subjects).toHaveLength(number);
  for (const { accuracy } of answers.subjects) expect(accuracy).toBeGreaterThan(0.75);
  const [attacked] = resultOf('adversarial');
  for (const { clean, rungs } of attacked.subjects) {
    // Attacks along gradients get through: those of all layers are right.
    expect(clean).toBeGreaterThan(30);
    expect(rungs.linf.at(-1)!.best).toBeLessThan(0.2 * clean);
  }
  expect(attacked.sanity.map(({ zeroGradients }) => zeroGradients)).toEqual(subjects.map(() => 0));
  const [{ subjects: sensitive }] = resultOf('sensitivity');
  expect(sensitive.map(({ layers }) => layers.map(({ activation, units }) => [activation, units]))).toEqual([
    [['relu', 4]],
    [['tanh', 4]],
    [
      ['relu', 4],
      ['relu', 8],
    ],
  ]);
});

test('every network is explained by the methods that there are for it; those left out are named with their reason', () => {
  const explained = resultOf('explanations');
  expect(explained.map(({ sanity }) => sanity.methods.length)).toEqual([10, 8, 10]);
  expect(explained.map(({ leftOut = [] }) => leftOut.length)).toEqual([0, 2, 0]);
  expect(explained.map(({ units }) => units.kernel)).toEqual([
    [5, 5],
    [3, 3],
    [4, 4],
  ]);
  for (const { completeness, changes, agreement } of explained) {
    for (const { raised } of completeness) expect(raised.largestError).toBeLessThan(0.2);
    expect(changes.found).toBe(changes.images);
    expect(agreement!.right.agree).toBeGreaterThan(0.5 * agreement!.right.images);
  }
});

test('the page and the card of these networks are whole', () => {
  const text = new JSDOM(evaluationPage(evaluation, { document: new JSDOM().window.document })).window
    .document.body.textContent;
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(text).toContain('Left out for a normalisation, and an activation of its own');
  expect(text).toContain('relevance has no rule for batch_normalization (BatchNormalization)');
  expect(text).toContain('The kernels, 5 × 5');
  const counts = { train: [300], test: [30] };
  expect(cardMarkdown(cardOf(evaluation, counts, 'dactyl card'))).not.toMatch(/undefined|NaN|\[object/);
});

test('a model file of each is opened, with its layers in words', async () => {
  const opened = [];
  for (const [k, { model }] of subjects.entries()) {
    const path = join(out, `${k}.safetensors`);
    saveModel(model, path);
    opened.push(await openTarget(path, { data: loadMnist() }));
  }
  expect(opened.map(({ networks: [{ activation }] }) => activation)).toEqual(
    subjects.map(() => 'convolutional'),
  );
  expect(opened[1].arms[0].layers).toContain('Conv2D 4 filters, 3 × 3, strides 3 × 3, linear');
});
