import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';

/**
 * Goes through `count` rows, weights or the like, each worth so many products of a weight and a value, in parts of a multiple of `tile` and of few milliseconds, with a stop between two: what a
 * kernel gives for each does not depend on the others.
 */
export function inParts(
  { heap }: Context,
  [count, products, tile]: readonly [count: number, products: number, tile: number],
  take: (from: number, to: number) => void,
): Steps<void> {
  const part = tile * Math.max(1, Math.floor(heap.mostProducts / products / tile));
  if (part < count) return parts(count, part, take);
  // A step of a small network has dozens of these, and generators have their price.
  if (count > 0) take(0, count);
  return TAKEN;
}

function* parts(count: number, part: number, take: (from: number, to: number) => void): Steps<void> {
  for (let from = 0; from < count; from += part) {
    if (from > 0) yield;
    take(from, Math.min(from + part, count));
  }
}

const TAKEN = parts(0, 1, () => undefined);
