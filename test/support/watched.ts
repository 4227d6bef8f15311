import { imageKernels } from '../../src/engine/imageModule.ts';
import type { Kernel, KernelTable } from '../../src/engine/linking.ts';
import type { LoneOp } from './ops.ts';

/** Kernels, watched: the products of each call, by the number of what it is asked for times what each is worth. */
export function watched(lone: LoneOp, worth: Readonly<Record<string, (args: number[]) => number>>): number[] {
  const { heap, kernels } = lone.context;
  const seen: number[] = [];
  for (const table of [kernels, imageKernels(heap.memory)] as unknown as KernelTable[]) {
    for (const [name, products] of Object.entries(worth)) {
      const kernel = table[name] as Kernel | undefined;
      if (!kernel) continue;
      table[name] = (...args) => {
        seen.push(products(args));
        return kernel(...args);
      };
    }
  }
  return seen;
}
