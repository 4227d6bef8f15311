// Lion (Chen et al. 2023) in Keras' form: w = w - r sign(b1 m + (1 - b1) g), then m = b2 m + (1 - b2) g.
// The sign has no scale: while gradients stay zero, m goes on deciding it as long as it is not zero. It is zero here once it would be subnormal,
// as in TensorFlow, which flushes those; so it is looked at in every step, not now and then as other optimizers' moments.

import { at } from "../layout";

/** On `count` floats (a multiple of 4); rest1 and rest2: 1 - beta1 and 1 - beta2. sign(0) is 0, sign(NaN) is NaN. */
export function lionAll(w: usize, m: usize, g: usize, count: usize, rate: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32): void {
  const r = f32x4.splat(rate), minus = f32x4.splat(-0.0), smallest = f32x4.splat(1.17549435e-38);
  const b1 = f32x4.splat(beta1), c1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), c2 = f32x4.splat(rest2);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const G = at(g + o), M = at(m + o);
    const x = f32x4.add(f32x4.mul(b1, M), f32x4.mul(c1, G));
    const change = v128.or(v128.and(v128.or(v128.and(x, minus), r), f32x4.ne(x, f32x4.splat(0))), f32x4.ne(x, x));
    v128.store(w + o, f32x4.sub(at(w + o), change));
    const next = f32x4.add(f32x4.mul(b2, M), f32x4.mul(c2, G));
    v128.store(m + o, v128.andnot(next, f32x4.lt(f32x4.abs(next), smallest)));
  }
}
