/** Sums of signed differences closer than this, in units of Σ|d|, count as equal: rounding must not split what is tied. */
export const TIE = 1e-10;

/**
 * The differences that are not zero, beyond rounding, in units of the largest. Those alone carry anything when labels are exchanged within
 * pairs: of k of them no arrangement has a two-sided p below 2 / 2ᵏ, however many tied pairs stand beside them.
 */
export function carrying(differences: ArrayLike<number>): Float64Array {
  let scale = 0;
  for (let i = 0; i < differences.length; i++) scale = Math.max(scale, Math.abs(differences[i]));
  if (scale === 0) return new Float64Array(0);
  const values = Float64Array.from(differences, (value) => value / scale);
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0);
  return values.filter((value) => 2 * Math.abs(value) > TIE * total);
}

/** How many those are. */
export function differing(differences: ArrayLike<number>): number {
  return carrying(differences).length;
}
