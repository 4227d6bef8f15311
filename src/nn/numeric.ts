import { DactylError } from '../util/errors.ts';
import { atOnce, type Steps } from '../util/steps.ts';
import { sizeOf, type Tensor, type TensorData } from '../util/tensor.ts';

export const NUMERIC_ADVICE = 'Lower the learning rate, or look for very large values in the inputs.';

/** Some milliseconds. */
export const VALUES_AT_A_TIME = 1 << 19;

/** The place that `find` gives of a part of the values, among all; −1 where it finds none in any. */
export function* findInSteps<D extends TensorData>(data: D, find: (part: D) => number): Steps<number> {
  for (let from = 0; from < data.length; from += VALUES_AT_A_TIME) {
    const place = find(data.subarray(from, from + VALUES_AT_A_TIME) as D);
    if (place >= 0) return from + place;
    yield;
  }
  return -1;
}

/** Throws E_NUMERIC, with the place, for a value that is not finite as float32. */
export function checkFinite(tensor: Tensor, what: string): void {
  atOnce(checkFiniteInSteps(tensor, what));
}

/** The same in steps. */
export function* checkFiniteInSteps({ data, shape }: Tensor, what: string): Steps<void> {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return;
  const bad = yield* findInSteps(data, notFinite);
  if (bad < 0) return;
  const place = shape.map((_, axis) => Math.floor(bad / sizeOf(shape.slice(axis + 1))) % shape[axis]);
  throw new DactylError(
    'E_NUMERIC',
    `${what}[${place.join(', ')}]: expected a finite float32 number, received ${data[bad]}.`,
  );
}

/** Where the first value stands that is not finite as float32; −1 where all are. */
export function notFinite(data: Float32Array | Float64Array): number {
  // Zero unless one is not finite: several times as fast as looking at each.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += Math.fround(data[i]) * 0;
  return sum === 0 ? -1 : data.findIndex((x) => !Number.isFinite(Math.fround(x)));
}
