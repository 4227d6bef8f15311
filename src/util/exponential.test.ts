import { expect, test } from 'vitest';
import { exponential } from './exponential.ts';
import { naturalLogarithm } from './logarithm.ts';

test('exponential: on 14,001 points of [-700, 700] within 1e-15 + |x| · 2e-16 of the host, relative; exact at 0', () => {
  expect(exponential(0)).toBe(1);
  for (let n = -7000; n <= 7000; n++) {
    const x = n / 10 + (n % 7) / 1000;
    if (Math.abs(x) > 700) continue;
    const expected = Math.exp(x);
    expect(Math.abs(exponential(x) - expected) / expected).toBeLessThan(1e-15 + Math.abs(x) * 2e-16);
  }
});

test('exponential undoes naturalLogarithm within 2e-15, relative', () => {
  for (const x of [1e-5, 0.001, 0.5, 1, 2, 784, 65_536]) {
    expect(Math.abs(exponential(naturalLogarithm(x)) - x) / x).toBeLessThan(2e-15);
  }
});

/** Of mpmath with 40 digits: x is the float64 nearest to what is written. */
const EXACT: readonly (readonly [x: number, value: number])[] = [
  [-708.3, 2.450295530965988e-308],
  [-700, 9.85967654375977e-305],
  [-100.125, 3.2829555262177533e-44],
  [-20.7, 1.0235385977594162e-9],
  [-1, 0.36787944117144233],
  [-0.34657, 0.7071093199024199],
  [-1e-9, 0.999999999],
  [1e-12, 1.000000000001],
  [0.3, 1.3498588075760032],
  [0.34658, 1.41422262711514],
  [0.7, 2.0137527074704766],
  [1, 2.718281828459045],
  [10.5, 36315.502674246636],
  [88, 1.6516362549940018e38],
  [300.7, 3.911566412479153e130],
  [709.5, 1.3549863193146328e308],
];

test.each(EXACT)('exp(%d) has relative error below 1e-15', (x, value) => {
  expect(Math.abs(exponential(x) / value - 1)).toBeLessThan(1e-15);
});

test('exp is exact at 0 and saturates beyond float64', () => {
  expect([0, -0, -746, -Infinity, 710, Infinity].map(exponential)).toEqual([1, 1, 0, 0, Infinity, Infinity]);
  expect(exponential(NaN)).toBeNaN();
  expect(exponential(-745)).toBe(5e-324);
});
