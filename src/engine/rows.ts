import type { Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { type Context, paddedWidth } from './context.ts';
import type { Rows } from './inputs.ts';
import { inParts, VALUE } from './parts.ts';
import type { EntryRows } from './sparseRows.ts';

/** A chosen batch where the first dense layer reads it. */
export type BatchInputs =
  { readonly kind: 'dense'; readonly x: number } | { readonly kind: 'sparse'; readonly batch: SparseBatch };

/** One batch of sparse rows, gathered, and its transpose (`assembly/sparseRows.ts`). */
export class SparseBatch {
  readonly #context: Context;
  readonly #stride: number;
  readonly columnEnds: number;
  #capacity = 0;
  /** For all below, taken with the first batch: the numbers of its rows stand at its beginning. */
  #room = 0;
  rowEnds = 0;
  entries = 0;
  sorted = 0;

  /** `stride`: the padded number of columns. */
  constructor(context: Context, stride: number) {
    this.#context = context;
    this.#stride = stride;
    this.columnEnds = context.pieces.bytes(4 * (stride + 1));
  }

  resize(rows: number): void {
    this.#capacity = rows;
    this.#room = this.#context.pieces.free(this.#room);
  }

  gather(rows: EntryRows, batch: Uint32Array): Steps<void> {
    const context = this.#context;
    const { heap, pieces } = context;
    const size = 8 * this.#capacity;
    const numbers = (this.#room ||= pieces.bytes(size * (1 + 2 * this.#stride), true));
    this.rowEnds = numbers + size / 2;
    this.entries = numbers + size;
    this.sorted = this.entries + size * this.#stride;
    heap.uint32(numbers, batch.length).set(batch);
    const { rowEnds, entries } = this;
    return this.#inParts(batch.length, rows.products, (first, count) => {
      rows.gather(context, { numbers, count, rowEnds, entries, first });
    });
  }

  /** Writes the gathered rows to x, f32[rows][stride], for an op that does not read them without their zeros. */
  scatter(count: number, x: () => Float32Array): Steps<void> {
    const { heap } = this.#context;
    let k = 0;
    return this.#inParts(count, VALUE, (from, to) => {
      const rows = x()
        .subarray(from * this.#stride, to * this.#stride)
        .fill(0);
      const ends = heap.uint32(this.rowEnds, to);
      const columns = heap.uint32(this.entries, 2 * ends[to - 1]);
      const values = heap.float32(this.entries, columns.length);
      for (let s = from; s < to; s++) {
        for (; k < ends[s]; k++) rows[(s - from) * this.#stride + columns[2 * k]] = values[2 * k + 1];
      }
    });
  }

  /** `rowBytes`: of the gradient that the sorted entries will point into. */
  *sort(count: number, rowBytes: number): Steps<void> {
    const { rowEnds, entries, columnEnds, sorted } = this;
    const { heap, kernels } = this.#context;
    const width = this.#stride;
    if (count === 0) heap.uint32(columnEnds, width + 1).fill(0);
    yield* this.#inParts(count, VALUE, (from, to) => {
      kernels.countColumns(to, rowEnds, entries, width, columnEnds, from);
    });
    yield* this.#inParts(count, VALUE, (from, to) => {
      kernels.sortColumns(to, rowEnds, entries, width, rowBytes, columnEnds, sorted, from);
    });
  }

  /** `products`: what a value counts. */
  #inParts(rows: number, products: number, take: (from: number, to: number) => void): Steps<void> {
    return inParts(this.#context, [rows, products * this.#stride, 1], take);
  }
}

/** Inputs left where they are; a batch is copied, scaled and padded when it is used. */
export class DenseRows implements Rows {
  readonly kind = 'dense';
  readonly count: number;
  readonly #data: Tensor['data'];
  readonly #width: number;
  readonly #scale: number;
  readonly #offset: number;
  /** What each byte means, where the data are bytes. */
  readonly #table: Float32Array | undefined;

  constructor(inputs: Tensor, width: number, scale: number, offset: number) {
    this.count = inputs.data.length / width;
    if (inputs.data instanceof Uint8Array) {
      this.#table = Float32Array.from({ length: 256 }, (_, value) => value * scale + offset);
    }
    this.#data = inputs.data;
    this.#width = width;
    this.#scale = scale;
    this.#offset = offset;
  }

  /** Writes the rows numbered in `batch` to x, f32[rows][padded width]: of each the columns from `first` to before `until`. */
  gather(batch: ArrayLike<number>, x: Float32Array, first = 0, until = this.#width): void {
    const width = this.#width;
    const stride = paddedWidth(width);
    const plain = this.#scale === 1 && this.#offset === 0;
    const table = this.#table;
    for (let s = 0; s < batch.length; s++) {
      const from = batch[s] * width;
      const to = s * stride;
      if (table) for (let i = first; i < until; i++) x[to + i] = table[this.#data[from + i]];
      else if (plain) x.set(this.#data.subarray(from + first, from + until), to + first);
      else for (let i = first; i < until; i++) x[to + i] = this.#data[from + i] * this.#scale + this.#offset;
    }
  }

  dispose(): void {
    // Nothing of the kernels' memory is held.
  }
}
