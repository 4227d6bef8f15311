import { DactylError } from './errors.ts';

/** The values; throws E_NUMERIC for NaN or an infinity: a comparison with it is false, so that it would count as an answer unseen. */
export function requireFinite<T extends ArrayLike<number>>(values: T, what: string): T {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new DactylError(
        'E_NUMERIC',
        `${what}: expected finite numbers, received ${values[i]} at position ${i}. The network has diverged; train it anew with a lower learning rate.`,
      );
    }
  }
  return values;
}
