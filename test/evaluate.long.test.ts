import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { JSDOM } from 'jsdom';
import { Check } from 'typebox/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PART_NAMES, type PartName } from '../src/analysis/evaluation/parts.ts';
import { Flatten, Input, loadMnist, saveModel, Sequential } from '../src/index.ts';
import type { Evaluation } from '../src/study/evaluation/record.ts';
import { sha256Hex } from '../src/util/hash.ts';
import { dactyl, type Ended, temporaryFolder } from './support/dactyl.ts';
import {
  evaluationIn,
  expectWhole,
  filesIn,
  idx,
  OWN_IMAGES,
  ownImages,
  softmaxOf,
  textOf,
  trainedModel,
} from './support/evaluated.ts';

/** All that a model file has but the two that take longest. */
const MEASURED = [
  'inputs',
  'answers',
  'adversarial',
  'sensitivity',
  'labelErrors',
  'drawings',
  'explanations',
  'calibration',
  'privacy',
] as const satisfies readonly PartName[];
const KEPT = /: kept from an earlier evaluation$/gm;

let out: string;
let model: string;
let own: readonly string[];
let stopped: Ended;
/** What was kept when it was stopped, and the files of the page then. */
let kept: string[];
let begun: string[];
let whole: Ended;

/** One quick evaluation of a tiny network that several tests look at: stopped after its first part, and taken up. */
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  model = join(out, 'digits.safetensors');
  await trainedModel(model);
  own = ownImages(out);
  const command = ['evaluate', model, '--quick', '--only', ...MEASURED, '--jobs'];
  stopped = await dactyl([...command, '1'], {
    signal: (stdout) => (/: \d+ s$/m.test(stdout) ? 'SIGINT' : undefined),
  });
  kept = readdirSync(join(out, 'evaluations'));
  begun = filesIn(join(out, 'digits.evaluation'));
  whole = await dactyl([...command, '2']);
});
afterAll(() => {
  rmSync(out, { recursive: true, force: true });
});

describe('a model file', () => {
  const folderOf = (): string => join(out, 'digits.evaluation');

  test('Ctrl-C: exit code 130, whole parts kept and nothing else', () => {
    expect(stopped.exit).toBe(130);
    expect(stopped.stderr).toBe(
      'dactyl: Stopped. The parts that were done are kept; the same command goes on from there.\n',
    );
    expect(begun).toEqual([]);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(MEASURED.length);
    for (const file of kept) expect(file).toMatch(/^[0-9a-f]{64}\.json$/);
  });

  test('the same command goes on, prints every part and what the network is worth', () => {
    expect({ exit: whole.exit, stderr: whole.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^digits\.safetensors: one\snetwork\. Quick evaluation, not a result\n/);
    expect(whole.stdout.match(KEPT)).toHaveLength(kept.length);
    expect(whole.stdout.match(/^[A-Z][a-z ]+: \d+ s$/gm)).toHaveLength(MEASURED.length - kept.length);
    expect(whole.stdout).toMatch(/\n\d\d\.\d\d\s% .* of the 10,000 test images are read correctly, by one/);
    expect(whole.stdout).toContain(`Page     ${join(folderOf(), 'evaluation.html')}\n`);
  });

  test('evaluation.json holds to the published schema, a copy of which lies beside it', () => {
    const published = readFileSync('schemas/evaluation.schema.json', 'utf8');
    const schema = JSON.parse(published) as Record<string, unknown>;
    const evaluation = evaluationIn(folderOf());
    expect(readFileSync(join(folderOf(), 'evaluation.schema.json'), 'utf8')).toBe(published);
    expect(evaluation.$schema).toBe('./evaluation.schema.json');
    expect(Check(schema, evaluation)).toBe(true);
    expect(Check(schema, { ...evaluation, quick: 'yes' })).toBe(false);
    expect(Check(schema, { ...evaluation, more: 1 })).toBe(false);
    expect(evaluation.target).toEqual({
      kind: 'model',
      name: 'digits.safetensors',
      hash: sha256Hex(readFileSync(model)),
      quickStudy: false,
    });
    expect(evaluation.command).toBe(`dactyl evaluate ${basename(model)} --quick`);
  });

  test('every part is measured or missing with what to run first', () => {
    const { parts, missing } = evaluationIn(folderOf());
    expect([...parts, ...missing].map(({ part }) => part).sort()).toEqual([...PART_NAMES].sort());
    expect(parts.map(({ part }) => part).sort()).toEqual([...MEASURED].sort());
    const leftOut = 'left out with --only, and not kept from an earlier run';
    expect(missing).toEqual([
      { part: 'robustness', reason: leftOut },
      { part: 'equity', reason: leftOut },
      {
        part: 'untouched',
        reason:
          'the 50,000 test images that MNIST never published are not at hand; dactyl data fetch qmnist-test50k brings them',
      },
      ...['mitigation', 'membership'].map((part) => ({
        part,
        reason: `run dactyl study run studies/${part}.json first, with --out and the folder in which this one lies`,
      })),
    ]);
  });

  test('the page has a section for those who decide and one for each point, runs nothing, and no number that is none', () => {
    const { document } = new JSDOM(readFileSync(join(folderOf(), 'evaluation.html'), 'utf8')).window;
    const sections = Array.from(document.querySelectorAll('main section'), ({ id }) => id);
    expect(sections).toEqual(['decide', ...Array.from({ length: 13 }, (_, k) => `E${k + 1}`), 'source']);
    expect(document.querySelectorAll('script, [src^="http"], link')).toHaveLength(0);
    expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(document.body.textContent).toContain('Quick evaluation, not a result');
    for (const [kind, extensions] of [
      ['figures', ['svg', 'png']],
      ['tables', ['csv', 'tex']],
    ] as const) {
      const files = readdirSync(join(folderOf(), kind, 'evaluation'));
      for (const extension of extensions)
        expect(files.filter((file) => file.endsWith(extension)).length).toBe(files.length / 2);
    }
  });

  test('again: all from where it is kept; only a damaged part is named and computed again; the same results', async () => {
    const before = textOf(folderOf());
    const { key } = evaluationIn(folderOf()).parts.find(({ part }) => part === 'answers')!;
    const path = join(out, 'evaluations', `${key}.json`);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"images":10000', '"images":10001'));
    const only = ['--only', 'answers'];
    const { exit, stdout, stderr } = await dactyl(['evaluate', model, '--quick', '--jobs', '2', ...only]);
    expect(exit).toBe(0);
    expectNamed(stderr, path);
    expect(stdout.match(KEPT)).toHaveLength(MEASURED.length - 1);
    expect(stdout).toMatch(/^Answers on the test images: \d+ s$/m);
    const { seconds } = evaluationIn(folderOf()).parts.find(({ part }) => part === 'answers')!;
    const timed = JSON.parse(before) as Evaluation;
    const parts = timed.parts.map((one) => (one.part === 'answers' ? { ...one, seconds } : one));
    expect(textOf(folderOf())).toBe(`${JSON.stringify({ ...timed, parts }, null, 1)}\n`);
    expectWhole(out);
  });

  function expectNamed(stderr: string, path: string): void {
    expect(stderr).toBe(
      `dactyl: A kept part is damaged and is computed again: ${path}: the content is not what its checksum promises.\n`,
    );
  }
});

describe('images of one’s own', () => {
  test('--only what it names; parts about MNIST’s images are missing, with the reason', async () => {
    const place = temporaryFolder();
    const copy = join(place, 'my digits.safetensors');
    cpSync(model, copy);
    const folder = join(place, 'page');
    const { exit, stderr } = await dactyl([
      ...['evaluate', copy, '--quick', '--out', folder],
      ...[...own, '--watts', '60', '--only', 'answers', 'calibration'],
    ]);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: 'dactyl: --watts is ignored: how long the training took is known of kept trials only.\n',
    });
    const { data, parts, missing, costs, watts, command: again } = evaluationIn(folder);
    const names = parts.map(({ part }) => part);
    expect(names).toEqual(['inputs', 'answers', 'calibration']);
    const reasons = new Map(missing.map(({ part, reason }) => [part, reason]));
    expect(names.length + reasons.size).toBe(PART_NAMES.length);
    for (const [part, reason] of reasons) {
      const mnist = ['drawings', 'mitigation', 'privacy', 'membership', 'untouched'].includes(part);
      expect(reason).toBe(
        mnist
          ? "it is about MNIST's own test images"
          : 'left out with --only, and not kept from an earlier run',
      );
    }
    expect(data).toMatchObject({ own: true, testImages: OWN_IMAGES });
    expect(data.files.slice(2).map(({ file }) => file)).toEqual(['own-images', 'own-labels']);
    expect({ cost: costs.matrix[1][7], file: costs.source?.file, watts }).toEqual({
      cost: 3,
      file: 'costs.json',
      watts: 60,
    });
    const files = own.map((word) => basename(word)).join(' ');
    expect(again).toBe(`dactyl evaluate '${basename(copy)}' ${files} --watts 60 --quick`);
    const { document } = new JSDOM(readFileSync(join(folder, 'evaluation.html'), 'utf8')).window;
    expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(document.getElementById('E12')?.textContent).toContain('200 test images of the user’s own');
  });
});

describe('what it is given wrongly', () => {
  const shown = ['--quick', '--only', 'answers', '--out'];

  test('images black on white: a warning ahead of the parts, and no verdict on the network', async () => {
    const place = temporaryFolder();
    const { images } = loadMnist().test;
    const inverted = images.data.slice(0, OWN_IMAGES * 784).map((value) => 255 - value);
    const path = idx(join(place, 'inverted'), [OWN_IMAGES, 28, 28], inverted);
    const files = ['--images', path, '--labels', own[3]];
    const { exit, stdout, stderr } = await dactyl([
      'evaluate',
      model,
      ...files,
      ...shown,
      join(place, 'page'),
    ]);
    expect(exit).toBe(0);
    expect(stderr).toMatch(
      /^dactyl: If white and black are exchanged, digits [789]\d\.\d\s% instead of \d+\.\d\s% of the images are read.*Invert them.*\n$/,
    );
    expect(stdout).toContain('How well digits are read cannot be told from this.');
    expect(stdout).not.toContain('no digits are read');
    expect(readFileSync(join(place, 'page', 'evaluation.html'), 'utf8')).toContain('Before you read on');
  });

  test('a network whose answers are NaN: E_NUMERIC, and no page', async () => {
    const place = temporaryFolder();
    const path = join(place, 'diverged.safetensors');
    using network = new Sequential([Input([28, 28]), Flatten(), softmaxOf(10)]);
    network.setWeights(
      network
        .getWeights()
        .map(({ data, shape }) => ({ data: data.map((_, k) => (k % 2 ? 3e38 : -3e38)), shape })),
    );
    saveModel(network, path);
    const { exit, stderr } = await dactyl(['evaluate', path, ...shown, join(place, 'page')]);
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^dactyl: diverged, seed 0: .*NaN.* \[E_NUMERIC\]\n$/);
    expect(readdirSync(join(place, 'page'))).toEqual([]);
  });
});
