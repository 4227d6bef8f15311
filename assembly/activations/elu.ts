// y = x where x > 0, else a (e^x - 1); dy/dx = 1 or y + a.

import { at } from "../layout";
import { expm1 } from "../math/exp";

export function elu(alpha: f32, z: usize, y: usize, count: usize): void {
  const a = f32x4.splat(alpha), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, v128.bitselect(x, f32x4.mul(a, expm1(x)), f32x4.gt(x, zero)));
  }
}

export function eluBackward(alpha: f32, z: usize, y: usize, d: usize, count: usize): void {
  const a = f32x4.splat(alpha), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const Y = at(y + o);
    v128.store(d + o, f32x4.mul(at(d + o), v128.bitselect(f32x4.splat(1), f32x4.add(Y, a), f32x4.gt(Y, zero))));
  }
}
