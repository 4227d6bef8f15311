/**
 * All 2ⁿ sums Σ ±xᵢ, ascending, by n merges of the list with its shifted self: time and memory in proportion to 2ⁿ.
 */
export function signedSums(values: ArrayLike<number>): Float64Array {
  let sums = new Float64Array(1);
  for (let i = 0; i < values.length; i++) {
    const step = Math.abs(values[i]);
    sums = merge(sums, -step, sums, step);
  }
  return sums;
}

/** For each k from 0 to `largest`, the sums of all subsets of k values, ascending: entry k has C(n, k) sums. */
export function subsetSums(values: ArrayLike<number>, largest: number): Float64Array[] {
  const lists = [new Float64Array(1)];
  for (let k = 1; k <= largest; k++) lists.push(new Float64Array(0));
  for (let i = 0; i < values.length; i++) {
    for (let k = Math.min(largest, i + 1); k >= 1; k--)
      lists[k] = merge(lists[k], 0, lists[k - 1], values[i]);
  }
  return lists;
}

/** The number of pairs (l, r) of two ascending lists with l + r < threshold; exact below 2⁵³. */
export function countBelow(left: Float64Array, right: Float64Array, threshold: number): number {
  let count = 0;
  let j = right.length;
  for (let i = 0; i < left.length && j > 0; i++) {
    while (j > 0 && left[i] + right[j - 1] >= threshold) j--;
    count += j;
  }
  return count;
}

/** Two ascending lists, each shifted, as one. */
function merge(a: Float64Array, shiftA: number, b: Float64Array, shiftB: number): Float64Array<ArrayBuffer> {
  const merged = new Float64Array(a.length + b.length);
  let i = 0;
  let j = 0;
  for (let k = 0; k < merged.length; k++) {
    const takeA = j >= b.length || (i < a.length && a[i] + shiftA <= b[j] + shiftB);
    merged[k] = takeA ? a[i++] + shiftA : b[j++] + shiftB;
  }
  return merged;
}
