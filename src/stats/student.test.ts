import { expect, test } from 'vitest';
import fixture from './fixtures/stats.json' with { type: 'json' };
import { studentCdf, studentInterval, studentQuantile } from './student.ts';

test.each(fixture.studentQuantile)(
  'studentQuantile($p, $df) has relative error below 2e-12',
  ({ p, df, t }) => {
    expect(Math.abs(studentQuantile(p, df) - t)).toBeLessThanOrEqual(2e-12 * Math.abs(t) + 1e-15);
  },
);

test.each(fixture.studentCdf)('studentCdf($t, $df) has relative error below 1e-11', ({ t, df, p }) => {
  expect(Math.abs(studentCdf(t, df) - p)).toBeLessThanOrEqual(1e-11 * p);
});

test('one degree of freedom is the Cauchy distribution: t = tan(π(p − ½)) within 1e-13', () => {
  for (const p of [0.51, 0.6, 0.75, 0.9, 0.99]) {
    expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5)) - 1).toBeCloseTo(0, 13);
  }
});

test('the ends of the distribution are infinite, its middle exactly 0, and its halves mirror images', () => {
  expect(studentQuantile(0, 4)).toBe(-Infinity);
  expect(studentQuantile(1, 4)).toBe(Infinity);
  expect(studentQuantile(0.5, 4)).toBe(0);
  expect(studentQuantile(0.25, 3)).toBe(-studentQuantile(0.75, 3));
  expect(studentCdf(0, 3)).toBe(0.5);
  expect(studentCdf(Infinity, 3)).toBe(1);
  expect(studentCdf(-Infinity, 3)).toBe(0);
});

test.each(fixture.samples)(
  'Student intervals of $values agree with SciPy within 1e-12 of their width',
  (sample) => {
    for (const { confidence, low, high } of sample.intervals) {
      const found = studentInterval(sample.values, confidence);
      const tolerance = 1e-12 * (high - low) + 2 * Number.EPSILON * Math.abs(sample.mean);
      expect(Math.abs(found.low - low)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(found.high - high)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(found.mean - sample.mean)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(found.sd - sample.sd)).toBeLessThanOrEqual(tolerance);
    }
  },
);

test('the confidence of an interval is 0.95 unless stated', () => {
  expect(studentInterval([1, 2, 4])).toEqual(studentInterval([1, 2, 4], 0.95));
});

test('equal values have an interval of no width', () => {
  expect(studentInterval([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, sd: 0, low: 0.5, high: 0.5 });
});

test('too few values, wrong confidences, probabilities and degrees of freedom are refused', () => {
  expect(() => studentInterval([0.97])).toThrow(/at least 2 values, received 1/);
  for (const confidence of [0, 1, 95, NaN])
    expect(() => studentInterval([1, 2], confidence)).toThrow(/confidence/);
  for (const p of [-0.1, 1.1, NaN]) expect(() => studentQuantile(p, 3)).toThrow(/p from 0 to 1/);
  for (const df of [0, -1, NaN, Infinity])
    expect(() => studentQuantile(0.9, df)).toThrow(/Degrees of freedom/);
  expect(() => studentCdf(NaN, 3)).toThrow(/NaN/);
});
