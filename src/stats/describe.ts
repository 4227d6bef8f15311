import { DactylError } from '../util/errors.ts';
import { requireNumber, requireNumbers } from '../util/options.ts';

/** x̄ = Σ xᵢ / n, summed in order. Throws E_ARGUMENT for an empty sample. */
export function mean(values: ArrayLike<number>): number {
  requireNumbers('mean: values', values);
  requireValues(values, 1, 'A mean');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** s = √(Σ (xᵢ − x̄)² / (n − 1)), the sample standard deviation, in two passes. Throws E_ARGUMENT below two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  requireNumbers('standardDeviation: values', values);
  requireValues(values, 2, 'A standard deviation');
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - centre) * (values[i] - centre);
  return Math.sqrt(squares / (values.length - 1));
}

/** The smallest value; NaN if any value is NaN. Throws E_ARGUMENT for an empty sample. */
export function minimum(values: ArrayLike<number>): number {
  requireValues(values, 1, 'A minimum');
  let smallest = Infinity;
  for (let i = 0; i < values.length; i++) smallest = Math.min(smallest, values[i]);
  return smallest;
}

/** The largest value; NaN if any value is NaN. Throws E_ARGUMENT for an empty sample. */
export function maximum(values: ArrayLike<number>): number {
  requireValues(values, 1, 'A maximum');
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]);
  return largest;
}

/**
 * The `p` quantile by linear interpolation between order statistics: with h = (n − 1)·p counted from zero,
 * x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎). Type 7 of Hyndman & Fan 1996, the default of NumPy and R.
 * Throws E_ARGUMENT for an empty sample, a NaN among the values or p outside [0, 1].
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  requireNumbers('quantile: values', values);
  requireNumber('quantile: p', p);
  requireValues(values, 1, 'A quantile');
  if (!(p >= 0 && p <= 1)) {
    throw new DactylError('E_ARGUMENT', `The p of a quantile: expected a number from 0 to 1, received ${p}.`);
  }
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted[sorted.length - 1])) {
    throw new DactylError('E_ARGUMENT', 'A quantile: expected values that can be ordered, received NaN.');
  }
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const fraction = position - below;
  return fraction === 0 ? sorted[below] : sorted[below] + fraction * (sorted[below + 1] - sorted[below]);
}

function requireValues(values: ArrayLike<number>, least: number, what: string): void {
  if (values.length < least) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected at least ${least} value${least === 1 ? '' : 's'}, received ${values.length}.`,
    );
  }
}
