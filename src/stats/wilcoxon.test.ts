import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { midranks } from './midranks.ts';
import type { Alternative } from './tTest.ts';
import { wilcoxon } from './wilcoxon.ts';

test.each(fixture.wilcoxon)(
  'the signed-rank test of $differences agrees within 1e-12 with SciPy, or with every sign of tied ranks',
  ({ differences, statistic, n, ties, p }) => {
    for (const alternative of ['two-sided', 'greater', 'less'] satisfies Alternative[]) {
      const found = wilcoxon(differences, alternative);
      expect(found).toMatchObject({ statistic, n, ties, zeros: differences.length - n, exact: n <= 50 });
      expect(found.p / p[alternative] - 1).toBeCloseTo(0, 12);
    }
  },
);

test('sizes that are equal but for rounding share a rank', () => {
  const found = wilcoxon([0.9765 - 0.9732, -(0.9762 - 0.9729), 1]);
  expect(found).toMatchObject({ statistic: 4.5, ties: true });
});

test('differences all 0 give p = 1; a single one gives 1 two-sided and ½ one-sided', () => {
  expect(wilcoxon([0, 0])).toEqual({ statistic: 0, n: 0, zeros: 2, ties: false, p: 1, exact: true });
  expect(wilcoxon([2]).p).toBe(1);
  expect(wilcoxon([2], 'greater').p).toBe(0.5);
  expect(wilcoxon([2], 'less').p).toBe(1);
});

test('60 equal differences are beyond the exact table and still have p in (0, 1]', () => {
  const { p, exact } = wilcoxon(new Array<number>(60).fill(0.1));
  expect(exact).toBe(false);
  expect(p).toBeGreaterThan(0);
  expect(p).toBeLessThan(1e-10);
});

test('property: swapping the arms mirrors W⁺ and keeps p in (0, 1]', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 }), (differences) => {
      const found = wilcoxon(differences);
      const swapped = wilcoxon(differences.map((d) => -d));
      expect(found.statistic + swapped.statistic).toBe((found.n * (found.n + 1)) / 2);
      expect(swapped.p).toBe(found.p);
      expect(found.p).toBeGreaterThan(0);
      expect(found.p).toBeLessThanOrEqual(1);
    }),
  );
});

test('midranks share the mean place of a tie: 10, 20, 20, 30 have 1, 2.5, 2.5, 4 and a tie term of 6', () => {
  expect(midranks([20, 30, 10, 20])).toEqual({ ranks: Float64Array.of(2.5, 4, 1, 2.5), tieTerm: 6 });
  expect(midranks([])).toEqual({ ranks: new Float64Array(0), tieTerm: 0 });
});

test('empty samples and NaN are refused', () => {
  expect(() => wilcoxon([])).toThrow(/at least 1 value/);
  expect(() => wilcoxon([1, NaN])).toThrow(/finite/);
});
