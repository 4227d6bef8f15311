// y_j = e^(x_j - max) / sum over k of e^(x_k - max), row by row; dy: d_j = y_j (d_j - sum over k of d_k y_k).
// `count`: floats of all rows. Rows have `stride` floats (a multiple of 4) of which the first `units` count; the others become zero.
// Sums run down the row four at a time, one partial sum a lane, and end as (lane 0 + lane 1) + (lane 2 + lane 3).
// Of one row that is given in parts, `first` is the part's place in it, and what goes on from part to part stands at `state`, f32[16]: the sums' lanes, the
// largest value, and two more for losses; at first zeros and -Infinity. Then `pass` is 1 (the largest value; here and backward all sums), 2 (exponentials and their sum) or 4
// (what is made of them): one pass after the other through all parts. 0: all passes, of whole rows.

import { at, mulAdd } from "../layout";
import { exp } from "../math/exp";
import { inRow, sumOfLanes } from "../math/lanes";

/** Writes e^(x - max) to y and adds them to `sum`, lane by lane. */
export function exponentials(z: usize, y: usize, units: usize, stride: usize, first: usize, largest: f32, sum: v128): v128 {
  const max = f32x4.splat(largest);
  for (let j: usize = 0; j < stride; j += 4) {
    const e = v128.and(exp(f32x4.sub(at(z + (j << 2)), max)), inRow(first + j, units));
    v128.store(y + (j << 2), e);
    sum = f32x4.add(sum, e);
  }
  return sum;
}

/** The largest of `count` values and the one so far; NaN if one is NaN. */
export function largestOf(z: usize, count: usize, largest: f32): f32 {
  for (let j: usize = 0; j < count; j++) largest = max(largest, load<f32>(z + (j << 2)));
  return largest;
}

export function softmax(z: usize, y: usize, count: usize, stride: usize, units: usize, state: usize, first: usize, pass: usize): void {
  for (const end = y + (count << 2); y < end; ) {
    let largest: f32 = state ? load<f32>(state, 16) : -Infinity, sum = at(state);
    if (pass < 2) largest = largestOf(z, min(units - first, stride), largest);
    if (!(pass & 5)) sum = exponentials(z, y, units, stride, first, largest, sum);
    if (state) {
      v128.store(state, sum);
      store<f32>(state, largest, 16);
    }
    if (!(pass & 3)) {
      const total = f32x4.splat(sumOfLanes(sum));
      for (let j: usize = 0; j < stride; j += 4) v128.store(y + (j << 2), f32x4.div(at(y + (j << 2)), total));
    }
    z += stride << 2;
    y += stride << 2;
  }
}

export function softmaxBackward(z: usize, y: usize, d: usize, count: usize, stride: usize, units: usize, state: usize, first: usize, pass: usize): void {
  for (const end = y + (count << 2); y < end; ) {
    let sum = at(state);
    if (pass < 2) for (let j: usize = 0; j < stride; j += 4) sum = mulAdd(sum, at(d + (j << 2)), at(y + (j << 2)));
    if (state) v128.store(state, sum);
    if (!(pass & 3)) {
      const mean = f32x4.splat(sumOfLanes(sum));
      for (let j: usize = 0; j < stride; j += 4) {
        const p = d + (j << 2);
        v128.store(p, f32x4.mul(at(y + (j << 2)), f32x4.sub(at(p), mean)));
      }
    }
    y += stride << 2;
    d += stride << 2;
  }
}
