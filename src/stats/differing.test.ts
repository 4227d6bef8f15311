import { expect, test } from 'vitest';
import { differing } from './differing.ts';
import { pairedPermutation } from './permutation.ts';

test('differences of zero and what rounding leaves of them do not count, however small the others are', () => {
  expect(differing([])).toBe(0);
  expect(differing([0, -0, 0])).toBe(0);
  expect(differing([0, 0.15, -0.2, 0.2, 0, 0.05])).toBe(4);
  expect(differing([1e-300, -1e-300, 0])).toBe(2);
  // .3 − .1 − .2 is −2.8e-17, not 0.
  expect(differing([0.15, 0.2, 0.3 - 0.1 - 0.2])).toBe(2);
  expect(differing([1, 1e-9])).toBe(2);
});

test('the smallest p of the permutation test is 2 / 2ᵏ of the k that count', () => {
  for (const values of [
    [0, 0.15, -0.2, 0.2, 0, 0.05],
    [1, 2, 3, 4, 5, 6, 0],
    [2, 0.3 - 0.1 - 0.2],
  ]) {
    expect(pairedPermutation(values).smallestP).toBe(Math.min(1, 2 / 2 ** differing(values)));
  }
});
