// Adam (Kingma & Ba 2015) in Keras' form, with both moments kept divided by their (1 - beta):
//   M = b1 M + g        V = b2 V + g g        w = w - a M / (sqrt(V) + e)
//   a = learningRate sqrt(1 - b2^t) / (1 - b1^t) (1 - b1) / sqrt(1 - b2)      e = epsilon / sqrt(1 - b2)
// which is Keras' update with two multiplications less for each weight. a and e come from the host for every step.

import { at } from "./layout";

/**
 * Eight neighbouring weights, `offsetof<Skip>()` bytes after w, with their moments as far after m and v; g0 and g1 are their gradients. The
 * halves of a pair stand together, with one base and literal offsets, and no branch in between: V8 can then do both in 256 bits.
 */
// @ts-ignore: decorator
@inline export function adam8<Skip>(w: usize, m: usize, v: usize, g0: v128, g1: v128, b1: v128, b2: v128, a: v128, e: v128): void {
  const M0 = f32x4.add(f32x4.mul(v128.load(m, offsetof<Skip>()), b1), g0);
  const M1 = f32x4.add(f32x4.mul(v128.load(m, offsetof<Skip>() + 16), b1), g1);
  const V0 = f32x4.add(f32x4.mul(v128.load(v, offsetof<Skip>()), b2), f32x4.mul(g0, g0));
  const V1 = f32x4.add(f32x4.mul(v128.load(v, offsetof<Skip>() + 16), b2), f32x4.mul(g1, g1));
  const w0 = f32x4.sub(v128.load(w, offsetof<Skip>()), f32x4.div(f32x4.mul(M0, a), f32x4.add(f32x4.sqrt(V0), e)));
  const w1 = f32x4.sub(v128.load(w, offsetof<Skip>() + 16), f32x4.div(f32x4.mul(M1, a), f32x4.add(f32x4.sqrt(V1), e)));
  v128.store(m, M0, offsetof<Skip>());
  v128.store(m, M1, offsetof<Skip>() + 16);
  v128.store(v, V0, offsetof<Skip>());
  v128.store(v, V1, offsetof<Skip>() + 16);
  v128.store(w, w0, offsetof<Skip>());
  v128.store(w, w1, offsetof<Skip>() + 16);
}

/** Distances, as `offsetof` gives them: literal even where the function that has them is inlined. */
@unmanaged export class Skip0 {}
@unmanaged export class Skip32 extends Skip0 { private a: v128; private b: v128; }
@unmanaged export class Skip64 extends Skip32 { private c: v128; private d: v128; }
@unmanaged export class Skip96 extends Skip64 { private e: v128; private f: v128; }

/** Adam on `count` floats (a multiple of 8) with their gradient at g. */
export function adamAll(w: usize, m: usize, v: usize, g: usize, count: usize, beta1: f32, beta2: f32, alpha: f32, epsilon: f32): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), a = f32x4.splat(alpha), e = f32x4.splat(epsilon);
  for (const end = w + (count << 2); w < end; w += 32, m += 32, v += 32, g += 32) {
    adam8<Skip0>(w, m, v, at(g), v128.load(g, 16), b1, b2, a, e);
  }
}

/** Sets every float (count: a multiple of 4) to zero whose magnitude is below `threshold`: keeps subnormal numbers out. */
export function flush(p: usize, count: usize, threshold: f32): void {
  const t = f32x4.splat(threshold);
  for (let end = p + (count << 2); p < end; p += 16) {
    const x = at(p);
    v128.store(p, v128.and(x, f32x4.ge(f32x4.abs(x), t)));
  }
}
