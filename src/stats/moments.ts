import { mean, standardDeviation } from './describe.ts';
import { requireSample } from './requirements.ts';

/** Size, mean, standard deviation (n − 1) and standard error s/√n of a sample. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly standardError: number;
}

/**
 * The moments of at least two finite values. Equal values have a standard deviation of exactly 0, which rounding in
 * their sum would otherwise hide. Throws E_ARGUMENT below two values and for a number that is not finite.
 */
export function moments(values: ArrayLike<number>, what: string): Moments {
  requireSample(values, 2, what);
  const n = values.length;
  let equal = true;
  for (let i = 1; i < n; i++) equal &&= values[i] === values[0];
  if (equal) return { n, mean: values[0], sd: 0, standardError: 0 };
  const sd = standardDeviation(values);
  return { n, mean: mean(values), sd, standardError: sd / Math.sqrt(n) };
}

/** Of values that are equal in truth and differences of others: what rounding may make of them, as a share of their size. */
const ROUNDING = 1e-9;

/** Whether values differ from each other by more than rounding. */
export function haveSpread(values: readonly number[]): boolean {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return most - least > ROUNDING * Math.max(Math.abs(least), Math.abs(most));
}
