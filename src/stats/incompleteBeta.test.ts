import { expect, test } from 'vitest';
import fixture from './fixtures/stats.json' with { type: 'json' };
import { incompleteBeta, inverseIncompleteBeta } from './incompleteBeta.ts';
import { logBeta, logGamma } from './logBeta.ts';

test.each(fixture.incompleteBeta)('I_$x($a, $b) has relative error below 1e-12', ({ a, b, x, value }) => {
  expect(Math.abs(incompleteBeta(a, b, x) - value)).toBeLessThanOrEqual(1e-12 * value);
});

test.each(fixture.logBeta)('ln B($a, $b) has error below 1e-14 of its terms', ({ a, b, value }) => {
  expect(Math.abs(logBeta(a, b) - value)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(value)));
  expect(logBeta(b, a)).toBe(logBeta(a, b));
});

test('Γ(n + 1) is n! and Γ(½) is √π within 1e-14', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    factorial *= n;
    expect(Math.exp(logGamma(n + 1) - Math.log(factorial)) - 1).toBeCloseTo(0, 13);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
});

test('closed forms: I_x(1, b) = 1 − (1 − x)^b and I_x(a, 1) = x^a within 1e-14', () => {
  for (const x of [0, 0.1, 0.5, 0.9, 1]) {
    expect(incompleteBeta(1, 3, x)).toBeCloseTo(1 - (1 - x) * (1 - x) * (1 - x), 14);
    expect(incompleteBeta(4, 1, x)).toBeCloseTo(x * x * x * x, 14);
  }
});

test('the inverse undoes the function within 1e-12', () => {
  for (const [a, b] of [
    [1, 10],
    [0.5, 3],
    [971, 10],
    [29050, 30951],
  ]) {
    for (const p of [1e-6, 0.025, 0.5, 0.975]) {
      expect(incompleteBeta(a, b, inverseIncompleteBeta(a, b, p)) / p - 1).toBeCloseTo(0, 11);
    }
  }
  expect(inverseIncompleteBeta(2, 3, 0)).toBe(0);
  expect(inverseIncompleteBeta(2, 3, 1)).toBe(1);
});

test('arguments outside the domain are refused', () => {
  expect(() => incompleteBeta(0, 1, 0.5)).toThrow(/a > 0, b > 0/);
  expect(() => incompleteBeta(1, NaN, 0.5)).toThrow(/b NaN/);
  expect(() => incompleteBeta(1, 1, 1.5)).toThrow(/x 1.5/);
  expect(() => inverseIncompleteBeta(1, 1, -0.1)).toThrow(/0 <= p <= 1/);
});
