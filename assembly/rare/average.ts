// Averaged weights: a = a + (w - a)(1 - decay), the exponential moving average (Polyak & Juditsky 1992).

import { at } from "../layout";

/** On `count` floats (a multiple of 4); `rest` is 1 - decay. */
export function average(a: usize, w: usize, count: usize, rest: f32): void {
  const r = f32x4.splat(rest);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const A = at(a + o);
    v128.store(a + o, f32x4.add(A, f32x4.mul(f32x4.sub(at(w + o), A), r)));
  }
}
