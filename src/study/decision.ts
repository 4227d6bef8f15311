import { mean } from '../stats/describe.ts';
import { studentInterval } from '../stats/student.ts';

export const STATES = [
  'supported',
  'contradicted',
  'undecided',
  'equivalent',
  'not measured',
  'not applicable',
] as const;

export type State = (typeof STATES)[number];

/** Region of practical equivalence for accuracies: ±0.1 percentage points, as a share. */
export const ROPE = 0.001;

/** Paired differences over seeds: mean, and from two seeds on the standard deviation and the 95 % Student interval. */
export interface PairedSummary {
  readonly n: number;
  readonly mean: number;
  readonly spread: { readonly sd: number; readonly low: number; readonly high: number } | null;
}

export function summarise(differences: readonly number[]): PairedSummary {
  if (differences.length < 2) return { n: differences.length, mean: mean(differences), spread: null };
  const { mean: centre, sd, low, high } = studentInterval(differences);
  return { n: differences.length, mean: centre, spread: { sd, low, high } };
}

/**
 * Decides 'the mean difference is positive' by the 95 % interval: inside [−rope, rope]: equivalent; else above zero:
 * supported; below zero: contradicted; anything else, and a single seed: undecided.
 */
export function decide(
  summary: PairedSummary,
  rope?: number,
): 'supported' | 'contradicted' | 'undecided' | 'equivalent' {
  if (summary.spread === null) return 'undecided';
  const { low, high } = summary.spread;
  if (rope !== undefined && low >= -rope && high <= rope) return 'equivalent';
  if (low > 0) return 'supported';
  if (high < 0) return 'contradicted';
  return 'undecided';
}

/** Quantiles .975 and .80 of the standard normal distribution. */
const Z_975 = 1.959964;
const Z_80 = 0.8416212;

/**
 * Pairs of runs after which a true mean difference of `difference` is found with 80 % power at the two-sided 5 % level:
 * n = (z₀.₉₇₅ + z₀.₈₀)² · (sd / difference)² + z₀.₉₇₅² / 2, rounded up: the normal approximation with Guenther's correction
 * for Student's t (The American Statistician 35, 1981), at most one below the exact number.
 */
export function seedsNeeded(sd: number, difference: number): number {
  const ratio = ((Z_975 + Z_80) * sd) / difference;
  return Math.ceil(ratio * ratio + (Z_975 * Z_975) / 2);
}
