// What any optimizer may do before its step: gradients are clipped. Counts: multiples of 4.

import { at } from "./layout";

/** Every float between -limit and limit; NaN stays NaN. */
export function clamp(g: usize, count: usize, limit: f32): void {
  const most = f32x4.splat(limit), least = f32x4.neg(most);
  for (let end = g + (count << 2); g < end; g += 16) v128.store(g, f32x4.max(f32x4.min(at(g), most), least));
}

export function multiplyBy(g: usize, count: usize, factor: f32): void {
  const k = f32x4.splat(factor);
  for (let end = g + (count << 2); g < end; g += 16) v128.store(g, f32x4.mul(at(g), k));
}

/** Adds g g to the four float64 at `sums`, one for each place modulo 4, each in ascending order. */
export function sumOfSquares(g: usize, count: usize, sums: usize): void {
  let low = at(sums), high = v128.load(sums, 16);
  for (let end = g + (count << 2); g < end; g += 16) {
    const x = at(g), a = f64x2.promote_low_f32x4(x), b = f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  v128.store(sums, low);
  v128.store(sums, high, 16);
}
