// The length of each row's gradient, for training with differential privacy.

import { at, mulAdd } from "../layout";
import { sumOfLanes } from "../math/lanes";

/** sums f64[rows]: sum over the row of x x, in four lanes of float32, each ascending. stride: a multiple of 4. */
export function rowSquares(x: usize, rows: usize, stride: usize, sums: usize): void {
  const rowBytes = stride << 2;
  for (let s: usize = 0; s < rows; s++) {
    let sum = f32x4.splat(0);
    for (const end = x + rowBytes; x < end; x += 16) { const v = at(x); sum = mulAdd(sum, v, v); }
    store<f64>(sums + (s << 3), <f64>sumOfLanes(sum));
  }
}

/** The same of sparse rows (sparseRows.ts) from `first` to before `rows`, in the order of their columns, in float64. */
export function sparseSquares(rows: usize, rowEnds: usize, entries: usize, sums: usize, first: usize): void {
  let q = first ? entries + (<usize>load<u32>(rowEnds + (first - 1 << 2)) << 3) : entries;
  for (let s = first; s < rows; s++) {
    let sum: f64 = 0;
    for (const end = entries + (<usize>load<u32>(rowEnds + (s << 2)) << 3); q < end; q += 8) {
      const v = <f64>load<f32>(q, 4);
      sum += v * v;
    }
    store<f64>(sums + (s << 3), sum);
  }
}
