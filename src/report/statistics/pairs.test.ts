import { expect, test } from 'vitest';
import { madeUpResults } from '../../study/fixtures/madeUp.ts';
import { pairStatistics } from './pairs.ts';

/** Of accuracy, ReLU's minus Tanh's by seed. */
const statisticsOf = (differences: readonly number[]) =>
  pairStatistics(
    madeUpResults({
      configuration: { seeds: differences.map((_, k) => k + 1) },
      trial: (arm, k) => ({ testAccuracy: 0.97 + (arm === 'relu' ? differences[k] : 0) }),
    }),
  )[0];

test('differences that are all the same have no effect size, no equivalence and a p of 1', () => {
  for (const by of [0.004, 0]) {
    const { verdict, effect, equivalence, summary } = statisticsOf(new Array<number>(5).fill(by));
    expect({ verdict, effect, equivalence, p: summary.spread?.p }).toEqual({
      verdict: 'undecided',
      effect: null,
      equivalence: null,
      p: 1,
    });
  }
});

// SciPy 1.17: 2 * t.sf(14.905, 4); Hedges' correction of g for 4 degrees: 6.6656 · (1 − 3/15).
test('differences that vary have both: p 1.18e-4, and an effect g of 5.33, to two decimals', () => {
  const { verdict, effect, equivalence, summary } = statisticsOf([0.003, 0.004, 0.0035, 0.0045, 0.004]);
  expect(verdict).toBe('first');
  expect(summary.spread?.p).toBeCloseTo(1.18e-4, 6);
  expect(effect?.gz).toBeCloseTo((0.0038 / 5.7009e-4) * (1 - 3 / 15), 1);
  expect(equivalence?.verdict).toBe('above');
});
