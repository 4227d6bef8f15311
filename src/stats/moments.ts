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
