// y = max(0, x); dy/dx = 1 where y > 0, else 0.

import { at } from "../layout";

export function relu(z: usize, y: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) v128.store(y + o, f32x4.pmax(at(z + o), zero));
}

export function reluBackward(z: usize, y: usize, d: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) v128.store(d + o, v128.and(at(d + o), f32x4.gt(at(y + o), zero)));
}
