import { DactylError } from '../util/errors.ts';
import { requireNumbers } from '../util/options.ts';
import { requireSample } from './requirements.ts';

/**
 * dᵢ = aᵢ − bᵢ: what the paired statistics of this folder take. Pair i must share its split, batch order and initial
 * draws. Throws E_SHAPE for unequal lengths, E_ARGUMENT for an empty sample or one with a number that is not finite.
 */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  requireNumbers('pairedDifferences: a', a);
  requireNumbers('pairedDifferences: b', b);
  if (a.length !== b.length) {
    throw new DactylError(
      'E_SHAPE',
      `Paired differences: expected two samples of one length, received ${a.length} and ${b.length}.`,
    );
  }
  requireSample(a, 1, 'Paired differences, first sample');
  requireSample(b, 1, 'Paired differences, second sample');
  return Float64Array.from(a, (value, i) => value - b[i]);
}
