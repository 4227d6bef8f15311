import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { bootstrap } from './bca.ts';
import { mean, quantile, standardDeviation } from './describe.ts';
import { Congruential } from './fixtures/congruential.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };

const STATISTICS: Record<string, (values: Float64Array) => number> = {
  mean,
  median: (values) => quantile(values, 0.5),
  sd: standardDeviation,
};

test.each(fixture.bca)(
  'the interval of the $statistic of $values agrees with SciPy within 1e-10 of its width, resample for resample',
  (sample) => {
    const { resamples, confidence } = sample;
    const random = new Congruential(sample.seed);
    const found = bootstrap(sample.values, STATISTICS[sample.statistic], { random, resamples, confidence });
    const tolerance = 1e-10 * (sample.bca[1] - sample.bca[0]);
    expect(Math.abs(found.low - sample.bca[0])).toBeLessThan(tolerance);
    expect(Math.abs(found.high - sample.bca[1])).toBeLessThan(tolerance);
    expect(Math.abs(found.percentile.low - sample.percentile[0])).toBeLessThan(tolerance);
    expect(Math.abs(found.percentile.high - sample.percentile[1])).toBeLessThan(tolerance);
    expect(found.standardError / sample.standardError - 1).toBeCloseTo(0, 10);
    expect(found.resamples).toBe(resamples);
  },
);

test('the standard error of a mean approaches s·√((n − 1)/n)/√n within 3 % over 10,000 resamples', () => {
  const values = fixture.bca[0].values;
  const { standardError } = bootstrap(values, mean, { random: new Random(0, 'bootstrap') });
  const n = values.length;
  const expected = (standardDeviation(values) * Math.sqrt((n - 1) / n)) / Math.sqrt(n);
  expect(Math.abs(standardError / expected - 1)).toBeLessThan(0.03);
});

test('the same seed gives the same interval, values keep their order, and turned signs turn a mean’s interval', () => {
  const values = [3, 1, 2, 5, 4, 9];
  const options = () => ({ random: new Random(7, 'bootstrap'), resamples: 500 });
  const found = bootstrap(values, mean, options());
  expect(bootstrap(values, mean, options())).toEqual(found);
  expect(values).toEqual([3, 1, 2, 5, 4, 9]);
  const turned = bootstrap(
    values.map((value) => -value),
    mean,
    options(),
  );
  expect(turned.low).toBeCloseTo(-found.high, 10);
  expect(turned.high).toBeCloseTo(-found.low, 10);
});

test('equal values have an interval of no width', () => {
  const found = bootstrap([0.1, 0.1, 0.1], mean, { random: new Random(0, 'bootstrap'), resamples: 50 });
  expect(found.low).toBe(found.estimate);
  expect(found.high).toBe(found.estimate);
  expect(found).toMatchObject({ bias: 0, acceleration: 0, percentile: { low: found.low, high: found.low } });
});

test('two values and a statistic below all of its resamples still give finite ends in order', () => {
  for (const statistic of [mean, (values: Float64Array) => Math.max(...values)]) {
    const { low, high } = bootstrap([0, 1], statistic, { random: new Random(0, 'bootstrap'), resamples: 99 });
    expect(low).toBeLessThanOrEqual(high);
    expect([0, 0.5, 1]).toContain(low);
  }
});

test('too few values, NaN, a statistic without a value and wrong settings are refused', () => {
  const random = new Random(0, 'bootstrap');
  expect(() => bootstrap([1], mean, { random })).toThrow(/at least 2 values/);
  expect(() => bootstrap([1, NaN], mean, { random })).toThrow(/finite/);
  expect(() => bootstrap([1, 2], () => NaN, { random })).toThrow(/statistic of a bootstrap/);
  expect(() => bootstrap([1, 2], mean, { random, resamples: 1 })).toThrow(/whole number >= 2/);
  expect(() => bootstrap([1, 2], mean, { random, confidence: 1 })).toThrow(/confidence/);
});
