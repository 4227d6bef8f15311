import { expect, test } from 'vitest';
import { fUpperTail } from './fDistribution.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };

test.each(fixture.fDistribution)(
  'P(F > $f) for $d1 and $d2 has relative error below 1e-11',
  ({ f, d1, d2, p }) => {
    expect(Math.abs(fUpperTail(f, d1, d2) - p)).toBeLessThanOrEqual(1e-11 * p);
  },
);

test('the table value F(10, 5) at .05 is 4.735 within 1e-5 of the level', () => {
  expect(Math.abs(fUpperTail(4.735, 10, 5) - 0.05)).toBeLessThan(1e-5);
});

test('the ends are exact, and what is outside the domain is refused', () => {
  expect([fUpperTail(0, 3, 4), fUpperTail(Infinity, 3, 4), fUpperTail(1e308, 30, 4)]).toEqual([1, 0, 0]);
  for (const [f, d1, d2] of [
    [-1, 2, 2],
    [NaN, 2, 2],
    [1, 0, 2],
    [1, 2, Infinity],
  ]) {
    expect(() => fUpperTail(f, d1, d2)).toThrow(/degrees of freedom above 0/);
  }
});
