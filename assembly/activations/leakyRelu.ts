// y = x where x > 0, else a x; dy/dx = 1 or a. a >= 0 is the negative slope.

import { at } from "../layout";

export function leakyRelu(slope: f32, z: usize, y: usize, count: usize): void {
  const a = f32x4.splat(slope), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, v128.bitselect(x, f32x4.mul(a, x), f32x4.gt(x, zero)));
  }
}

export function leakyReluBackward(slope: f32, z: usize, y: usize, d: usize, count: usize): void {
  const a = f32x4.splat(slope), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const D = at(d + o);
    v128.store(d + o, v128.bitselect(D, f32x4.mul(a, D), f32x4.gt(at(y + o), zero)));
  }
}
