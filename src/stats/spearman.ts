import { DactylError } from '../util/errors.ts';
import { midranks } from './midranks.ts';

/**
 * Spearman's rank correlation: Pearson's correlation of the midranks, from −1 to 1; NaN where all values of one side are equal. Throws
 * E_ARGUMENT for lists of other lengths or fewer than two pairs.
 */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  if (n !== b.length || n < 2) {
    throw new DactylError(
      'E_ARGUMENT',
      `A rank correlation: expected two lists of the same length, at least 2, received ${n} and ${b.length}.`,
    );
  }
  const [left, right] = [midranks(a).ranks, midranks(b).ranks];
  const centre = (n + 1) / 2;
  let product = 0;
  let squares = 0;
  let otherSquares = 0;
  for (let i = 0; i < n; i++) {
    const x = left[i] - centre;
    const y = right[i] - centre;
    product += x * y;
    squares += x * x;
    otherSquares += y * y;
  }
  return product / Math.sqrt(squares * otherSquares);
}
