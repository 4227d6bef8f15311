import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Context } from './context.ts';
import { Allocation, type Heap } from './heap.ts';
import type { Rows } from './inputs.ts';
import { VALUE } from './parts.ts';

/** Columns are numbered in 16 bits. */
export const MOST_COLUMNS = 65_536;
const CHUNK_BYTES = 1 << 20;
/** Inputs that are no bytes are sparse where at most this share of their values is not zero: beyond, the dense path is as fast. */
const MOST_NON_ZERO = 0.5;
/** Of inputs that are no bytes: they are copied into the kernels' memory, which ends at 4 GiB, dense ones are not. */
const MOST_ENTRIES = 1 << 27;

/** Rows whose zeros are left out. */
export interface EntryRows extends Rows {
  readonly kind: 'sparse';
  /** What a value counts that is gathered, see `inParts`. */
  readonly products: number;
  gather(context: Context, task: GatherTask): void;
}

/** Where the numbers of the chosen rows are, and where their entries go: those from `first` on after those before. */
export interface GatherTask {
  readonly numbers: number;
  readonly count: number;
  readonly rowEnds: number;
  readonly entries: number;
  readonly first: number;
}

/** How values are put before the kernels, and the kernels for them. */
interface Form {
  /** Bytes of a value. */
  readonly size: 1 | 4;
  readonly count: 'countNonZero' | 'countNonZeroFloats';
  readonly compress: 'compress' | 'compressFloats';
  /** Copies values from `from` on to before `to`. */
  readonly load: (address: number, from: number, to: number) => void;
}

/** Inputs without their zeros, as compressed sparse rows in the kernels' memory (`assembly/sparseRows.ts`). */
export class SparseRows implements EntryRows {
  readonly kind = 'sparse';
  readonly products = VALUE;
  readonly count: number;
  /** f32[256]: what a byte means; 0 where the values are floats. */
  readonly #table: number;
  readonly #starts: number;
  readonly #columns: number;
  readonly #values: number;
  readonly #pieces: Allocation;

  /** Steps of about a megabyte. Undefined for inputs other than bytes that have too few zeros. */
  static *prepare(
    { heap, kernels }: Context,
    { data }: Tensor,
    width: number,
    scale: number,
  ): Steps<SparseRows | undefined> {
    const pieces = new Allocation(heap);
    let rows: SparseRows | undefined;
    try {
      const bytes = data instanceof Uint8Array;
      const form = bytes ? byteForm(heap, data) : floatForm(heap, data, scale);
      const most = bytes ? Infinity : Math.min(MOST_ENTRIES, MOST_NON_ZERO * data.length);
      const count = data.length / width;
      const rowsPerChunk = Math.min(count, Math.max(1, Math.floor(CHUNK_BYTES / (form.size * width))));
      const chunk = pieces.bytes(form.size * rowsPerChunk * width, true);
      const starts = pieces.bytes(4 * (count + 1));
      let entries = 0;
      for (let first = 0; first < count; first += rowsPerChunk) {
        const last = Math.min(first + rowsPerChunk, count);
        form.load(chunk, first * width, last * width);
        kernels[form.count](chunk, last - first, width, starts + 4 * (first + 1));
        const sums = heap.uint32(starts, count + 1);
        for (let i = first; i < last; i++) sums[i + 1] += sums[i];
        entries = sums[last];
        if (entries > most) return undefined;
        if (last < count) yield;
      }
      // One entry more than needed: `compress` writes ahead of knowing whether the value is zero.
      const columns = pieces.bytes(2 * (entries + 1));
      const values = pieces.bytes(form.size * (entries + 1));
      for (let first = 0; first < count; first += rowsPerChunk) {
        const last = Math.min(first + rowsPerChunk, count);
        // A single chunk is still there.
        if (rowsPerChunk < count) form.load(chunk, first * width, last * width);
        const at = heap.uint32(starts, count + 1)[first];
        kernels[form.compress](chunk, last - first, width, columns, values, at);
        if (last < count) yield;
      }
      pieces.free(chunk);
      const table = bytes ? meaningOfBytes(pieces, heap, scale) : 0;
      rows = new SparseRows(pieces, count, [table, starts, columns, values]);
      return rows;
    } finally {
      if (!rows) pieces.freeAll();
    }
  }

  private constructor(
    pieces: Allocation,
    count: number,
    [table, starts, columns, values]: readonly [number, number, number, number],
  ) {
    this.#pieces = pieces;
    this.count = count;
    this.#table = table;
    this.#starts = starts;
    this.#columns = columns;
    this.#values = values;
  }

  /** Whether they were bytes. */
  get bytes(): boolean {
    return this.#table !== 0;
  }

  gather({ kernels }: Context, { numbers, count, rowEnds, entries, first }: GatherTask): void {
    const [table, starts, columns, values] = [this.#table, this.#starts, this.#columns, this.#values];
    kernels.gatherRows(numbers, count, starts, columns, values, table, rowEnds, entries, first);
  }

  dispose(): void {
    this.#pieces.freeAll();
  }
}

function byteForm(heap: Heap, data: Uint8Array): Form {
  return {
    size: 1,
    count: 'countNonZero',
    compress: 'compress',
    load(address, from, to) {
      heap.bytes(address, to - from).set(data.subarray(from, to));
    },
  };
}

/** What a value means is what is stored, so that one too small for a float counts as the zero that it becomes. */
function floatForm(heap: Heap, data: Tensor['data'], scale: number): Form {
  return {
    size: 4,
    count: 'countNonZeroFloats',
    compress: 'compressFloats',
    load(address, from, to) {
      const floats = heap.float32(address, to - from);
      if (scale === 1) floats.set(data.subarray(from, to));
      else for (let i = from; i < to; i++) floats[i - from] = data[i] * scale;
    },
  };
}

const meanings = { scale: NaN, values: new Float32Array(256) };

/** f32[256]: what a byte means. */
export function meaningOfBytes(pieces: Allocation, heap: Heap, scale: number): number {
  if (meanings.scale !== scale) {
    meanings.scale = scale;
    for (let value = 0; value < 256; value++) meanings.values[value] = value * scale;
  }
  const table = pieces.floats(256, true);
  heap.float32(table, 256).set(meanings.values);
  return table;
}
