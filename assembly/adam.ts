// Adam (Kingma & Ba 2015) in Keras' form, with both moments kept divided by their (1 - beta):
//   M = b1 M + g        V = b2 V + g g        w = w - a M / (sqrt(V) + e)
//   a = learningRate sqrt(1 - b2^t) / (1 - b1^t) (1 - b1) / sqrt(1 - b2)      e = epsilon / sqrt(1 - b2)
// which is Keras' update with two multiplications less for each weight. a and e come from the host for every step.

import { at } from "./layout";

/** Four weights at w with their moments at m and v; g is their gradient. Returns the new weights. */
// @ts-ignore: decorator
@inline export function adam(w: usize, m: usize, v: usize, offset: usize, g: v128, b1: v128, b2: v128, a: v128, e: v128): v128 {
  const M = f32x4.add(f32x4.mul(at(m + offset), b1), g);
  const V = f32x4.add(f32x4.mul(at(v + offset), b2), f32x4.mul(g, g));
  const next = f32x4.sub(at(w + offset), f32x4.div(f32x4.mul(M, a), f32x4.add(f32x4.sqrt(V), e)));
  v128.store(m + offset, M);
  v128.store(v + offset, V);
  v128.store(w + offset, next);
  return next;
}

/** Adam on `count` floats (a multiple of 4) with their gradient at g. */
export function adamAll(w: usize, m: usize, v: usize, g: usize, count: usize, beta1: f32, beta2: f32, alpha: f32, epsilon: f32): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), a = f32x4.splat(alpha), e = f32x4.splat(epsilon);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) adam(w, m, v, o, at(g + o), b1, b2, a, e);
}

/** Sets every float (count: a multiple of 4) to zero whose magnitude is below `threshold`: keeps subnormal numbers out. */
export function flush(p: usize, count: usize, threshold: f32): void {
  const t = f32x4.splat(threshold);
  for (let end = p + (count << 2); p < end; p += 16) {
    const x = at(p);
    v128.store(p, v128.and(x, f32x4.ge(f32x4.abs(x), t)));
  }
}
