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
    const { verdict, effect, equivalence, summary } = statisticsOf(new Array<number>(6).fill(by));
    expect({ verdict, effect, equivalence, p: summary.spread?.p }).toEqual({
      verdict: 'undecided',
      effect: null,
      equivalence: null,
      p: 1,
    });
  }
});

// SciPy 1.17: 2 * t.sf(18.2546, 5) = 9.0694e-6; Hedges' exact correction of g for 5 degrees: 7.452413 · Γ(5/2) / (√(5/2) · Γ(2)) = 6.265607.
test('differences that vary have both: p 9.0694e-6 to 1e-9, and an effect g of 6.2656 to four decimals', () => {
  const { verdict, effect, equivalence, summary } = statisticsOf([
    0.003, 0.004, 0.0035, 0.0045, 0.004, 0.0038,
  ]);
  expect(verdict).toBe('first');
  expect(summary.spread?.p).toBeCloseTo(9.0694e-6, 9);
  expect(effect?.gz).toBeCloseTo(6.26561, 4);
  expect(equivalence?.verdict).toBe('above');
});
