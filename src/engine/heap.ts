import { DactylError } from '../util/errors.ts';

const PAGE = 65_536;
const ALIGNMENT = 64;
/** A few milliseconds, and below 50 with kernels that are not compiled well yet. */
export const MOST_PRODUCTS = 1 << 23;

interface Block {
  start: number;
  end: number;
}

/** Hands out pieces of one WebAssembly memory and takes them back. First fit; neighbours that are free become one. */
export class Heap {
  /** Goes on in another one, at least as large, with the same bytes, where threads share it. */
  memory = new WebAssembly.Memory({ initial: 2 });
  /**
   * Ascending, never adjacent. The first page is left alone: 0 means 'none' to the kernels. So is the end of memory: a kernel may read the rest of a vector whose first floats are a
   * piece's last.
   */
  readonly #free: Block[] = [{ start: PAGE, end: 2 * PAGE - ALIGNMENT }];
  /** Bytes of each piece that is handed out, by its address. */
  readonly sizes = new Map<number, number>();
  /** From here on nothing was ever handed out: these are zeros that cost no time. */
  #untouched = PAGE;
  /** Products of a weight and a value that a kernel's call may come to, see `inParts`; as many for each of the threads that share them, without end unless work is taken in steps. */
  mostProducts = (): number => MOST_PRODUCTS;
  /** While work is taken in steps, between whose ops others may have a turn. */
  divides = false;
  /** Called before the memory is looked at, from an address on, or handed out: waits for other threads that work on it. */
  settle: (address?: number) => void = () => undefined;
  /** Told of each step of training that has ended. */
  stepped: () => void = () => undefined;
  /** Told of each piece that was given back. */
  freed: (address: number) => void = () => undefined;

  /** Returns the address of `bytes` zero bytes, aligned to 64. `any`: of whatever stands there, which takes no time. */
  allocate(bytes: number, any = false): number {
    this.settle();
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let index = this.#free.findIndex((block) => block.end - block.start >= size);
    if (index < 0) {
      this.#grow(size);
      index = this.#free.length - 1;
    }
    const block = this.#free[index];
    const address = block.start;
    block.start += size;
    if (block.start === block.end) this.#free.splice(index, 1);
    this.sizes.set(address, size);
    if (!any)
      new Uint8Array(this.memory.buffer, address, size).fill(0, 0, Math.max(0, this.#untouched - address));
    this.#untouched = Math.max(this.#untouched, block.start);
    return address;
  }

  free(address: number): void {
    const size = this.sizes.get(address);
    if (size === undefined) return;
    this.sizes.delete(address);
    let index = this.#free.findIndex((block) => block.start > address);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, { start: address, end: address + size });
    for (const place of [index + 1, index]) {
      // Of the first block the last one is before, and never ends where it starts.
      const before = this.#free.at(place - 1)!;
      const after = this.#free.at(place);
      if (before.end !== after?.start) continue;
      before.end = after.end;
      this.#free.splice(place, 1);
    }
    this.freed(address);
  }

  /** Where nothing lies, ascending. */
  get unused(): readonly Block[] {
    return this.#free;
  }

  /** Bytes handed out now. */
  get used(): number {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  bytes(address: number, length: number): Uint8Array {
    this.settle(address);
    return new Uint8Array(this.memory.buffer, address, length);
  }

  uint32(address: number, length: number): Uint32Array {
    this.settle(address);
    return new Uint32Array(this.memory.buffer, address, length);
  }

  float32(address: number, length: number): Float32Array {
    this.settle(address);
    return new Float32Array(this.memory.buffer, address, length);
  }

  float64(address: number, length: number): Float64Array {
    this.settle(address);
    return new Float64Array(this.memory.buffer, address, length);
  }

  #grow(size: number): void {
    const end = this.memory.buffer.byteLength - ALIGNMENT;
    const last = this.#free.at(-1);
    const missing = size - (last?.end === end ? end - last.start : 0);
    const pages = Math.ceil(missing / PAGE);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      const have = Math.round(end / 2 ** 20);
      const want = Math.round((pages * PAGE) / 2 ** 20);
      throw new DactylError(
        'E_MEMORY',
        `The engine holds ${have} MiB and cannot get ${want} MiB more (a WebAssembly memory ends at 4096 MiB). Use a smaller network or batch, or dispose of models that are not needed.`,
        { cause },
      );
    }
    if (last?.end === end) last.end += pages * PAGE;
    else this.#free.push({ start: end, end: end + pages * PAGE });
  }
}

/** The pieces of a heap that belong to one owner, given back together. */
export class Allocation {
  readonly #heap: Heap;
  readonly #addresses = new Set<number>();

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  floats(count: number, any?: boolean): number {
    return this.bytes(4 * count, any);
  }

  bytes(count: number, any?: boolean): number {
    const address = this.#heap.allocate(count, any);
    this.#addresses.add(address);
    return address;
  }

  /** Returns 0, no address, to stand where `address` stood: what is freed twice may be another's by then. */
  free(address: number): 0 {
    if (this.#addresses.delete(address)) this.#heap.free(address);
    return 0;
  }

  freeAll(): void {
    for (const address of this.#addresses) this.#heap.free(address);
    this.#addresses.clear();
  }
}
