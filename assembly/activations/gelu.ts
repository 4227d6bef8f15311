// y = x P, P = (1 + erf(x / sqrt 2)) / 2; dy/dx = P + x p, p = e^(-x x / 2) / sqrt(2 pi). Exact form, not the tanh one.

import { at } from "../layout";
import { erf } from "../math/erf";
import { exp } from "../math/exp";

export function gelu(z: usize, y: usize, count: usize): void { geluOrSlope(z, y, 0, count); }

export function geluBackward(z: usize, y: usize, d: usize, count: usize): void { geluOrSlope(z, y, d, count); }

/** d times the slope where d is not 0, else y: one loop, since P takes some 400 bytes. */
function geluOrSlope(z: usize, y: usize, d: usize, count: usize): void {
  const half = f32x4.splat(0.5);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o), P = f32x4.add(half, f32x4.mul(half, erf(f32x4.mul(x, f32x4.splat(0.707106781)))));
    if (d) {
      const density = f32x4.mul(f32x4.splat(0.398942280), exp(f32x4.mul(f32x4.splat(-0.5), f32x4.mul(x, x))));
      v128.store(d + o, f32x4.mul(at(d + o), f32x4.add(P, f32x4.mul(x, density))));
    } else v128.store(y + o, f32x4.mul(x, P));
  }
}
