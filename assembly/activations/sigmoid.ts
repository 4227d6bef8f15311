// y = 1 / (1 + e^-x); dy/dx = y (1 - y).

import { at } from "../layout";
import { exp } from "../math/exp";

export function sigmoid(z: usize, y: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x)))));
  }
}

export function sigmoidBackward(z: usize, y: usize, d: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const Y = at(y + o);
    v128.store(d + o, f32x4.mul(at(d + o), f32x4.mul(Y, f32x4.sub(one, Y))));
  }
}
