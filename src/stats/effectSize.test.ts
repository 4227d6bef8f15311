import { expect, test } from 'vitest';
import { effectSize, hedgesCorrection } from './effectSize.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };

test.each(fixture.effectSize)(
  'd_z and g_z of $differences agree with the formulas within 1e-12, the interval with a root finder within 1e-8',
  ({ differences, dz, gz, low, high }) => {
    const found = effectSize(differences);
    expect(found.dz).toBeCloseTo(dz, 12);
    expect(found.gz).toBeCloseTo(gz, 12);
    expect(found.low).toBeCloseTo(low, 8);
    expect(found.high).toBeCloseTo(high, 8);
  },
);

test('J(2) = 1/√π·√1, J(4) = √(2/π): worked by hand from Γ(½) = √π within 1e-14', () => {
  expect(hedgesCorrection(2)).toBeCloseTo(1 / Math.sqrt(Math.PI), 14);
  expect(hedgesCorrection(4)).toBeCloseTo(Math.sqrt(2 / Math.PI), 14);
  expect(hedgesCorrection(1)).toBe(0);
  expect(hedgesCorrection(1e6)).toBeCloseTo(1 - 0.75e-6, 9);
});

test('equal differences have an infinite effect, none at all an effect of 0', () => {
  expect(effectSize([-0.1, -0.1])).toEqual({ dz: -Infinity, gz: -Infinity, low: -Infinity, high: -Infinity });
  const none = effectSize([0, 0, 0, 0]);
  expect([none.dz, none.gz]).toEqual([0, 0]);
  expect(none.low).toBeCloseTo(-none.high, 8);
});

test('too few differences, NaN and wrong confidences are refused', () => {
  expect(() => effectSize([1])).toThrow(/at least 2/);
  expect(() => effectSize([1, NaN])).toThrow(/finite/);
  expect(() => effectSize([1, 2], 1)).toThrow(/confidence/);
});
