import { expect, test } from 'vitest';
import { chiSquareCdf, chiSquareQuantile, sdInterval } from './chiSquare.ts';
import fixture from './fixtures/maxT.json' with { type: 'json' };

test.each(fixture.chiSquare)(
  'the $p quantile of χ² with $degrees degrees is SciPy’s, to 1e-9 of itself',
  ({ p, degrees, quantile }) => {
    expect(Math.abs(chiSquareQuantile(p, degrees) / quantile - 1)).toBeLessThan(1e-9);
    expect(chiSquareCdf(quantile, degrees)).toBeCloseTo(p, 9);
  },
);

// χ² of 29 degrees: 16.0471 and 45.7223 in any table; √(29/45.7223) = .7964, √(29/16.0471) = 1.3443
test('the interval of a standard deviation of 30 values is .796 to 1.344 of it, to .001', () => {
  const { low, high } = sdInterval(2, 30);
  expect(low).toBeCloseTo(2 * 0.7964, 3);
  expect(high).toBeCloseTo(2 * 1.3443, 3);
});

test('below zero there is nothing; no degrees and shares out of range are refused', () => {
  expect(chiSquareCdf(-1, 3)).toBe(0);
  expect(() => chiSquareCdf(1, 0)).toThrow(/degrees of freedom above 0/);
  expect(() => chiSquareQuantile(1, 3)).toThrow(/between 0 and 1/);
  expect(() => sdInterval(1, 1)).toThrow(/n: expected/);
});
