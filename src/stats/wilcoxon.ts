import { requireNumbers, requireText } from '../util/options.ts';
import { midranks } from './midranks.ts';
import { normalCdf } from './normal.ts';
import { requireSample } from './requirements.ts';
import type { Alternative } from './tTest.ts';

/** Up to so many differences other than 0 the distribution is exact. */
const EXACT_TO = 50;
/** Sizes closer than this, in units of the largest, are tied: rounding in a − b must not order what is equal. */
const TIE = 1e-10;

export interface Wilcoxon {
  /** W⁺, the sum of the ranks of positive differences; W⁺ + W⁻ = n(n + 1)/2. */
  readonly statistic: number;
  /** Differences other than 0, which alone are ranked. */
  readonly n: number;
  readonly zeros: number;
  readonly ties: boolean;
  readonly p: number;
  readonly exact: boolean;
}

/**
 * Wilcoxon's signed-rank test (1945) of differences symmetric about 0. Zeros are dropped (Wilcoxon's rule, SciPy's
 * default), ties share their ranks. Up to 50 other differences p is exact: over all 2ⁿ signs of the ranks at hand,
 * tied ones included (the usual table where there are none). Beyond that, the normal approximation with mean n(n +
 * 1)/4, variance n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48 for groups of t ties, and a continuity correction of ½. Two-sided
 * p doubles the smaller tail. Differences all 0 give p = 1. Throws E_ARGUMENT for an empty sample or a number that is
 * not finite.
 */
export function wilcoxon(differences: ArrayLike<number>, alternative: Alternative = 'two-sided'): Wilcoxon {
  requireNumbers('wilcoxon: differences', differences);
  requireText('wilcoxon: alternative', alternative);
  requireSample(differences, 1, 'A signed-rank test');
  const values = Float64Array.from(differences).filter((value) => value !== 0);
  const sizes = values.map(Math.abs);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const { ranks, tieTerm } = midranks(sizes, TIE * largest);
  const n = values.length;
  let statistic = 0;
  for (let i = 0; i < n; i++) if (values[i] > 0) statistic += ranks[i];
  const exact = n <= EXACT_TO;
  const mirrored = (n * (n + 1)) / 2 - statistic;
  const upper = exact ? exactTail(ranks, statistic) : normalTail(n, tieTerm, statistic);
  const lower = exact ? exactTail(ranks, mirrored) : normalTail(n, tieTerm, mirrored);
  const ps: Record<Alternative, number> = {
    'two-sided': Math.min(1, 2 * Math.min(upper, lower)),
    greater: upper,
    less: lower,
  };
  return { statistic, n, zeros: differences.length - n, ties: tieTerm > 0, p: ps[alternative], exact };
}

/** P(W⁺ ≥ w): the number of sign patterns for each sum, counted rank by rank in half ranks. */
function exactTail(ranks: Float64Array, w: number): number {
  const counts = new Float64Array(ranks.length * (ranks.length + 1) + 1);
  counts[0] = 1;
  let reach = 0;
  for (const rank of ranks) {
    const step = 2 * rank;
    reach += step;
    for (let sum = reach; sum >= step; sum--) counts[sum] += counts[sum - step];
  }
  let tail = 0;
  for (let sum = 2 * w; sum <= reach; sum++) tail += counts[sum];
  return tail / 2 ** ranks.length;
}

/** P(W⁺ ≥ w), approximately. */
function normalTail(n: number, tieTerm: number, w: number): number {
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48;
  return normalCdf(((n * (n + 1)) / 4 + 0.5 - w) / Math.sqrt(variance));
}
