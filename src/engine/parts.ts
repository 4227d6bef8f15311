import { parts, type Steps } from '../util/steps.ts';
import type { Context } from './context.ts';

/** What a value counts among products where it is only read and written, or is the input of a function: it waits for memory, and the function takes a few nanoseconds. */
export const VALUE = 32;

/**
 * Goes through `count` rows, weights or the like, each worth so many products of a weight and a value, in parts of a multiple of `tile` and of few milliseconds, with a stop between two: what a
 * kernel gives for each does not depend on the others, or goes on from what it gave for those before.
 */
export function inParts(
  { heap }: Context,
  [count, products, tile]: readonly [count: number, products: number, tile: number],
  take: (from: number, to: number) => void,
): Steps<void> {
  const part = tile * Math.max(1, Math.floor(heap.mostProducts() / products / tile));
  if (part < count)
    return parts(count, part, (from, to) => {
      // Threads cut a part at places of its own.
      heap.settle();
      take(from, to);
      heap.settle();
    });
  // A step of a small network has dozens of these, and generators have their price.
  if (count > 0) take(0, count);
  return TAKEN;
}

/** The same of rows of so many floats. `at`: bytes from the first row to those that are taken. */
export function rowsInParts(
  context: Context,
  [count, stride]: readonly [count: number, stride: number],
  take: (rows: number, at: number) => void,
): Steps<void> {
  return inParts(context, [count, VALUE * stride, 1], (from, to) => {
    take(to - from, 4 * from * stride);
  });
}

const TAKEN = parts(0, 1, () => undefined);
