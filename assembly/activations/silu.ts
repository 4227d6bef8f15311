// y = x s, s = 1 / (1 + e^-x); dy/dx = s (1 + x (1 - s)).

import { at } from "../layout";
import { exp } from "../math/exp";

export function silu(z: usize, y: usize, count: usize): void { siluOrSlope(z, y, 0, count); }

export function siluBackward(z: usize, y: usize, d: usize, count: usize): void { siluOrSlope(z, y, d, count); }

/** d times the slope where d is not 0, else y. */
function siluOrSlope(z: usize, y: usize, d: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o), share = f32x4.add(one, exp(f32x4.neg(x)));
    if (d) {
      const s = f32x4.div(one, share);
      v128.store(d + o, f32x4.mul(at(d + o), f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))))));
    } else v128.store(y + o, f32x4.div(x, share));
  }
}
