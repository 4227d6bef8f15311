import { JSDOM } from 'jsdom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PartName } from '../src/analysis/evaluation/parts.ts';
import { IMAGE_VARIANTS } from '../src/analysis/inputs/variants.ts';
import type { EvaluationData, Subject } from '../src/analysis/subject.ts';
import { type Dataset, subset } from '../src/data/examples.ts';
import { Dense, Flatten, Input, Rescaling, Sequential } from '../src/index.ts';
import { cardOf } from '../src/report/card/card.ts';
import { cardMarkdown } from '../src/report/card/markdown.ts';
import { evaluationAnswer } from '../src/report/evaluation/deciders.ts';
import { inputDoubts } from '../src/report/evaluation/inputDoubts.ts';
import { evaluationPage } from '../src/report/evaluation/page.ts';
import type { Evaluation } from '../src/study/evaluation/record.ts';
import { evaluationOf, smallData, subjectOf } from './support/evaluations.ts';

// A good network must never be called one that does not read, because of what it was given.

let data: EvaluationData;
let good: Subject;
const subjects: Subject[] = [];

beforeAll(async () => {
  data = smallData(4_000, 600);
  good = await subjectOf('trained', data);
  subjects.push(good);
}, 120_000);
afterAll(() => {
  for (const { model } of subjects) model.dispose();
});

const evaluationWith = (
  test: Partial<Dataset>,
  subject = good,
  parts: readonly PartName[] = ['inputs', 'answers'],
): Promise<Evaluation> =>
  evaluationOf([subject], { train: data.train, test: { ...data.test, ...test } }, parts);

const turned = (turn: (pixels: Uint8Array) => Uint8Array): Partial<Dataset> => ({
  images: { ...data.test.images, data: turn(data.test.images.data) },
});
const labelled = (label: (k: number) => number): Partial<Dataset> => ({
  labels: data.test.labels.map((_, k) => label(k)),
});
const rowsOf = (digit: number): number[] =>
  [...data.test.labels.keys()].filter((k) => data.test.labels[k] === digit);

test('images and labels as they should be raise no doubt', async () => {
  const evaluation = await evaluationWith({});
  expect(inputDoubts(evaluation)).toEqual([]);
  expect(evaluationAnswer(evaluation)).toMatch(/About one image in \d+ is misread/);
});

test.each([
  [
    'black on white',
    () => turned(IMAGE_VARIANTS.inverted),
    /^If white and black are exchanged, ReLU [89]\d\.\d\s% instead of/,
    'Invert',
  ],
  [
    'transposed',
    () => turned((pixels) => IMAGE_VARIANTS.transposed(pixels, [28, 28, 1])!),
    /^If rows and columns are exchanged, ReLU [89]/,
    'Transpose',
  ],
  [
    'both',
    () => turned((pixels) => IMAGE_VARIANTS.both(pixels, [28, 28, 1])!),
    /^If white and black, and rows and columns, are exchanged/,
    'Invert and transpose',
  ],
  [
    'of 0 and 1',
    () => turned((pixels) => pixels.map((v) => (v > 127 ? 1 : 0))),
    /^If their pixels are stretched to 255.*brightest pixel is 1 of 255/,
    '255 for ink',
  ],
  [
    'blank',
    () => turned((pixels) => pixels.map(() => 0)),
    /^600\simages of 600 are blank/,
    'Look at the file',
  ],
  [
    'labelled one too high',
    () => labelled((k) => (data.test.labels[k] + 1) % 10),
    /^If each label is one lower, ReLU [89]/,
    'from 0',
  ],
  [
    'labelled one too low',
    () => labelled((k) => (data.test.labels[k] + 9) % 10),
    /^If each label is one higher/,
    'from 0',
  ],
  [
    'labelled as the image before',
    () => labelled((k) => data.test.labels[Math.max(0, k - 1)]),
    /^If each image has the label of the next/,
    'same order',
  ],
  [
    'of one class',
    () => subset(data.test, rowsOf(7)),
    /^All \d+ images are of the class 7: images of one class cannot tell/,
    'every class',
  ],
  [
    'one image again and again',
    () => subset(data.test, Array<number>(120).fill(rowsOf(7)[0])),
    /^All 120 images are of the class 7/,
    'every class',
  ],
])(
  '%s: what was seen and what to do stand first, and nothing is said of the network',
  async (_, change, seen, todo) => {
    const evaluation = await evaluationWith(change());
    const [doubt] = inputDoubts(evaluation);
    expect(doubt.seen).toMatch(seen);
    expect(doubt.todo).toContain(todo);
    expect(doubt.spoils).toBe('answers');
    const answer = evaluationAnswer(evaluation);
    expect(answer).toContain(doubt.seen);
    expect(answer).not.toMatch(/no digits are read|nothing was learnt|is misread/);
    const page = new JSDOM(evaluationPage(evaluation, { document: new JSDOM().window.document })).window
      .document;
    expect(page.querySelector('#decide .doubts')!.textContent).toContain(doubt.seen);
    expect(page.body.textContent).not.toMatch(
      /no digits are read|nothing was learnt|does not read digits|reads badly/,
    );
    const counts = { train: [1], test: [1] };
    expect(cardMarkdown(cardOf(evaluation, counts, 'dactyl card'))).not.toContain('Do not use ReLU');
  },
);

test('a record from before there was a look is read, and knows of one class', async () => {
  const evaluation = await evaluationWith(subset(data.test, rowsOf(7)));
  const old = { ...evaluation, parts: evaluation.parts.filter(({ part }) => part !== 'inputs') };
  expect(inputDoubts(old)).toEqual([]);
  expect(evaluationAnswer(old)).toContain('images of one class cannot tell');
});

test('a network that reads nothing is still said to read nothing, also on images that are black on white', async () => {
  const constant = await subjectOf('constant', data);
  subjects.push(constant);
  expect(evaluationAnswer(await evaluationWith({}, constant))).toContain('Every image is answered with 3');
  const dark = await evaluationWith(turned(IMAGE_VARIANTS.inverted), constant);
  expect(inputDoubts(dark).map(({ spoils }) => spoils)).toEqual(['nothing']);
  expect(inputDoubts(dark)[0].seen).toMatch(/^The images are bright: their mean pixel is 2\d\d of 255/);
});

test('a network that divides outside itself is told apart from its twin that divides inside', async () => {
  const { train } = data;
  const labels = { data: train.labels, shape: [train.labels.length] };
  const float = {
    data: Float32Array.from(train.images.data, (value) => value / 255),
    shape: train.images.shape,
  };
  const losses: number[] = [];
  for (const inside of [true, false]) {
    const model = new Sequential(
      [
        Input([28, 28]),
        ...(inside ? [Rescaling(1 / 255)] : []),
        Flatten(),
        Dense(32, { activation: 'relu' }),
        Dense(10, { activation: 'softmax' }),
      ],
      { seed: 1 },
    );
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await model.fit(inside ? train.images : float, labels, { epochs: 3, verbose: 0 });
    const subject = { arm: 'relu', activation: 'relu', seed: 1, hash: model.weightsHash(), model };
    subjects.push(subject);
    const evaluation = await evaluationWith({}, subject, ['inputs', 'answers', 'calibration']);
    const [doubt] = inputDoubts(evaluation);
    const look = evaluation.parts[0].result as {
      subjects: { logLoss: number; scaled: Record<string, { logLoss: number }> | null }[];
    };
    losses.push(inside ? look.subjects[0].logLoss : look.subjects[0].scaled!['from 0 to 1'].logLoss);
    if (inside) expect(doubt).toBeUndefined();
    else {
      expect(doubt.seen).toMatch(
        /^ReLU has no Rescaling and gets pixels from 0 to 255; with pixels from 0 to 1 its log loss is 0\.\d+ instead of [3-9]\.\d+/,
      );
      expect(doubt.todo).toContain('Rescaling(1 / 255)');
      const page = evaluationPage(evaluation, { document: new JSDOM().window.document });
      expect(page.split('ReLU has no Rescaling').length).toBeGreaterThan(2);
    }
  }
  expect(losses[1]).toBeCloseTo(losses[0], 4);
});
