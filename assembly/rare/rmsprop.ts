// RMSprop (Tieleman & Hinton 2012) in Keras' form.
//   v = p v + (1 - p) g g        w = w - r g / sqrt(v + e)        with momentum: u = c u + r g / sqrt(v + e), w = w - u
//   centred (Graves 2013): n = p n + (1 - p) g, and v - n n for v under the root, which is never negative but for rounding: then it counts as 0.

import { at } from "../layout";

/** On `count` floats (a multiple of 4); rest is 1 - rho. u may be 0, without momentum, and n may be 0, not centred. */
export function rmspropAll(w: usize, v: usize, u: usize, n: usize, g: usize, count: usize, rate: f32, rho: f32, rest: f32, momentum: f32, epsilon: f32): void {
  const r = f32x4.splat(rate), p = f32x4.splat(rho), q = f32x4.splat(rest), c = f32x4.splat(momentum), e = f32x4.splat(epsilon);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const G = at(g + o);
    let V = f32x4.add(f32x4.mul(p, at(v + o)), f32x4.mul(q, f32x4.mul(G, G)));
    v128.store(v + o, V);
    if (n) {
      const N = f32x4.add(f32x4.mul(p, at(n + o)), f32x4.mul(q, G));
      v128.store(n + o, N);
      V = f32x4.max(f32x4.sub(V, f32x4.mul(N, N)), f32x4.splat(0));
    }
    let change = f32x4.div(f32x4.mul(r, G), f32x4.sqrt(f32x4.add(V, e)));
    if (u) {
      change = f32x4.add(f32x4.mul(c, at(u + o)), change);
      v128.store(u + o, change);
    }
    v128.store(w + o, f32x4.sub(at(w + o), change));
  }
}
