import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

interface PeakKernels {
  readonly memory: WebAssembly.Memory;
  multiplyAdds(count: number, p: number): number;
  adamUpdates(
    count: number,
    p: number,
    beta1: number,
    beta2: number,
    alpha: number,
    epsilon: number,
    gradient: number,
  ): void;
}

export interface Limit {
  readonly gigaflops: number;
  /** For four weights. */
  readonly adamNanoseconds: number;
  /** Seconds for one epoch of the paper's recipe if every step ran at the peak. */
  readonly seconds: number;
}

const STEPS = 1_875;
/** Multiply-adds of a step of batch 32: the first layer's non-zero pixels twice, the other layers three times. */
const NON_ZERO_PIXELS = 149.9;
const MULTIPLY_ADDS = 32 * (2 * NON_ZERO_PIXELS * 128 + 3 * (128 * 64 + 64 * 32 + 32 * 10));
const WEIGHTS = 111_146;
/** Of each sample: a few milliseconds, short enough to find the core undisturbed. */
const COUNT = 500_000;
const SAMPLES = 20;

/**
 * What plain SIMD128 allows on this core: the step's multiply-adds at the measured peak, and its Adam updates at theirs. On a shared
 * machine one measurement says little: `sample` is called between the epochs of a race, and the least of all samples counts.
 */
export async function createLimit(): Promise<{ sample(): void; least(): Limit }> {
  const output = 'build/peak.wasm';
  const flags = [
    '--outFile',
    output,
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--noAssert',
    '--use',
    'abort=',
  ];
  const { error, stderr } = await asc.main(['bench/assembly/peak.ts', ...flags]);
  if (error) throw new Error(stderr.toString());
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(output)));
  const kernels = exports as unknown as PeakKernels;
  const address = kernels.memory.grow(1) * 65_536;
  const leastSeconds = (before: number, run: (count: number) => void): number => {
    const times = Array.from({ length: SAMPLES }, () => {
      const start = performance.now();
      run(COUNT);
      return (performance.now() - start) / 1000 / COUNT;
    });
    return Math.min(before, ...times);
  };
  let multiplyAdd = Infinity;
  let update = Infinity;
  return {
    sample() {
      multiplyAdd = leastSeconds(multiplyAdd, (count) => kernels.multiplyAdds(count, address));
      update = leastSeconds(update, (count) => {
        kernels.adamUpdates(count, address, 0.9, 0.999, 1e-3, 1e-6, 1e-3);
      });
    },
    least() {
      const one = multiplyAdd / (8 * 4);
      return {
        gigaflops: 2e-9 / one,
        adamNanoseconds: 1e9 * update,
        seconds: STEPS * (MULTIPLY_ADDS * one + (WEIGHTS * update) / 4),
      };
    },
  };
}
