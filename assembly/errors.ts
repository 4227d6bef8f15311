// Losses of the errors e = y - t, and their gradients.

import { at } from "./layout";
import { sumOfLanes } from "./math/lanes";

/**
 * For each row s, losses f64[s] = share times the sum, in four lanes of float32, each ascending, of
 *   delta > 0: e e / 2 where |e| <= delta, and delta |e| - delta delta / 2 beyond, with d = scale times e, held between -delta and delta (Huber 1964)
 *   delta = 0: |e|, with d = scale sign(e), sign(0) = 0
 * Magnitudes of d below 1e-18 become zero. Rows have `stride` floats; what is padding in both y and t is in d, too. d may be 0 (no gradient wanted).
 * `lanes`: of one row that is given in parts the four sums, f32[4], which go on from part to part; else 0, where there are zeros.
 */
export function errors(y: usize, t: usize, d: usize, rows: usize, stride: usize, delta: f32, scale: f32, share: f64, losses: usize, lanes: usize): void {
  const most = f32x4.splat(delta), least = f32x4.neg(most), k = f32x4.splat(scale), rowBytes = stride << 2;
  const half = f32x4.splat(0.5), tiny = f32x4.splat(1e-18), minus = f32x4.splat(-0.0), zero = f32x4.splat(0);
  for (let s: usize = 0; s < rows; s++) {
    let sum = at(lanes);
    for (let j: usize = 0; j < rowBytes; j += 16) {
      const e = f32x4.sub(at(y + j), at(t + j)), size = f32x4.abs(e), a = f32x4.min(size, most);
      sum = f32x4.add(sum, delta ? f32x4.mul(a, f32x4.sub(size, f32x4.mul(half, a))) : size);
      if (!d) continue;
      const D = delta ? f32x4.mul(f32x4.max(f32x4.min(e, most), least), k) : v128.and(v128.or(v128.and(e, minus), k), f32x4.ne(e, zero));
      v128.store(d + j, v128.and(D, f32x4.ge(f32x4.abs(D), tiny)));
    }
    if (lanes) v128.store(lanes, sum);
    store<f64>(losses + (s << 3), share * <f64>sumOfLanes(sum));
    y += rowBytes; t += rowBytes;
    if (d) d += rowBytes;
  }
}
