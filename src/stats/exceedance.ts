import { DactylError } from '../util/errors.ts';
import { logBeta } from './logBeta.ts';
import { requireCount } from './requirements.ts';

/** Two samples: how many values of the first lie above all but the `allowed` highest of the second. */
export interface Exceedance {
  readonly above: number;
  readonly first: number;
  readonly second: number;
  readonly allowed: number;
}

/**
 * The exceedance test (Epstein 1954): the chance, where all values are drawn alike, that at least so many of the first sample lie above the
 * threshold, the (k + 1)th highest of the second, with k `allowed` above it. That is so where of the `above` + k highest of all at most k are
 * of the second sample, so p is the lower tail of a hypergeometric number, exact for any sizes; where values are equal it is too large.
 * Throws E_ARGUMENT unless 0 ≤ above ≤ first, 0 ≤ allowed < second, first ≥ 1, whole.
 */
export function exceedanceP({ above, first, second, allowed }: Exceedance): number {
  requireCount(first, 1, 'An exceedance test, first');
  requireCount(second, 1, 'An exceedance test, second');
  requireCount(above, 0, 'An exceedance test, above');
  requireCount(allowed, 0, 'An exceedance test, allowed');
  if (above > first || allowed >= second) {
    throw new DactylError(
      'E_ARGUMENT',
      `An exceedance test: expected above <= first and allowed < second, received ${above} of ${first} and ${allowed} of ${second}.`,
    );
  }
  const drawn = above + allowed;
  const all = logChoose(first + second, drawn);
  let p = 0;
  for (let j = Math.max(0, drawn - first); j <= allowed; j++) {
    p += Math.exp(logChoose(second, j) + logChoose(first, drawn - j) - all);
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return -Math.log(n + 1) - logBeta(k + 1, n - k + 1);
}
