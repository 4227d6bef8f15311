// Softmax, categorical cross-entropy and its gradient in one pass over the logits.

import { at } from "./layout";
import { exponentials, largestOf } from "./activations/softmax";
import { inRow, sumOfLanes } from "./math/lanes";
import { log } from "./math/log";

/**
 * For each row s of the logits z, with p = softmax(z): losses f64[s] is sum over j of t_j (log sum e^z - z_j), its gradient
 * d_j = (p_j sum t - t_j) scale. Magnitudes of d below 1e-18 become zero. Rows have `stride` floats, `units` of which count; the others of d become zero.
 * p may be z or d; d may be 0 (no gradient wanted). `state`, `first` and `pass`: as in activations/softmax.ts.
 */
export function softmaxCrossEntropy(z: usize, t: usize, p: usize, d: usize, rows: usize, units: usize, stride: usize, scale: f32, losses: usize, state: usize, first: usize, pass: usize): void {
  const k = f32x4.splat(scale), tiny = f32x4.splat(1e-18), rowBytes = stride << 2;
  for (let s: usize = 0; s < rows; s++) {
    let largest: f32 = state ? load<f32>(state, 16) : -Infinity, sums = at(state), weighted = v128.load(state, 32), mass = v128.load(state, 48);
    if (pass < 2) largest = largestOf(z, min(units - first, stride), largest);
    if (!(pass & 5)) {
      // log sum e^z - z_j, before z is written to: p may be z.
      for (let j: usize = 0; j < rowBytes; j += 16) {
        const T = at(t + j);
        weighted = f32x4.add(weighted, f32x4.mul(T, v128.and(f32x4.sub(f32x4.splat(largest), at(z + j)), inRow(first + (j >> 2), units))));
        mass = f32x4.add(mass, T);
      }
      sums = exponentials(z, p, units, stride, first, largest, sums);
    }
    if (state) {
      v128.store(state, sums);
      store<f32>(state, largest, 16);
      v128.store(state, weighted, 32);
      v128.store(state, mass, 48);
    }
    if (!(pass & 3)) {
      const sum = sumOfLanes(sums), total = sumOfLanes(mass), logSum = f32x4.extract_lane(log(f32x4.splat(sum)), 0);
      store<f64>(losses + (s << 3), <f64>(total * logSum + sumOfLanes(weighted)));
      for (let j: usize = 0; j < rowBytes; j += 16) {
        const P = f32x4.div(at(p + j), f32x4.splat(sum));
        v128.store(p + j, P);
        if (d) {
          const D = f32x4.mul(f32x4.sub(f32x4.mul(P, f32x4.splat(total)), at(t + j)), k);
          v128.store(d + j, v128.and(D, f32x4.ge(f32x4.abs(D), tiny)));
        }
      }
    }
    z += rowBytes; t += rowBytes; p += rowBytes;
    if (d) d += rowBytes;
  }
}
