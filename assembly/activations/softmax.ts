// y_j = e^(x_j - max) / sum over k of e^(x_k - max), row by row; dy: d_j = y_j (d_j - sum over k of d_k y_k).
// `count`: floats of all rows. Rows have `stride` floats (a multiple of 4) of which the first `units` count; the others become zero.
// Sums run down the row four at a time, one partial sum a lane, and end as (lane 0 + lane 1) + (lane 2 + lane 3).

import { at, mulAdd } from "../layout";
import { exp } from "../math/exp";
import { inRow, sumOfLanes } from "../math/lanes";

/** Writes e^(x - max) to y and returns their sum. */
export function exponentials(z: usize, y: usize, units: usize, stride: usize, largest: f32): f32 {
  const max = f32x4.splat(largest);
  let sum = f32x4.splat(0);
  for (let j: usize = 0; j < stride; j += 4) {
    const e = v128.and(exp(f32x4.sub(at(z + (j << 2)), max)), inRow(j, units));
    v128.store(y + (j << 2), e);
    sum = f32x4.add(sum, e);
  }
  return sumOfLanes(sum);
}

/** The largest of the first `units` values; NaN if one is NaN. */
export function largestOf(z: usize, units: usize): f32 {
  let largest = load<f32>(z);
  for (let j: usize = 1; j < units; j++) largest = max(largest, load<f32>(z + (j << 2)));
  return largest;
}

export function softmax(z: usize, y: usize, count: usize, stride: usize, units: usize): void {
  for (const end = y + (count << 2); y < end; ) {
    const sum = f32x4.splat(exponentials(z, y, units, stride, largestOf(z, units)));
    for (let j: usize = 0; j < stride; j += 4) v128.store(y + (j << 2), f32x4.div(at(y + (j << 2)), sum));
    z += stride << 2;
    y += stride << 2;
  }
}

export function softmaxBackward(z: usize, y: usize, d: usize, count: usize, stride: usize): void {
  for (const end = y + (count << 2); y < end; ) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < stride; j += 4) sum = mulAdd(sum, at(d + (j << 2)), at(y + (j << 2)));
    const mean = f32x4.splat(sumOfLanes(sum));
    for (let j: usize = 0; j < stride; j += 4) {
      const p = d + (j << 2);
      v128.store(p, f32x4.mul(at(y + (j << 2)), f32x4.sub(at(p), mean)));
    }
    y += stride << 2;
    d += stride << 2;
  }
}
