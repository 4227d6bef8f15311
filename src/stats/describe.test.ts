import { expect, test } from 'vitest';
import { maximum, mean, minimum, quantile, standardDeviation } from './describe.ts';
import fixture from './fixtures/stats.json' with { type: 'json' };

test.each(fixture.samples)('mean, sd and quantiles of $values agree with NumPy within 1e-12', (sample) => {
  expect(Math.abs(mean(sample.values) / sample.mean - 1)).toBeLessThan(1e-12);
  expect(Math.abs(standardDeviation(sample.values) / sample.sd - 1)).toBeLessThan(1e-12);
  for (const { p, value } of sample.quantiles) {
    expect(Math.abs(quantile(sample.values, p) - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
  }
});

test('the standard deviation divides by n − 1: exactly 2 for 1, 3, 5', () => {
  expect(standardDeviation([1, 3, 5])).toBe(2);
});

test('quantiles leave the order of their input alone', () => {
  const values = [3, 1, 2];
  expect(quantile(values, 0.5)).toBe(2);
  expect(values).toEqual([3, 1, 2]);
});

test('minimum and maximum handle negatives, infinities and typed arrays, and keep a NaN', () => {
  expect([minimum([-1, -5, 3]), maximum([-1, -5, 3])]).toEqual([-5, 3]);
  expect(maximum(new Float32Array([-2, -Infinity]))).toBe(-2);
  expect(minimum([1, NaN, 0])).toBeNaN();
  expect(maximum([1, NaN, 0])).toBeNaN();
});

test('empty samples, single values and values without order are refused', () => {
  for (const statistic of [mean, minimum, maximum])
    expect(() => statistic([])).toThrow(/at least 1 value, received 0/);
  expect(() => standardDeviation([1])).toThrow(/at least 2 values, received 1/);
  expect(() => quantile([], 0.5)).toThrow(/at least 1 value/);
  expect(() => quantile([1], 1.5)).toThrow(/from 0 to 1/);
  expect(() => quantile([1, NaN], 0.5)).toThrow(/NaN/);
});
