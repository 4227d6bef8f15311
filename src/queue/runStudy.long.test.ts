import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataIdentity } from '../datasets/identity.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { StudyFile } from '../study/configuration.ts';
import type { Executor } from '../study/executor.ts';
import type { TuningFile } from '../study/tuning/configuration.ts';
import type { DataSource } from '../study/trialData.ts';
import { createLocalExecutor } from './local.ts';
import { runStudy, type StudyEvent } from './runStudy.ts';
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
    expect(results.data.map(({ sha256 }) => sha256)).toEqual(dataIdentity(sourceOf(shift)));
    expect(results.data[0]).toMatchObject({ file: 'training images' });
    expect(results.data[0].bytes).toBeUndefined();
  }
  expect(second.results.trials[0].weightsHash).not.toEqual(first.results.trials[0].weightsHash);
  expect(again.results.trials).toEqual(first.results.trials);
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
  expect(results.data.map(({ sha256 }) => sha256)).toEqual(executor.data);
});

test('a trial of other images is refused by the executor (E_MISMATCH)', async () => {
  const executor = createLocalExecutor(sourceOf(0), 1);
  onTestFinished(() => executor.close());
  const lying = { ...executor, data: dataIdentity(sourceOf(1)) };
  await expect(runStudy(STUDY, { out: temporaryFolder(), executor: lying })).rejects.toMatchObject({
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
