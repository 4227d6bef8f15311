import { requireNumber, requireNumbers } from '../util/options.ts';
import { moments } from './moments.ts';
import { requireShare } from './requirements.ts';
import { placeAgainstRope, type RopeVerdict } from './rope.ts';
import { tTest } from './tTest.ts';

export interface Equivalence {
  readonly difference: number;
  /** Of the hypothesis that the true difference is outside the region: the larger of the next two. */
  readonly p: number;
  readonly pAboveLower: number;
  readonly pBelowUpper: number;
  /** The interval at confidence 1 − 2α: 90 % for α = .05. */
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  /** `equivalent` exactly when p < α; `above` and `below` when the interval clears the region. */
  readonly verdict: RopeVerdict;
}

/**
 * Two one-sided t-tests (Schuirmann 1987) of paired differences against the region −rope … rope, each at level
 * `alpha`: t = (d̄ ± rope)/(s/√n), n − 1 degrees of freedom; equivalent when both reject, that is when the 1 − 2α
 * interval lies inside. Equal differences have an interval of no width. Throws E_ARGUMENT for fewer than two
 * differences, one that is not finite, a rope below 0 or an alpha not between 0 and ½.
 */
export function tost(differences: ArrayLike<number>, rope: number, alpha = 0.05): Equivalence {
  requireNumbers('tost: differences', differences);
  requireNumber('tost: rope', rope);
  requireNumber('tost: alpha', alpha);
  requireShare(2 * alpha, 'Twice the alpha of an equivalence test');
  const { n, mean, standardError } = moments(differences, 'An equivalence test');
  const confidence = 1 - 2 * alpha;
  const { low, high } = tTest(mean, standardError, n - 1, { confidence });
  const verdict = placeAgainstRope({ low, high }, rope);
  const pAboveLower = tTest(mean + rope, standardError, n - 1, { alternative: 'greater' }).p;
  const pBelowUpper = tTest(mean - rope, standardError, n - 1, { alternative: 'less' }).p;
  return {
    difference: mean,
    p: Math.max(pAboveLower, pBelowUpper),
    pAboveLower,
    pBelowUpper,
    low,
    high,
    confidence,
    verdict,
  };
}
