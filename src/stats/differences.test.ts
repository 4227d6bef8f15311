import { expect, test } from 'vitest';
import { pairedDifferences } from './differences.ts';
import { moments } from './moments.ts';

test('differences are first less second, typed arrays and lists alike', () => {
  expect(pairedDifferences([3, 5], Float64Array.of(1, 7))).toEqual(Float64Array.of(2, -2));
});

test('unequal lengths, empty samples and NaN are refused', () => {
  expect(() => pairedDifferences([1], [1, 2])).toThrow(/one length, received 1 and 2/);
  expect(() => pairedDifferences([], [])).toThrow(/at least 1 value/);
  expect(() => pairedDifferences([1], [NaN])).toThrow(/second sample: expected finite numbers, received NaN/);
});

test('moments of 1, 3, 5: mean 3, sd 2, standard error 2/√3; equal values have an sd of exactly 0', () => {
  expect(moments([1, 3, 5], 'A test')).toEqual({ n: 3, mean: 3, sd: 2, standardError: 2 / Math.sqrt(3) });
  expect(moments([0.1, 0.1, 0.1], 'A test')).toEqual({ n: 3, mean: 0.1, sd: 0, standardError: 0 });
  expect(() => moments([1], 'A test')).toThrow(/A test: expected at least 2 values, received 1/);
});
