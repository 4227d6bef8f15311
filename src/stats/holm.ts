import { DactylError } from '../util/errors.ts';
import { requireNumbers } from '../util/options.ts';

/**
 * Holm's step-down adjustment (1979) of a family of m p-values, in the order given: with p₍₁₎ ≤ … ≤ p₍ₘ₎ the adjusted
 * p₍ᵢ₎ = min(1, max over j ≤ i of (m − j + 1)·p₍ⱼ₎). Rejecting what is at most α then errs anywhere in the family
 * with probability at most α, whatever the dependence. An empty family gives []. Throws E_ARGUMENT for a p outside
 * [0, 1].
 */
export function holm(ps: ArrayLike<number>): number[] {
  requireNumbers('holm: ps', ps);
  const order = Array.from(ps, (_, i) => i).sort((i, j) => ps[i] - ps[j]);
  for (const i of order) {
    if (!(ps[i] >= 0 && ps[i] <= 1)) {
      throw new DactylError(
        'E_ARGUMENT',
        `Holm's correction: expected p-values from 0 to 1, received ${ps[i]} at position ${i}.`,
      );
    }
  }
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[i]));
    adjusted[i] = largest;
  });
  return adjusted;
}
