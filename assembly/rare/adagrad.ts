// Adagrad (Duchi, Hazan & Singer 2011) in Keras' form: v = v + g g, w = w - r g / sqrt(v + e). v only grows.

import { at } from "../layout";

/** On `count` floats (a multiple of 4). */
export function adagradAll(w: usize, v: usize, g: usize, count: usize, rate: f32, epsilon: f32): void {
  const r = f32x4.splat(rate), e = f32x4.splat(epsilon);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const G = at(g + o), V = f32x4.add(at(v + o), f32x4.mul(G, G));
    v128.store(v + o, V);
    v128.store(w + o, f32x4.sub(at(w + o), f32x4.div(f32x4.mul(r, G), f32x4.sqrt(f32x4.add(V, e)))));
  }
}
