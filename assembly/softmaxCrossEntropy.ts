// Softmax, categorical cross-entropy and its gradient in one pass over the logits.

import { at } from "./layout";
import { exponentials, largestOf } from "./activations/softmax";
import { inRow, sumOfLanes } from "./math/lanes";
import { log } from "./math/log";

/**
 * For each row s of the logits z, with p = softmax(z): losses f64[s] is sum over j of t_j (log sum e^z - z_j), its gradient
 * d_j = (p_j sum t - t_j) scale. Magnitudes of d below 1e-18 become zero. Rows have `stride` floats, `units` of which count; the others of d become zero.
 * p may be z or d; d may be 0 (no gradient wanted).
 */
export function softmaxCrossEntropy(z: usize, t: usize, p: usize, d: usize, rows: usize, units: usize, stride: usize, scale: f32, losses: usize): void {
  const k = f32x4.splat(scale), tiny = f32x4.splat(1e-18), rowBytes = stride << 2;
  for (let s: usize = 0; s < rows; s++) {
    const largest = largestOf(z, units);
    // log sum e^z - z_j, kept in d's or p's place only after z has been read: p may be z.
    let weighted = f32x4.splat(0), mass = f32x4.splat(0);
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const T = at(t + j);
      weighted = f32x4.add(weighted, f32x4.mul(T, v128.and(f32x4.sub(f32x4.splat(largest), at(z + j)), inRow(j >> 2, units))));
      mass = f32x4.add(mass, T);
    }
    const sum = exponentials(z, p, units, stride, largest);
    const logSum = f32x4.extract_lane(log(f32x4.splat(sum)), 0);
    const total = sumOfLanes(mass);
    store<f64>(losses + (s << 3), <f64>(total * logSum + sumOfLanes(weighted)));
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const P = f32x4.div(at(p + j), f32x4.splat(sum));
      v128.store(p + j, P);
      if (d) {
        const D = f32x4.mul(f32x4.sub(f32x4.mul(P, f32x4.splat(total)), at(t + j)), k);
        v128.store(d + j, v128.and(D, f32x4.ge(f32x4.abs(D), tiny)));
      }
    }
    z += rowBytes; t += rowBytes; p += rowBytes;
    if (d) d += rowBytes;
  }
}
