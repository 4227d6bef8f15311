import { DactylError } from '../util/errors.ts';
import { type Context, paddedRows } from './context.ts';
import type { NetworkSpec, Rows } from './engine.ts';
import { type Outputs, outputsOf } from './op.ts';
import { type BatchInputs, type DenseRows, DistortedRows, SparseBatch, SparseRows } from './rows.ts';
import { type Stage, stack } from './stack.ts';

/** Rows evaluated at a time; the results do not depend on it. */
export const EVALUATION_ROWS = 128;

/** Takes batches of rows through a network's ops, upwards and back. */
export class Pass {
  readonly context: Context;
  readonly spec: NetworkSpec;
  readonly stages: readonly Stage[];
  /** What the first op reads; d only while gradients of the inputs are asked for. */
  readonly inputs: Outputs & { y: number; d: number };
  /** What each op read in the last forward pass. */
  readonly read: BatchInputs[] = [];
  readonly #sparseBatch: SparseBatch;
  #capacity = 0;
  disposed = false;

  constructor(context: Context, spec: NetworkSpec) {
    this.context = context;
    this.spec = spec;
    this.inputs = outputsOf(spec.shape);
    this.stages = stack(context, this.inputs, spec.steps);
    this.#sparseBatch = new SparseBatch(context, this.inputs.stride);
  }

  /** Of the last op. */
  get last(): Outputs {
    return this.stages[this.stages.length - 1].op.out;
  }

  /** E_STATE once the network is disposed of. */
  requireAlive(): void {
    if (this.disposed) throw new DactylError('E_STATE', 'This model was disposed of; make a new one.');
  }

  /** Puts a batch where the first op reads it. */
  choose(rows: Rows, batch: Uint32Array): BatchInputs {
    this.requireAlive();
    this.resize(batch.length);
    const { heap, pieces } = this.context;
    const readsSparse = this.stages[0].op.readsSparse === true;
    const sparse = rows instanceof SparseRows || rows instanceof DistortedRows;
    if (sparse) {
      this.#sparseBatch.gather(rows, batch);
      if (readsSparse) return { kind: 'sparse', batch: this.#sparseBatch };
    }
    const floats = this.#capacity * this.inputs.stride;
    this.inputs.y ||= pieces.floats(floats);
    const x = heap.float32(this.inputs.y, floats);
    if (sparse) this.#sparseBatch.scatter(batch.length, x);
    else (rows as DenseRows).gather(batch, x);
    return { kind: 'dense', x: this.inputs.y };
  }

  /** Returns where the outputs of the first `steps` ops lie. */
  forward(inputs: BatchInputs, count: number, training: boolean, steps = this.stages.length): number {
    let x = inputs;
    for (let i = 0; i < steps; i++) {
      this.read[i] = x;
      x = this.stages[i].op.forward(x, count, training);
    }
    return (x as Extract<BatchInputs, { kind: 'dense' }>).x;
  }

  /** From the d of op `from` − 1 down to what op `to` read. */
  backward(from: number, to: number, count: number): void {
    for (let i = from - 1; i >= to; i--) {
      const below = i === 0 ? this.inputs : this.stages[i - 1].op.out;
      this.stages[i].op.backward(this.read[i], below.d, count);
    }
  }

  /** Rows in their order, 128 at a time, dropout off; `address`: of what the first `steps` ops gave. */
  forEachChunk(
    rows: Rows,
    steps: number,
    visit: (count: number, batch: Uint32Array, address: number) => void,
    [from, to]: readonly [from: number, to: number] = [0, rows.count],
  ): void {
    for (let first = from; first < to; first += EVALUATION_ROWS) {
      const batch = consecutive(first, Math.min(EVALUATION_ROWS, to - first));
      const { length } = batch;
      visit(length, batch, this.forward(this.choose(rows, batch), length, false, steps));
    }
  }

  /** Copies f32[count][stride] at `address` to the plain array [count][width]. */
  unpad(address: number, { width, stride }: Outputs, count: number, plain: Float32Array): void {
    const padded = this.context.heap.float32(address, count * stride);
    for (let s = 0; s < count; s++) plain.set(padded.subarray(s * stride, s * stride + width), s * width);
  }

  resize(rows: number): void {
    if (rows <= this.#capacity) return;
    const capacity = paddedRows(rows);
    // Where memory ends midway, the next batch starts afresh.
    this.#capacity = 0;
    this.inputs.y = this.context.pieces.free(this.inputs.y);
    for (const { op } of this.stages) op.resize(capacity);
    this.#sparseBatch.resize(capacity);
    this.#capacity = capacity;
  }
}

/** The numbers of `count` rows, from `first` on. */
export function consecutive(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, s) => first + s);
}
