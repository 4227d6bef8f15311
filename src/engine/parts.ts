import { parts, type Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import type { PartOfRow } from './module.ts';

/** What a value counts among products where it is only read and written, or is the input of a function: it waits for memory, and the function takes a few nanoseconds. */
export const VALUE = 32;

/** Values of a row are divided at multiples of this, which all kernels take and rows are padded to. */
export const EIGHT = 8;

/** Weights are divided at multiples of this, which all kernels take. */
export const WEIGHT_TILE = 128;

/**
 * Goes through `count` rows, weights or the like, each worth so many products of a weight and a value, in parts of a multiple of `tile` and of few milliseconds, with a stop between two: what a
 * kernel gives for each does not depend on the others, or goes on from what it gave for those before.
 */
export function inParts(
  { heap }: Context,
  [count, products, tile]: readonly [count: number, products: number, tile: number],
  take: (from: number, to: number) => void,
): Steps<void> {
  const tiles = Math.max(1, Math.floor(heap.mostProducts() / products / tile));
  const part = tile * tiles;
  if (part < count)
    return parts(
      count,
      part,
      (from, to) => {
        // Threads cut a part at places of its own.
        heap.settle();
        take(from, to);
        heap.settle();
      },
      // Kernels take several times as long until they are compiled well, which the first calls bring about.
      tile * (tiles >> 3 || 1),
    );
  if (count > 0) take(0, count);
  return NONE;
}

/** Some images at a time; where one comes to too many products, some of its `places`, in their order. */
export function imagesInParts(
  context: Context,
  [count, products]: readonly [count: number, products: number],
  [places, tile]: readonly [places: number, tile: number],
  take: (image: number, images: number, first?: number, until?: number) => void,
): Steps<void> {
  if (products <= context.heap.mostProducts()) {
    return inParts(context, [count, products, 1], (from, to) => {
      take(from, to - from);
    });
  }
  return each(count, (image) =>
    inParts(context, [places, products / places, tile], (...part) => {
      take(image, 1, ...part);
    }),
  );
}

/** What is done in parts with one after the other. */
export function* each(count: number, take: (k: number) => Steps<void>): Steps<void> {
  for (let k = 0; k < count; k++) {
    yield* take(k);
    yield;
  }
}

/** Channels, as many eights at a time as are not too many, where all else is parted as far as it goes and a channel then comes to so many products. */
export function channelsInParts(
  { heap }: Context,
  [channels, products]: readonly [channels: number, products: number],
  take: (low: number, high: number) => Steps<void>,
): Steps<void> {
  const some = Math.min(channels, EIGHT * Math.ceil(heap.mostProducts() / products / EIGHT));
  return each(Math.ceil(channels / some), (k) => {
    // Else threads would be given all of them before anyone waits.
    if (k) heap.settle();
    return take(k * some, Math.min(k * some + some, channels));
  });
}

/**
 * Rows of `stride` floats, some at a time; where one comes to too many, some of its `places` of `size` floats each. `at`: bytes from the first row to what is taken; `stride`: floats of
 * each row that are taken, with what lies behind the last place; `places`: of each row; `place`: the first one's number among those of all rows.
 */
export function placesInParts(
  context: Context,
  [count, stride, places, size]: readonly [count: number, stride: number, places: number, size: number],
  take: (at: number, rows: number, stride: number, places: number, place: number) => void,
): Steps<void> {
  return imagesInParts(
    context,
    [count, VALUE * stride],
    [places, 1],
    (row, rows, first = 0, until = places) => {
      const end = until < places ? until * size : stride;
      take(4 * (row * stride + first * size), rows, end - first * size, until - first, row * places + first);
    },
  );
}

/**
 * Rows of `stride` floats, some at a time, from `row` on; where one comes to too many, some eights of it, in `passes` (1, 2, 4, …) one after the other; 0: rows cannot be parted. `at`: bytes from the
 * first row to what is taken; `floats`: of each row that are taken. The state, of sums and largest values (`assembly/activations/softmax.ts`), begins anew with each row.
 */
export function rowsInParts(
  context: Context,
  [count, stride]: readonly [count: number, stride: number],
  [passes, state]: readonly [passes: number, state: number],
  take: (at: number, rows: number, floats: number, row: number, part: PartOfRow) => void,
): Steps<void> {
  const products = VALUE * stride;
  if (!passes || products <= context.heap.mostProducts()) {
    return inParts(context, [count, products, 1], (row, end) => {
      take(4 * row * stride, end - row, stride, row, []);
    });
  }
  return each(count * passes, (k) => {
    const [row, pass] = [Math.floor(k / passes), 1 << (k % passes)];
    return inParts(context, [stride, VALUE, EIGHT], (first, end) => {
      if (first === 0 && pass === 1) context.heap.float32(state, 16).fill(0)[4] = -Infinity;
      take(4 * (row * stride + first), 1, end - first, row, [state, first, pass]);
    });
  });
}

/** Rows of d, f32[count][stride], each times its factor, f32[count]. */
export function scaleRows(
  context: Context,
  d: number,
  [count, stride]: readonly [count: number, stride: number],
  factors: number,
): Steps<void> {
  const eights = stride / EIGHT;
  return placesInParts(context, [count, stride, eights, EIGHT], (at, rows, floats, _, eight) => {
    context.kernels.scaleRows(d + at, rows, floats, factors + 4 * Math.floor(eight / eights));
  });
}

/** `count` weights, or what belongs to them, at `address`. */
export function weightsInParts(
  context: Context,
  [address, count]: readonly [address: number, count: number],
  take: (address: number, count: number) => void,
): Steps<void> {
  return inParts(context, [count, VALUE, WEIGHT_TILE], (from, to) => {
    take(address + 4 * from, to - from);
  });
}

/** What a kernel adds up over `count` weights, part after part: it goes on from f64[size] at `sums`. */
export function* sumsInParts(
  context: Context,
  [size, count]: readonly [size: number, count: number],
  add: (from: number, to: number, sums: number) => void,
): Steps<Float64Array> {
  const { heap, pieces } = context;
  const sums = pieces.bytes(8 * size);
  try {
    yield* inParts(context, [count, VALUE, WEIGHT_TILE], (from, to) => {
      add(from, to, sums);
    });
    return heap.float64(sums, size).slice();
  } finally {
    pieces.free(sums);
  }
}

/** No step at all: generators have their price, and a step of a small network has dozens of them. */
export const NONE = parts(0, 1, () => undefined);
