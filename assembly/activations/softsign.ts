// y = x / (1 + |x|); dy/dx = (1 - |y|)^2.

import { at } from "../layout";

export function softsign(z: usize, y: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const x = at(z + o);
    v128.store(y + o, f32x4.div(x, f32x4.add(one, f32x4.abs(x))));
  }
}

export function softsignBackward(z: usize, y: usize, d: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    const rest = f32x4.sub(one, f32x4.abs(at(y + o)));
    v128.store(d + o, f32x4.mul(at(d + o), f32x4.mul(rest, rest)));
  }
}
