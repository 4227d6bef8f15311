import { expect, test } from 'vitest';
import { madeUpDigits } from './fixtures/madeUp.ts';
import { fifthBounds, populationsOf, sliceFamilies } from './slices.ts';
import type { StrokeMeasures } from './strokeMeasures.ts';

const measuresOf = (values: number[]): StrokeMeasures => {
  const own = Float64Array.from(values);
  return { ink: own, thickness: own, slant: own, size: own, offCentre: own };
};

test('bounds are NumPy’s quantiles within a digit; a value on a bound is in the lower fifth, a digit without bounds in none', () => {
  const labels = Uint8Array.from([0, 0, 0, 0, 0, 0, 3, 3]);
  const train = { ...madeUpDigits(8, 1), labels };
  const bounds = fifthBounds(measuresOf([5, 0, 1, 2, 3, 4, 10, 20]), train);
  // numpy.quantile(range(6), [.2, .4, .6, .8]) and of [10, 20].
  expect(bounds.ink![0]).toEqual([1, 2, 3, 4]);
  expect(bounds.slant![3]).toEqual([12, 14, 16, 18]);
  expect(bounds.ink![1]).toEqual([]);
  const families = sliceFamilies(
    measuresOf([1, 1.01, 4, 4.5, 13, 13, 1]),
    { labels: Uint8Array.from([0, 0, 0, 0, 3, 0, 1]), classes: 10 },
    bounds,
    null,
  );
  expect(families.map(({ name }) => name)[0]).toBe('digit');
  expect([...families[1].of]).toEqual([0, 1, 3, 4, 1, 4, 5]);
});

test('populations: by writer where given, none for other images than MNIST’s test set', () => {
  const some = { test: madeUpDigits(3, 1) };
  expect([...populationsOf(some, Uint16Array.from([2_100, 2_099, 4_000]))!]).toEqual([0, 1, 0]);
  expect(populationsOf(some)).toBeNull();
});
