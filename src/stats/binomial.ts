import { DactylError } from '../util/errors.ts';
import { inverseIncompleteBeta } from './incompleteBeta.ts';

/**
 * The interval of Clopper & Pearson 1934 for a share of which `successes` out of `n` were seen: it covers the true share
 * with at least the stated confidence. With α = 1 − confidence, low is the α/2 quantile of Beta(k, n − k + 1) and high
 * the 1 − α/2 quantile of Beta(k + 1, n − k); low is 0 for k = 0, high is 1 for k = n. Throws E_ARGUMENT unless
 * 0 ≤ k ≤ n are whole, n ≥ 1, and 0 < confidence < 1.
 */
export function clopperPearson(
  successes: number,
  n: number,
  confidence = 0.95,
): { low: number; high: number } {
  if (!(Number.isInteger(successes) && Number.isInteger(n) && n >= 1 && successes >= 0 && successes <= n)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A binomial interval: expected whole numbers 0 <= successes <= n with n >= 1, received ${successes} of ${n}.`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `The confidence of an interval: expected a number between 0 and 1, received ${confidence}.`,
    );
  }
  const tail = (1 - confidence) / 2;
  const failures = n - successes;
  return {
    low: successes === 0 ? 0 : inverseIncompleteBeta(successes, failures + 1, tail),
    high: failures === 0 ? 1 : 1 - inverseIncompleteBeta(failures, successes + 1, tail),
  };
}
