import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeMnist } from '../data/mnist/describeMnist.ts';
import { MNIST_FILES } from '../data/mnist/mnistFiles.ts';
import { loadMnist, mnistFolder } from './mnist.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function link(...files: string[]): void {
  for (const file of files) symlinkSync(join(mnistFolder(), file), join(folder, file));
}

test('all of MNIST: shapes and the published class counts', () => {
  expect(describeMnist(loadMnist())).toEqual({
    shapes: ['Training data shape: (60000, 28, 28)', 'Test data shape: (10000, 28, 28)'],
    classCounts: {
      train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    },
    files: Object.values(MNIST_FILES),
  });
});

test('the first labels, and a share of .191 of the training pixels that are not zero, to three digits', () => {
  const { train, test: testSet } = loadMnist();
  expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect([...testSet.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  let inked = 0;
  for (const pixel of train.images.data) if (pixel !== 0) inked++;
  expect(inked / train.images.data.length).toBeCloseTo(0.191, 3);
});

test('shared: the same data in shared memory', () => {
  const shared = loadMnist({ shared: true });
  expect(shared.train.images.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared.test.labels.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(describeMnist(shared)).toEqual(describeMnist(loadMnist()));
});

test('a missing file and a folder in a file’s place are E_FILE and named', () => {
  link('train-images-idx3-ubyte');
  const missing = join(folder, 'train-labels-idx1-ubyte');
  expect(() => loadMnist({ folder })).toThrow(
    expect.objectContaining({
      code: 'E_FILE',
      message: `Cannot read ${missing}: it does not exist (ENOENT).`,
    }),
  );
  symlinkSync(folder, missing);
  expect(() => loadMnist({ folder })).toThrow(/train-labels-idx1-ubyte: it is not a file/);
});

test('a damaged file is E_CHECKSUM and never used: one changed byte, one byte short, one too many', () => {
  const name = 't10k-labels-idx1-ubyte';
  link('train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte');
  const path = join(folder, name);
  const original = readFileSync(join(mnistFolder(), name));
  const changed = Uint8Array.from(original);
  changed[5000] ^= 1;
  writeFileSync(path, changed);
  expect(() => loadMnist({ folder })).toThrow(
    new RegExp(`^${name}: expected SHA-256 ${MNIST_FILES.testLabels.sha256}, received [0-9a-f]{64}\\.`),
  );
  writeFileSync(path, original);
  truncateSync(path, original.length - 1);
  expect(() => loadMnist({ folder })).toThrow(/t10k-labels-idx1-ubyte: expected 10008 bytes, received 10007/);
  writeFileSync(path, Buffer.concat([original, Buffer.of(0)]));
  expect(() => loadMnist({ folder })).toThrow(/expected 10008 bytes, received 10009/);
});
