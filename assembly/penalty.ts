// Weight penalties: l1 sum |w| + l2 sum w w.

import { at } from "./layout";

/** Adds the penalty's gradient, l1 sign(w) + 2 l2 w, to g; count: a multiple of 4. */
export function penaltyGradient(w: usize, g: usize, count: usize, l1: f32, l2: f32): void {
  const a = f32x4.splat(l1), b = f32x4.splat(2 * l2), zero = f32x4.splat(0), minus = f32x4.splat(-0.0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const W = at(w + o), sign = v128.and(v128.or(v128.and(W, minus), a), f32x4.ne(W, zero));
    v128.store(g + o, f32x4.add(at(g + o), f32x4.add(sign, f32x4.mul(b, W))));
  }
}

/** Adds |w| and w w to the two float64 at `sums`, weights in the order they lie. */
export function penalty(w: usize, count: usize, sums: usize): void {
  let absolute = load<f64>(sums), square = load<f64>(sums, 8);
  for (let end = w + (count << 2); w < end; w += 4) {
    const x = <f64>load<f32>(w);
    absolute += abs(x);
    square += x * x;
  }
  store<f64>(sums, absolute);
  store<f64>(sums, square, 8);
}
