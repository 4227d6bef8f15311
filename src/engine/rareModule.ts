import { linkKernels } from './linking.ts';
import { RARE_KERNELS } from './rareKernels.ts';

export type Address = number;

/** The exports of `assembly/rare/` but for those of the optimizers, whose files name their own; each is documented there. */
export interface RareKernels {
  average(a: Address, w: Address, count: number, rest: number): void;
  rowSquares(x: Address, rows: number, stride: number, sums: Address): void;
  sparseSquares(rows: number, rowEnds: Address, entries: Address, sums: Address, first: number): void;
  addNoise(g: Address, count: number, sd: number, state: Address): void;
  prepareDistort(scratch: Address): void;
  distortRows(
    batch: Address,
    rows: number,
    images: Address,
    stream: number,
    epoch: number,
    limits: Address,
    scratch: Address,
    table: Address,
    rowEnds: Address,
    entries: Address,
    first: number,
  ): void;
}

/** The kernels that few networks need, working on `memory`. */
export function rareKernels<K = RareKernels>(memory: WebAssembly.Memory): K {
  return linkKernels(memory, RARE_KERNELS);
}
