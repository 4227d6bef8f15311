import type { Allocation, Heap } from './heap.ts';
import type { Kernels } from './module.ts';

/** What a network's parts share: the kernels, the memory they work on, and the network's own pieces of it. */
export interface Context {
  readonly heap: Heap;
  readonly kernels: Kernels;
  readonly pieces: Allocation;
}

/** Widths are rounded up to 8 columns, batches to 4 rows: the register tiles of `assembly/dense.ts`. */
export function paddedWidth(width: number): number {
  return Math.ceil(width / 8) * 8;
}

export function paddedRows(rows: number): number {
  return Math.ceil(rows / 4) * 4;
}

/** Position of entry [row][column] in a matrix laid out as `assembly/layout.ts` says; `rows`, `columns`: padded extents. */
export function blockedIndex(rows: number, columns: number, row: number, column: number): number {
  const block = column >> 5;
  const width = Math.min(32, columns - 32 * block);
  return rows * 32 * block + row * width + (column & 31);
}
