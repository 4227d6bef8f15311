import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { integrate } from './gaussLegendre.ts';
import { expectOverSpread, noncentralTCdf } from './noncentralT.ts';
import { studentCdf } from './student.ts';

test.each(fixture.noncentralT)(
  'P(T ≤ $t; $df, $delta) is within 1e-11 of its series',
  ({ t, df, delta, p }) => {
    expect(Math.abs(noncentralTCdf(t, df, delta) - p)).toBeLessThan(1e-11);
  },
);

test('without noncentrality it is Student’s within 1e-11', () => {
  for (const df of [1, 3, 29, 1e5]) {
    for (const t of [-4, -0.3, 1.7])
      expect(Math.abs(noncentralTCdf(t, df, 0) - studentCdf(t, df))).toBeLessThan(1e-11);
  }
});

test('E U² = 1 and E 1 = 1 within 1e-13; with a kink the half below the median of U is ½', () => {
  for (const df of [1, 2, 7.5, 400, 1e6]) {
    expect(expectOverSpread(df, (u) => u * u)).toBeCloseTo(1, 13);
    expect(expectOverSpread(df, () => 1)).toBeCloseTo(1, 13);
  }
  // One degree of freedom: U is |Z|, whose median is the upper quartile of Z.
  expect(expectOverSpread(1, () => 1, 0.6744897501960817)).toBeCloseTo(0.5, 12);
  expect(expectOverSpread(30, () => 1, 1e-30)).toBe(0);
});

test('16 points integrate x³⁰ over [−1, 1] exactly: 2/31 within 1e-15', () => {
  expect(integrate((x) => Math.pow(x, 30), -1, 1, 1)).toBeCloseTo(2 / 31, 15);
  expect(integrate(Math.exp, 0, 2, 3)).toBeCloseTo(Math.exp(2) - 1, 14);
});

test('NaN and degrees of freedom not above 0 are refused', () => {
  expect(() => noncentralTCdf(NaN, 3, 0)).toThrow(/NaN/);
  for (const df of [0, -1, NaN, Infinity]) expect(() => noncentralTCdf(1, df, 0)).toThrow(/above 0/);
});
