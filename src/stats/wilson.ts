import { DactylError } from '../util/errors.ts';
import { requireNumber } from '../util/options.ts';
import { normalQuantile } from './normal.ts';
import { requireConfidence, requireCount } from './requirements.ts';

/**
 * Wilson's score interval (1927) of a share of which `successes` of `n` were seen, p̂ = successes/n, z the normal
 * quantile: (p̂ + z²/2n ± z·√(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n). Close to its confidence on average, where
 * Clopper–Pearson's is at least that. Half successes are allowed, for ties counted half. Throws E_ARGUMENT unless 0 ≤
 * successes ≤ n, n ≥ 1 whole.
 */
export function wilson(successes: number, n: number, confidence = 0.95): { low: number; high: number } {
  requireNumber('wilson: successes', successes);
  requireNumber('wilson: n', n);
  requireNumber('wilson: confidence', confidence);
  requireCount(n, 1, 'A Wilson interval, n');
  requireConfidence(confidence);
  if (!(successes >= 0 && successes <= n)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A Wilson interval: expected 0 <= successes <= n, received ${successes} of ${n}.`,
    );
  }
  const z = -normalQuantile((1 - confidence) / 2);
  const failures = n - successes;
  const root = z * Math.sqrt((successes * failures) / n + (z * z) / 4);
  const total = n + z * z;
  // Each end from the sum, not the difference, of its terms: no cancellation near 0 and 1.
  const upper = (successes + (z * z) / 2 + root) / total;
  const lower = (failures + (z * z) / 2 + root) / total;
  return {
    low: successes === 0 ? 0 : (successes * successes) / n / total / upper,
    high: failures === 0 ? 1 : 1 - (failures * failures) / n / total / lower,
  };
}
