import { DactylError } from '../util/errors.ts';
import { requireNumber } from '../util/options.ts';
import { incompleteBeta, inverseIncompleteBeta } from './incompleteBeta.ts';
import { logBeta } from './logBeta.ts';

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
  requireNumber('clopperPearson: successes', successes);
  requireNumber('clopperPearson: n', n);
  requireNumber('clopperPearson: confidence', confidence);
  requireSuccesses(successes, n);
  if (!(confidence > 0 && confidence < 1)) {
    throw new DactylError(
      'E_ARGUMENT',
      `The confidence of an interval: expected a number between 0 and 1, received ${confidence}.`,
    );
  }
  return betaInterval(successes, n, confidence);
}

/** `clopperPearson` of counts that need not be whole, such as those that clustered events are worth. */
export function betaInterval(
  successes: number,
  n: number,
  confidence: number,
): { low: number; high: number } {
  const tail = (1 - confidence) / 2;
  const failures = n - successes;
  return {
    low: successes === 0 ? 0 : inverseIncompleteBeta(successes, failures + 1, tail),
    high: failures === 0 ? 1 : 1 - inverseIncompleteBeta(failures, successes + 1, tail),
  };
}

/**
 * The two-sided p of a share of ½ where `successes` of `n` were seen: twice the smaller tail, at most 1, so that it is below 1 − confidence
 * where `clopperPearson` leaves ½ out. With `sequential` it may be looked at after every one of the n: the inverse of the ratio
 * 2ⁿ·B(k + 1, n − k + 1) of a uniform share's likelihood to that of ½, at most 1, a martingale under ½ (Ville). Throws as `clopperPearson`.
 */
export function signTestP(successes: number, n: number, { sequential = false } = {}): number {
  requireSuccesses(successes, n);
  const [k, rest] = [Math.min(successes, n - successes), Math.max(successes, n - successes)];
  if (sequential) return Math.min(1, Math.exp(-n * Math.LN2 - logBeta(k + 1, rest + 1)));
  // P(X ≤ k) = I_½(n − k, k + 1)
  return Math.min(1, 2 * incompleteBeta(rest, k + 1, 0.5, 0.5));
}

function requireSuccesses(successes: number, n: number): void {
  if (Number.isInteger(successes) && Number.isInteger(n) && n >= 1 && successes >= 0 && successes <= n)
    return;
  throw new DactylError(
    'E_ARGUMENT',
    `A binomial interval: expected whole numbers 0 <= successes <= n with n >= 1, received ${successes} of ${n}.`,
  );
}
