import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

interface PeakKernels {
  peak(count: number): number;
  adam(count: number): number;
}

export interface Limit {
  readonly gigaflops: number;
  /** Seconds for one epoch of the paper's recipe if every step ran at the peak. */
  readonly seconds: number;
}

const STEPS = 1_875;
/** Multiply-adds of a step of batch 32: the first layer's non-zero pixels twice, the other layers three times. */
const NON_ZERO_PIXELS = 149.9;
const MULTIPLY_ADDS = 32 * (2 * NON_ZERO_PIXELS * 128 + 3 * (128 * 64 + 64 * 32 + 32 * 10));
const WEIGHTS = 111_146;

/** What plain SIMD128 allows on this core: the step's multiply-adds at the measured peak, and its Adam updates at theirs. */
export async function measureLimit(): Promise<Limit> {
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
  const perLoop = (run: (count: number) => void): number => {
    const count = 2_000_000;
    run(count);
    const times = Array.from({ length: 9 }, () => {
      const start = performance.now();
      run(count);
      return (performance.now() - start) / 1000 / count;
    });
    return Math.min(...times);
  };
  const multiplyAdd = perLoop((count) => kernels.peak(count)) / (12 * 4);
  const update = perLoop((count) => kernels.adam(count)) / (4 * 4);
  return { gigaflops: 2e-9 / multiplyAdd, seconds: STEPS * (MULTIPLY_ADDS * multiplyAdd + WEIGHTS * update) };
}
