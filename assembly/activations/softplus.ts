// y = log(1 + e^x) = max(x, 0) + log(1 + e^-|x|); dy/dx = 1 / (1 + e^-x).

import { at } from "../layout";
import { exp } from "../math/exp";
import { log1p } from "../math/log";

export function softplus(z: usize, y: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, f32x4.add(f32x4.pmax(x, zero), log1p(exp(f32x4.neg(f32x4.abs(x))))));
  }
}

export function softplusBackward(z: usize, y: usize, d: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    v128.store(d + o, f32x4.div(at(d + o), f32x4.add(f32x4.splat(1), exp(f32x4.neg(at(z + o))))));
  }
}
