import type { Heap } from '../heap.ts';
import type * as Linking from '../linking.ts';
import type { Kernel, KernelTable } from '../linking.ts';

const PAGE = 65_536;
/** Bytes that are copied in a turn, which takes some milliseconds: memory is slow where it is first written to. */
const COPIED_AT_A_TIME = 1 << 22;
/** As many as a memory can have; a shared one has to say how many it will have at most. */
const MOST_PAGES = 65_536;

/** What this file needs of others, see `TeamTools`. */
export interface SharingTools extends Pick<typeof Linking, 'moveKernels' | 'replaceKernels'> {
  readonly yieldToEvents: (first?: boolean) => Promise<void>;
}

/**
 * Moves everything on the heap, kernels too, into a memory that threads can share, if it is not in one yet; addresses stay. Throws what the engine
 * throws where it has no such memory.
 */
export async function shareMemory(heap: Heap, tools: SharingTools): Promise<void> {
  if (heap.memory.buffer instanceof SharedArrayBuffer) return;
  const shared = new WebAssembly.Memory({ initial: 0, maximum: MOST_PAGES, shared: true });
  const { memory } = heap;
  let used = false;
  const note = (): void => {
    used = true;
  };
  // What is copied in turns is copied again if anyone used the heap meanwhile: with the other fits waiting, and if it was used even then, at once.
  heap.settle = note;
  tools.replaceKernels(memory, (plain) => noted(plain, note));
  try {
    for (const othersWait of [false, true]) {
      if (othersWait && !used) break;
      used = false;
      for (let from = 0; from < memory.buffer.byteLength;) {
        const free = heap.unused.find(({ end }) => end > from);
        if (free && free.start <= from) {
          from = free.end;
          continue;
        }
        const { byteLength } = memory.buffer;
        const to = Math.min(from + COPIED_AT_A_TIME, free?.start ?? byteLength, byteLength);
        shared.grow(Math.ceil(Math.max(0, to - shared.buffer.byteLength) / PAGE));
        new Uint8Array(shared.buffer, from).set(new Uint8Array(memory.buffer, from, to - from));
        from = to;
        await tools.yieldToEvents(othersWait);
      }
    }
  } finally {
    heap.settle = () => undefined;
    tools.replaceKernels(memory);
  }
  if (used) new Uint8Array(shared.buffer).set(new Uint8Array(memory.buffer));
  tools.moveKernels(memory, shared);
  heap.memory = shared;
}

function noted(plain: KernelTable, note: () => void): KernelTable {
  const kernels = Object.entries(plain).map(([name, kernel]): [string, Kernel] => [
    name,
    (...args) => {
      note();
      return kernel(...args);
    },
  ]);
  return Object.fromEntries(kernels);
}
