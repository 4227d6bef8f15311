// y = x P, P = (1 + erf(x / sqrt 2)) / 2; dy/dx = P + x p, p = e^(-x x / 2) / sqrt(2 pi). Exact form, not the tanh one.

import { at } from "../layout";
import { erf } from "../math/erf";
import { exp } from "../math/exp";

// @ts-ignore: decorator
@inline function cumulative(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(x, f32x4.splat(0.707106781)))));
}

export function gelu(z: usize, y: usize, count: usize): void {
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, f32x4.mul(x, cumulative(x)));
  }
}

export function geluBackward(z: usize, y: usize, d: usize, count: usize): void {
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o), density = f32x4.mul(f32x4.splat(0.398942280), exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x))));
    v128.store(d + o, f32x4.mul(at(d + o), f32x4.add(cumulative(x), f32x4.mul(x, density))));
  }
}
