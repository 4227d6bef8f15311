// Stochastic gradient descent in Keras' form.
//   without momentum: w = w - r g      with: V = c V - r g, and w = w + V, or with Nesterov w = w + c V - r g

import { at } from "./layout";

/** On `count` floats (a multiple of 4); v, the velocity, may be 0 where momentum is 0. */
export function sgdAll(w: usize, v: usize, g: usize, count: usize, learningRate: f32, momentum: f32, nesterov: bool): void {
  const r = f32x4.splat(learningRate), c = f32x4.splat(momentum), end = count << 2;
  if (!v) {
    for (let o: usize = 0; o < end; o += 16) v128.store(w + o, f32x4.sub(at(w + o), f32x4.mul(r, at(g + o))));
    return;
  }
  for (let o: usize = 0; o < end; o += 16) {
    const step = f32x4.mul(r, at(g + o)), V = f32x4.sub(f32x4.mul(c, at(v + o)), step);
    v128.store(v + o, V);
    const change = nesterov ? f32x4.sub(f32x4.mul(c, V), step) : V;
    v128.store(w + o, f32x4.add(at(w + o), change));
  }
}
