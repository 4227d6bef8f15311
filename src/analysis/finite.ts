import { DactylError } from '../util/errors.ts';

/** Throws E_NUMERIC for NaN or an infinity: a comparison with it is false, so that it would count as an answer unseen. */
export function requireFinite(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new DactylError(
        'E_NUMERIC',
        `${what}: expected finite numbers, received ${values[i]} at position ${i}. The network has diverged; train it anew with a lower learning rate.`,
      );
    }
  }
}
