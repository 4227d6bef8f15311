import { JSDOM } from 'jsdom';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataIdentity } from '../data/identity.ts';
import type { Dataset } from '../data/examples.ts';
import { formOf } from '../data/dataSet.ts';
import { dataSet } from '../data/makeDataSet.ts';
import { mostProbable } from '../analysis/mostProbable.ts';
import { reportPage } from '../report/page.ts';
import { TrialStore } from '../store/runs.ts';
import { sha256 } from '../store/sha256.ts';
import { resolveStudy, type StudyFile } from '../study/configuration.ts';
import type { Executor } from '../study/executor.ts';
import type { TuningFile } from '../study/tuning/configuration.ts';
import { completeSource, type DataSource } from '../study/trialData.ts';
import { DactylError } from '../util/errors.ts';
import { createLocalExecutor } from './local.ts';
import { runIn, runStudy, type StudyEvent } from './runStudy.ts';
import { runTuning } from './tune.ts';

const STUDY = {
  name: 'own-images',
  question: 'Which?',
  recipe: { units: [2], epochs: 1, batchSize: 10 },
  arms: { relu: {} },
  seeds: 1,
} satisfies StudyFile;

/** Images of one bright row each, the row of their label; `shift`: labels that many rows further. */
function images(count: number, shift: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 10);
  const data = new Uint8Array(784 * count);
  labels.forEach((label, k) =>
    data.fill(255, 784 * k + 28 * (label + shift), 784 * k + 28 * (label + shift + 1)),
  );
  return { images: { data, shape: [count, 28, 28] }, labels, classes: 10 };
}

function sourceOf(shift: number): DataSource {
  return { train: images(200, shift), test: images(50, shift) };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test('other images in the same folder are trained on, and results state the sums of those used; the first set is then reused', async () => {
  const out = temporaryFolder();
  const run = async (source: DataSource) => {
    const reused: boolean[] = [];
    const onEvent = (event: StudyEvent): void => {
      if (event.event === 'finished') reused.push(event.reused);
    };
    return { results: await runStudy(STUDY, { out, source, workers: 1, onEvent }), reused };
  };
  const first = await run(sourceOf(0));
  const second = await run(sourceOf(15));
  const again = await run(sourceOf(0));
  expect([first.reused, second.reused, again.reused]).toEqual([[false], [false], [true]]);
  for (const [{ results }, shift] of [
    [first, 0],
    [second, 15],
  ] as const) {
    expect(results.data.identity).toEqual(dataIdentity(sourceOf(shift)));
    expect(results.data.name).toBe('Images of its own');
  }
  expect(second.results.trials[0].weightsHash).not.toEqual(first.results.trials[0].weightsHash);
  expect(again.results.trials).toEqual(first.results.trials);
});

test('whether a folder may be written to is asked under its lock, and a refusal leaves it as it was', async () => {
  const folder = join(temporaryFolder(), 'one');
  const source = sourceOf(0);
  const study = resolveStudy(STUDY, undefined, formOf(completeSource(source, sha256)));
  let seen: string[] = [];
  const requireFolder = (): void => {
    seen = readdirSync(folder);
    throw new DactylError('E_MISMATCH', 'it holds another');
  };
  const run = runIn(study, folder, { source, workers: 1, requireFolder }, {}, () => Promise.resolve());
  await expect(run).rejects.toThrow('it holds another');
  expect(seen).toEqual(['lock.json']);
  expect(readdirSync(folder)).toEqual([]);
});

const OWN_LAYERS = {
  name: 'own-layers',
  question: 'Is a convolution better?',
  recipe: { units: [4], epochs: 2, batchSize: 10, learningRate: 0.01 },
  arms: {
    convolution: {
      layers: [
        { type: 'Input', shape: [28, 28, 1] },
        { type: 'Rescaling', scale: 1 / 255 },
        { type: 'Conv2D', filters: 2, kernelSize: 4, strides: 4, activation: 'relu' },
        { type: 'Flatten' },
        { type: 'Dense', units: 10, activation: 'softmax' },
      ],
    },
    relu: {},
  },
  claims: ['C1'],
  seeds: 2,
} satisfies StudyFile;

test('a study of an arm with layers of its own: trained, kept, reused, compared, reported; the paper’s claims are not judged by it', async () => {
  const out = temporaryFolder();
  const source = sourceOf(0);
  const reused: boolean[] = [];
  const onEvent = (event: StudyEvent): void => {
    if (event.event === 'finished') reused.push(event.reused);
  };
  const results = await runStudy(OWN_LAYERS, { out, source, workers: 1 });
  expect(await runStudy(OWN_LAYERS, { out, source, workers: 1, onEvent })).toEqual(results);
  expect(reused).toEqual([true, true, true, true]);
  // 4 · 4 · 1 · 2 + 2 and 7 · 7 · 2 · 10 + 10; 784 · 4 + 4 and 4 · 10 + 10.
  expect(results.parameters).toEqual({ convolution: 1024, relu: 3190 });
  expect(results.environment).toMatchObject({ numerics: 1, convolution: 2 });
  expect(results.trials.map(({ arm, activation }) => `${arm} ${activation}`)).toEqual(
    Array.from({ length: 2 }, () => ['convolution convolutional', 'relu relu']).flat(),
  );
  expect(results.comparisons[0]).toMatchObject({ first: 'convolution', second: 'relu' });

  const store = new TrialStore(out);
  const { document } = new JSDOM().window;
  const { images, labels } = source.test;
  const markup = reportPage(
    {
      results,
      sample: { images: images.data.subarray(0, 7840), labels: labels.subarray(0, 10) },
      test: { images: images.data, labels },
      predictions: new Map(
        results.trials.map(({ key }) => [key, mostProbable(store.read(key).probabilities)]),
      ),
    },
    { document },
  );
  const page = new JSDOM(markup).window.document;
  const text = page.querySelector('main')!.textContent.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ');
  expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  expect(text).toContain(
    'are about the handwritten digits of MNIST and these runs are of Images of its own, so none of them is judged',
  );
  expect(text).toContain(
    'layers of its own (Input (28, 28, 1); Rescaling × 0.00392157; Conv2D 2 filters, 4 × 4, strides 4 × 4, relu; Flatten; Dense 10, Softmax) (1,024 trainable parameters)',
  );
  expect(text).toMatch(
    /Against it ReLU has a hidden layer of 4 units with ReLU instead of layers of its own \(Conv2D, Dense\)\./,
  );
  expect(text).toContain('Numerics of convolution 2');
  const rows = [...page.querySelectorAll('#table-recipes tr')].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  expect(rows).toContainEqual(['units', '–', '4', '128-64-32']);
  expect(rows.find(([name]) => name === 'layers')!.slice(2)).toEqual(['–', '–']);
});

test('images changed after the call are not trained on', async () => {
  const source = sourceOf(0);
  const fair = await runStudy(STUDY, { out: temporaryFolder(), source: sourceOf(0), workers: 1 });
  const running = runStudy(STUDY, { out: temporaryFolder(), source, workers: 1 });
  source.train.labels.fill(3);
  source.train.images.data.fill(7);
  expect((await running).trials[0].weightsHash).toEqual(fair.trials[0].weightsHash);
});

test('an executor states the images that it has, or is refused; and is refused beside another source', async () => {
  const executor = createLocalExecutor(sourceOf(0), 1);
  onTestFinished(() => executor.close());
  expect(executor.data).toEqual(dataIdentity(sourceOf(0)));
  const { data: _, ...silent } = executor;
  const out = temporaryFolder();
  const refused = { code: 'E_ARGUMENT' };
  await expect(runStudy(STUDY, { out, executor: silent as Executor })).rejects.toMatchObject(refused);
  await expect(runStudy(STUDY, { out, executor: { ...executor, data: ['MNIST'] } })).rejects.toMatchObject(
    refused,
  );
  await expect(runStudy(STUDY, { out, executor, source: sourceOf(1) })).rejects.toMatchObject(refused);
  const results = await runStudy(STUDY, { out, executor });
  expect(results.data.identity).toEqual(executor.data);
});

test('a trial of other images is refused by the executor (E_MISMATCH)', async () => {
  const executor = createLocalExecutor(sourceOf(0), 1);
  onTestFinished(() => executor.close());
  const { source: _, ...rest } = executor;
  const lying = { ...rest, data: dataIdentity(sourceOf(1)) };
  const options = { out: temporaryFolder(), executor: lying, source: sourceOf(1) };
  await expect(runStudy(STUDY, options)).rejects.toMatchObject({
    code: 'E_MISMATCH',
    message: expect.stringContaining('relu, seed 1: The trial is of other images') as string,
  });
});

test('weights by writer population are refused with other images than MNIST', async () => {
  const study = { ...STUDY, recipe: { ...STUDY.recipe, reweighting: { students: 2 } } };
  await expect(runStudy(study, { out: temporaryFolder(), source: sourceOf(0) })).rejects.toThrow(
    /relu: reweighting is by the writer populations of MNIST/,
  );
});

test('a search on other images in the same folder is refused, under another name its trials are new', async () => {
  const out = temporaryFolder();
  const search: TuningFile = {
    name: 'search',
    question: 'Which rate?',
    recipe: { units: [2], batchSize: 1000 },
    arms: { relu: {} },
    space: { learningRate: { kind: 'choice', values: [0.001, 0.01] } },
    configurations: 2,
    rungs: [1],
  };
  // The hold-out takes 6,000 images.
  const large = (shift: number): DataSource => ({ train: images(6_100, shift), test: images(50, shift) });
  const first = await runTuning(search, { out, source: large(0), workers: 1 });
  await expect(runTuning(search, { out, source: large(15), workers: 1 })).rejects.toMatchObject({
    code: 'E_MISMATCH',
  });
  const other = await runTuning({ ...search, name: 'other' }, { out, source: large(15), workers: 1 });
  const keys = (results: typeof first): string[] => results.arms[0].trials.map(({ key }) => key);
  expect(keys(other).filter((key) => keys(first).includes(key))).toEqual([]);
});

test('a study one of whose arms adds the drawings: another key and other weights, tested on the same images; refused for other things than digits', async () => {
  const study = {
    ...STUDY,
    arms: { relu: {}, drawings: { extraData: ['unipen-digits'] } },
  } satisfies StudyFile;
  const out = temporaryFolder();
  const { trials } = await runStudy(study, { out, source: sourceOf(0), workers: 1 });
  expect(trials.map(({ arm }) => arm)).toEqual(['relu', 'drawings']);
  const [plain, extended] = trials;
  expect(extended.key).not.toBe(plain.key);
  expect(extended.weightsHash).not.toEqual(plain.weightsHash);
  const tested = (matrix: readonly (readonly number[])[]) => matrix.flat().reduce((a, b) => a + b);
  expect([plain, extended].map(({ confusionMatrix }) => tested(confusionMatrix))).toEqual([50, 50]);
  expect(new TrialStore(out).read(extended.key).record.configuration.extraData).toHaveLength(2);
  const [train, test] = [images(200, 0), images(50, 0)];
  const clothes = dataSet({ name: 'clothes', train, test, classes: [...'abcdefghij'] });
  await expect(runStudy({ ...study, name: 'clothes' }, { out, source: clothes, workers: 1 })).rejects.toThrow(
    /drawings: extraData unipen-digits are digits.*received clothes/,
  );
});
