import { expect } from 'vitest';
import { sizeOf, type Tensor } from '../../src/util/tensor.ts';

/** An array of a fixture that Keras made. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export const tensor = ({ shape, values }: Values): Tensor<Float32Array> => ({
  data: Float32Array.from(values),
  shape,
});

export function rowsOf({ shape, values }: Values, rows: readonly number[]): Tensor<Float32Array> {
  const width = sizeOf(shape.slice(1));
  const data = Float32Array.from(rows.flatMap((row) => values.slice(row * width, (row + 1) * width)));
  return { data, shape: [rows.length, ...shape.slice(1)] };
}

/** The largest difference, relative to the largest magnitude expected or to 1. */
export function gap(received: ArrayLike<number>, expected: readonly number[]): number {
  expect(received.length).toBe(expected.length);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  return expected.reduce((most, x, k) => {
    const difference = Math.abs(received[k] - x) / scale;
    return difference <= most ? most : Number.isNaN(difference) ? Infinity : difference;
  }, 0);
}
