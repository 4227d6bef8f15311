import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { Untouched } from '../src/analysis/untouched/measure.ts';
import { loadMnist } from '../src/index.ts';
import { resultsOfPart } from '../src/study/evaluation/record.ts';
import { dactyl } from './support/dactyl.ts';
import { evaluationIn, trainedModel } from './support/evaluated.ts';

const PUBLISHED = 10_000;
const MORE = 400;

/** QMNIST's two test files with `MORE` images beyond the published ones: these once more, by twenty writers. */
function writeQmnist(cache: string): void {
  const { images, labels } = loadMnist().test;
  const n = PUBLISHED + MORE;
  const head = (type: number, ...shape: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * shape.length);
    bytes.set([0, 0, type, shape.length]);
    shape.forEach((extent, k) => bytes.writeUInt32BE(extent, 4 + 4 * k));
    return bytes;
  };
  const table = Buffer.alloc(32 * n);
  for (let i = 0; i < n; i++) {
    const row = [labels[i % PUBLISHED], 4, 2_100 + (i % 20), i, 0, i, 0, 0];
    row.forEach((value, k) => table.writeInt32BE(value, 32 * i + 4 * k));
  }
  const folder = join(cache, 'dactyl', 'data', 'qmnist');
  mkdirSync(folder, { recursive: true });
  const pixels = [head(8, n, 28, 28), images.data, images.data.subarray(0, 784 * MORE)];
  writeFileSync(join(folder, 'qmnist-test-images-idx3-ubyte.gz'), gzipSync(Buffer.concat(pixels)));
  writeFileSync(
    join(folder, 'qmnist-test-labels-idx2-int.gz'),
    gzipSync(Buffer.concat([head(12, n, 8), table])),
  );
}

test('QMNIST’s further test images are measured where they are at hand; else one line says what brings them', async () => {
  const out = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(out, { recursive: true, force: true });
  });
  const model = join(out, 'digits.safetensors');
  await trainedModel(model);
  const cache = join(out, 'cache');
  const env = { XDG_CACHE_HOME: cache };
  const command = ['evaluate', model, '--quick', '--only', 'answers', 'untouched'];
  expect((await dactyl(command, { env })).exit).toBe(0);
  const folder = join(out, 'digits.evaluation');
  expect(evaluationIn(folder).missing.find(({ part }) => part === 'untouched')?.reason).toBe(
    'the 50,000 test images that MNIST never published are not at hand; dactyl data fetch qmnist-test50k brings them',
  );
  writeQmnist(cache);
  expect(await dactyl(command, { env })).toMatchObject({ exit: 0, stderr: '' });
  const evaluation = evaluationIn(folder);
  const [found]: Untouched[] = resultsOfPart(evaluation, 'untouched');
  expect(found).toMatchObject({ images: MORE, writers: 20, testImages: PUBLISHED });
  // The images are the first of the published ones again, so their answers are those.
  const { accuracy, testAccuracy } = found.arms[0].networks[0];
  const [answers] = resultsOfPart(evaluation, 'answers');
  expect(testAccuracy).toBe(answers.subjects[0].accuracy);
  expect(Number.isInteger(accuracy * MORE)).toBe(true);
});
