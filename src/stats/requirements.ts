import { DactylError } from '../util/errors.ts';

/** Throws E_ARGUMENT unless `values` holds at least `least` numbers, all finite. `what` names the statistic. */
export function requireSample(values: ArrayLike<number>, least: number, what: string): void {
  if (values.length < least) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected at least ${least} value${least === 1 ? '' : 's'}, received ${values.length}.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new DactylError(
        'E_ARGUMENT',
        `${what}: expected finite numbers, received ${values[i]} at position ${i}.`,
      );
    }
  }
}

/** Throws E_ARGUMENT unless 0 < `confidence` < 1. */
export function requireConfidence(confidence: number): void {
  requireShare(confidence, 'The confidence of an interval');
}

/** Throws E_ARGUMENT unless 0 < `share` < 1. */
export function requireShare(share: number, what: string): void {
  if (!(share > 0 && share < 1)) {
    throw new DactylError('E_ARGUMENT', `${what}: expected a number between 0 and 1, received ${share}.`);
  }
}

/** Throws E_ARGUMENT unless `count` is a whole number of at least `least`. */
export function requireCount(count: number, least: number, what: string): void {
  if (!(Number.isSafeInteger(count) && count >= least)) {
    throw new DactylError('E_ARGUMENT', `${what}: expected a whole number >= ${least}, received ${count}.`);
  }
}
