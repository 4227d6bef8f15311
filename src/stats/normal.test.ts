import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { normalCdf, normalDensity, normalQuantile } from './normal.ts';

test.each(fixture.normal.cdf)('normalCdf($x) has relative error below 1e-14', ({ x, p }) => {
  expect(Math.abs(normalCdf(x) - p)).toBeLessThanOrEqual(1e-14 * p);
});

test.each(fixture.normal.quantile)('normalQuantile($p) has relative error below 1e-13', ({ p, x }) => {
  expect(Math.abs(normalQuantile(p) - x)).toBeLessThanOrEqual(1e-13 * Math.abs(x));
});

test('the density at 0 is 1/√(2π), and e^(−50) times that at ±10, within 1e-14', () => {
  expect(normalDensity(0)).toBe(0.3989422804014327);
  for (const x of [-10, 10])
    expect(normalDensity(x) / (Math.exp(-50) * normalDensity(0)) - 1).toBeCloseTo(0, 14);
  expect([normalDensity(-Infinity), normalDensity(1e200), normalDensity(NaN)]).toEqual([0, 0, NaN]);
});

test('the halves are mirror images and the ends exact', () => {
  expect([normalCdf(-Infinity), normalCdf(0), normalCdf(Infinity)]).toEqual([0, 0.5, 1]);
  expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  expect(normalQuantile(0.25)).toBe(-normalQuantile(0.75));
  expect(normalCdf(-45)).toBe(0);
});

test('the quantile undoes the distribution function within 1e-12', () => {
  fc.assert(
    fc.property(fc.double({ min: -35, max: 5, noNaN: true }), (x) => {
      expect(Math.abs(normalQuantile(normalCdf(x)) - x)).toBeLessThan(x < 2 ? 1e-12 : 1e-9);
    }),
  );
});

test('NaN and probabilities outside [0, 1] are refused', () => {
  expect(() => normalCdf(NaN)).toThrow(/NaN/);
  for (const p of [-0.1, 1.1, NaN]) expect(() => normalQuantile(p)).toThrow(/p from 0 to 1/);
});
