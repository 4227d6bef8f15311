// y = tanh x; dy/dx = 1 - y y.

import { at } from "../layout";
import { tanh as tanhOf } from "../math/tanh";

export function tanh(z: usize, y: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, tanhOf(x));
  }
}

export function tanhBackward(z: usize, y: usize, d: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const Y = at(y + o);
    v128.store(d + o, f32x4.mul(at(d + o), f32x4.sub(one, f32x4.mul(Y, Y))));
  }
}
