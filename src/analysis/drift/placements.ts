import { type Effect, meanAndVariance } from './effect.ts';

/**
 * For each value the share of `others` below it, equal ones counted half: its placement (DeLong, DeLong & Clarke-Pearson 1988). The mean of
 * placements is P(value > other) + ½·P(equal), the area under the ROC curve. `others` are in ascending order.
 */
export function placements(values: ArrayLike<number>, others: Float64Array): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    result[i] =
      (countBelow(others, values[i], false) + countBelow(others, values[i], true)) / 2 / others.length;
  }
  return result;
}

/** How many of ascending values are smaller, or not larger. */
function countBelow(ascending: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value || (orEqual && ascending[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * AUC − ½ from the placements of each side among the other: `window` of n values of a window among the reference's, `reference` of m of the reference among the window's.
 * Standard error by DeLong: √(var(window)/n + var(reference)/m).
 */
export function areaAboveChance(window: Float64Array, reference: Float64Array): Effect {
  const own = meanAndVariance(window);
  const other = meanAndVariance(reference);
  return {
    estimate: own.mean - 0.5,
    standardError: Math.sqrt(own.variance / window.length + other.variance / reference.length),
  };
}
