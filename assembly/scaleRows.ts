// Rows of gradients times what each row counts: its weight in the loss, or its share where rows are clipped one by one.

import { at } from "./layout";

/** Row s of d, f32[rows][stride], times factors f32[s]. */
export function scaleRows(d: usize, rows: usize, stride: usize, factors: usize): void {
  const rowBytes = stride << 2;
  for (let s: usize = 0; s < rows; s++) {
    const factor = v128.load32_splat(factors + (s << 2));
    for (const end = d + rowBytes; d < end; d += 16) v128.store(d, f32x4.mul(at(d), factor));
  }
}
