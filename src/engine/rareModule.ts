import { linkKernels } from './linking.ts';
import { RARE_KERNELS } from './rareKernels.ts';

type Address = number;

/** The exports of `assembly/rare/`; each is documented there. */
export interface RareKernels {
  adagradAll(w: Address, v: Address, g: Address, count: number, rate: number, epsilon: number): void;
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
  ): void;
  lionAll(
    w: Address,
    m: Address,
    g: Address,
    count: number,
    rate: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
  ): void;
  rmspropAll(
    w: Address,
    v: Address,
    u: Address,
    n: Address,
    g: Address,
    count: number,
    rate: number,
    rho: number,
    rest: number,
    momentum: number,
    epsilon: number,
  ): void;
}

/** The kernels that few networks need, working on `memory`. */
export function rareKernels(memory: WebAssembly.Memory): RareKernels {
  return linkKernels(memory, RARE_KERNELS);
}
