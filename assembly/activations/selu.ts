// y = c x where x > 0, else c a (e^x - 1); dy/dx = c or y + c a (Klambauer et al. 2017).

import { at } from "../layout";
import { expm1 } from "../math/exp";

// @ts-ignore: decorator
@inline const SCALE: f32 = 1.05070099;
// @ts-ignore: decorator
@inline const SCALE_ALPHA: f32 = 1.75809934;

export function selu(z: usize, y: usize, count: usize): void { scaled(SCALE, SCALE_ALPHA, z, y, count); }

export function seluBackward(z: usize, y: usize, d: usize, count: usize): void { scaledBackward(SCALE, SCALE_ALPHA, y, d, count); }

export function scaled(scale: f32, scaleAlpha: f32, z: usize, y: usize, count: usize): void {
  const c = f32x4.splat(scale), ca = f32x4.splat(scaleAlpha), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, v128.bitselect(f32x4.mul(c, x), f32x4.mul(ca, expm1(x)), f32x4.gt(x, zero)));
  }
}

export function scaledBackward(scale: f32, scaleAlpha: f32, y: usize, d: usize, count: usize): void {
  const c = f32x4.splat(scale), ca = f32x4.splat(scaleAlpha), zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const Y = at(y + o);
    v128.store(d + o, f32x4.mul(at(d + o), v128.bitselect(c, f32x4.add(Y, ca), f32x4.gt(Y, zero))));
  }
}
