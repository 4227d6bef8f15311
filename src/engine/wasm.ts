import { requireFunction } from '../util/options.ts';
import { Allocation, Heap } from './heap.ts';
import type { Engine, NetworkSpec, Threads } from './engine.ts';
import { instantiateKernels, type Kernels } from './module.ts';
import { WasmNetwork } from './network.ts';
import type { Team } from './threads/team.ts';

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
  const plain = instantiateKernels(heap.memory);
  const kernels = { ...observe(plain) };
  const threads = new EngineThreads(heap, () => {
    Object.assign(kernels, observe(plain));
  });
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
    startThreads: (count) => threads.start(count),
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

/** The team of an engine, while someone needs it. */
class EngineThreads {
  readonly #heap: Heap;
  readonly #exchanged: () => void;
  #team: Promise<Team | undefined> | undefined;
  #users = 0;

  /** `exchanged` is called when the kernels on the heap are others. */
  constructor(heap: Heap, exchanged: () => void) {
    this.#heap = heap;
    this.#exchanged = exchanged;
  }

  async start(count: number): Promise<Threads> {
    if (count === 1 || !canShareMemory()) return { count: 1, stop: () => undefined };
    this.#users++;
    const team = await (this.#team ??= this.#startTeam(count));
    let used = true;
    return {
      count: team?.count ?? 1,
      stop: () => {
        if (!used) return;
        used = false;
        if (--this.#users > 0) return;
        this.#team = undefined;
        team?.end();
        this.#exchanged();
      },
    };
  }

  /** The code is loaded only now. */
  async #startTeam(count: number): Promise<Team | undefined> {
    const { startTeam } = await import('./threads/team.ts');
    const team = await startTeam(this.#heap, count);
    this.#exchanged();
    return team;
  }
}

function canShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === 'function' && crossOriginIsolated !== false;
}
