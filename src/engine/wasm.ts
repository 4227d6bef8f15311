import { requireFunction } from '../util/options.ts';
import { Allocation, Heap } from './heap.ts';
import type { Engine, NetworkSpec } from './engine.ts';
import { instantiateKernels, type Kernels } from './module.ts';
import { engineFeature } from './feature.ts';
import { WasmNetwork } from './network.ts';
import type { EngineThreads } from './threads/engineThreads.ts';

export interface WasmEngine extends Engine {
  /** Bytes of the kernels' memory in use by networks and rows that are not disposed of. */
  readonly memoryInUse: number;
  /** Bytes of the kernels' memory, in use or free; it never shrinks. */
  readonly memorySize: number;
}

/**
 * The fast engine: WebAssembly SIMD, the same bits everywhere and for any number of threads, one until more are asked for. Networks made by one engine share its memory.
 * A network that becomes unreachable without `dispose` is freed some time after. `observe` may wrap the kernels to time them.
 */
export function createWasmEngine(observe: (kernels: Kernels) => Kernels = (kernels) => kernels): WasmEngine {
  requireFunction('createWasmEngine: observe', observe);
  const heap = new Heap();
  const kernels = instantiateKernels(heap.memory, observe);
  let threads: EngineThreads | undefined;
  const forgotten = new FinalizationRegistry((pieces: Allocation) => {
    pieces.freeAll();
  });
  return {
    name: 'wasm',
    get memoryInUse() {
      return heap.used;
    },
    get memorySize() {
      return heap.memory.buffer.byteLength;
    },
    startThreads(count) {
      threads ??= new (engineFeature('threads'))(heap);
      return threads.start(count);
    },
    createNetwork(spec: NetworkSpec) {
      const pieces = new Allocation(heap);
      const release = (): void => {
        pieces.freeAll();
      };
      try {
        const network = new WasmNetwork({ heap, kernels, pieces }, spec, release);
        forgotten.register(network, pieces);
        return network;
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}
