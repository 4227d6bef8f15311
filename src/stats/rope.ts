import { DactylError } from '../util/errors.ts';
import { requireFields, requireNumber } from '../util/options.ts';

/**
 * Where an interval lies: inside the region of practical equivalence, beyond it on one side, or across its border.
 */
export type RopeVerdict = 'equivalent' | 'above' | 'below' | 'undecided';

/**
 * Places an interval against the region −rope … rope; ends that touch its border are undecided. Throws E_ARGUMENT for
 * a rope below 0 or not finite.
 */
export function placeAgainstRope(
  interval: { readonly low: number; readonly high: number },
  rope: number,
): RopeVerdict {
  requireFields('placeAgainstRope: interval', ['low', 'high'], interval);
  requireNumber('placeAgainstRope: rope', rope);
  requireRope(rope);
  if (interval.low > rope) return 'above';
  if (interval.high < -rope) return 'below';
  return interval.low > -rope && interval.high < rope ? 'equivalent' : 'undecided';
}

export function requireRope(rope: number): void {
  if (!(rope >= 0 && rope < Infinity)) {
    throw new DactylError(
      'E_ARGUMENT',
      `A region of practical equivalence: expected a finite half-width >= 0, received ${rope}.`,
    );
  }
}
