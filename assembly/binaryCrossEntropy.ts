// Sigmoid, binary cross-entropy and its gradient in one pass over the logits.

import { at } from "./layout";
import { exp } from "./math/exp";
import { inRow, sumOfLanes } from "./math/lanes";
import { log1p } from "./math/log";

/**
 * For each row s of the logits z: y = sigmoid(z) as the activation computes it, losses f64[s] = the mean over the `units` of
 * |z| (z > 0 ? 1 - t : t) + log(1 + e^-|z|), in four lanes of float32, each ascending; d = (y - t) scale. Magnitudes of d below 1e-18 become zero.
 * Rows have `stride` floats; beyond `units` y and d become zero. y may be z or d; d may be 0 (no gradient wanted).
 * `lanes`: as in errors.ts; `first`: the part's place in its row.
 */
export function binaryCrossEntropy(z: usize, t: usize, y: usize, d: usize, rows: usize, units: usize, stride: usize, scale: f32, losses: usize, lanes: usize, first: usize): void {
  const one = f32x4.splat(1), k = f32x4.splat(scale), tiny = f32x4.splat(1e-18), rowBytes = stride << 2;
  for (let s: usize = 0; s < rows; s++) {
    let sum = at(lanes);
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const Z = at(z + j), T = at(t + j), size = f32x4.abs(Z), inside = inRow(first + (j >> 2), units);
      const wrong = v128.bitselect(f32x4.sub(one, T), T, f32x4.gt(Z, f32x4.splat(0)));
      sum = f32x4.add(sum, v128.and(f32x4.add(f32x4.mul(size, wrong), log1p(exp(f32x4.neg(size)))), inside));
      const Y = v128.and(f32x4.div(one, f32x4.add(one, exp(f32x4.neg(Z)))), inside);
      v128.store(y + j, Y);
      if (d) {
        const D = f32x4.mul(f32x4.sub(Y, T), k);
        v128.store(d + j, v128.and(D, f32x4.ge(f32x4.abs(D), tiny)));
      }
    }
    if (lanes) v128.store(lanes, sum);
    store<f64>(losses + (s << 3), <f64>sumOfLanes(sum) / <f64>units);
    z += rowBytes; t += rowBytes; y += rowBytes;
    if (d) d += rowBytes;
  }
}
