import { consecutive } from '../util/consecutive.ts';
import { DactylError } from '../util/errors.ts';
import { type Context, paddedRows } from './context.ts';
import type { NetworkSpec, Rows } from './engine.ts';
import { atOnce, isSteps, type Steps } from '../util/steps.ts';
import { type Outputs, outputsOf } from './op.ts';
import { imagesInParts, VALUE } from './parts.ts';
import { type BatchInputs, type DenseRows, SparseBatch } from './rows.ts';
import type { EntryRows } from './sparseRows.ts';
import { type Stage, stack, type Unit, unitsOf } from './stack.ts';

/** Rows evaluated at a time; the results do not depend on it. */
export const EVALUATION_ROWS = 128;
/** A larger batch is read with its zeros: a column's gradient without them sums over all rows in one call of the kernel. */
const MOST_SPARSE_ROWS = 1 << 20;

type Visit = (count: number, batch: Uint32Array, address: number) => void | Steps<void>;

/** Takes batches of rows through a network's ops, upwards and back. */
export class Pass {
  readonly context: Context;
  readonly spec: NetworkSpec;
  readonly stages: readonly Stage[];
  readonly units: readonly Unit[];
  /** What the first op reads; d only while gradients of the inputs are asked for. */
  readonly inputs: Outputs & { y: number; d: number };
  /** What each unit read in the last forward pass. */
  readonly #read = new Map<Unit, BatchInputs>();
  readonly #sparseBatch: SparseBatch;
  readonly #widest: number;
  #capacity = 0;
  /** Of the stages that others cover: none until the outputs of one are asked for. */
  #coveredCapacity = 0;
  disposed = false;
  /** Goes on with work that stands between two of its steps, up to the next. */
  #goOn: (() => void) | undefined;

  constructor(context: Context, spec: NetworkSpec) {
    this.context = context;
    this.spec = spec;
    this.inputs = outputsOf(spec.shape);
    this.stages = stack(context, this.inputs, spec.steps);
    this.units = unitsOf(this.stages);
    this.#widest = Math.max(this.inputs.stride, ...this.stages.map(({ op }) => op.out.stride));
    this.#sparseBatch = new SparseBatch(context, this.inputs.stride);
  }

  /** Of the last op. */
  get last(): Outputs {
    return this.stages[this.stages.length - 1].op.out;
  }

  /** The same steps; whoever asks anything of the network between two of them takes the rest first, at once or in turns with its owner. */
  *apart<T>(work: Steps<T>): Steps<T> {
    // Of a step that was left off.
    yield* this.takeRest();
    const { heap } = this.context;
    let result: IteratorResult<undefined, T> | undefined;
    const goOn = (): void => {
      // Amid it the network is asked by itself.
      this.#goOn = undefined;
      heap.divides = true;
      try {
        result = work.next();
      } catch (error) {
        // For its owner, whoever took this step.
        result = {
          done: true,
          get value(): T {
            throw error;
          },
        };
      }
      heap.divides = false;
      if (!result.done) this.#goOn = goOn;
    };
    for (;;) {
      // By others, perhaps.
      if (!result?.done) goOn();
      if (result!.done) return result!.value;
      yield;
    }
  }

  /** What is left of work that is under way, in steps. */
  *takeRest(): Steps<void> {
    while (this.#goOn) {
      this.#goOn();
      yield;
    }
  }

  /** E_STATE once the network is disposed of. */
  requireAlive(): void {
    atOnce(this.takeRest());
    if (this.disposed) throw new DactylError('E_STATE', 'This model was disposed of; make a new one.');
  }

  /** Puts a batch where the first op reads it; with its zeros where `plain` asks for them. */
  *choose(rows: Rows, batch: Uint32Array, plain = false): Steps<BatchInputs> {
    yield* this.resize(batch.length);
    const { stride, width } = this.inputs;
    const chosen = rows as EntryRows | DenseRows;
    if (chosen.kind === 'sparse') {
      yield* this.#sparseBatch.gather(chosen, batch);
      return this.readsSparse && !plain && batch.length <= MOST_SPARSE_ROWS
        ? { kind: 'sparse', batch: this.#sparseBatch }
        : yield* this.withZeros(batch.length);
    }
    // Counted twice: rows of the owner's memory, scaled and converted.
    const products = 2 * VALUE * stride;
    yield* imagesInParts(this.context, [batch.length, products], [width, 1], (from, count, ...columns) => {
      chosen.gather(
        batch.subarray(from, from + count),
        this.#plainInputs().subarray(from * stride),
        ...columns,
      );
    });
    return { kind: 'dense', x: this.inputs.y };
  }

  /** The sparse rows that were chosen last, with their zeros: for a network that does not read them without. */
  *withZeros(count: number): Steps<BatchInputs> {
    yield* this.#sparseBatch.scatter(count, () => this.#plainInputs());
    return { kind: 'dense', x: this.inputs.y };
  }

  get readsSparse(): boolean {
    return this.stages[0].op.readsSparse === true;
  }

  /** Returns where the outputs of the first `steps` ops lie. */
  *forward(inputs: BatchInputs, count: number, training: boolean, steps = this.stages.length): Steps<number> {
    let x = inputs;
    for (const unit of this.units) {
      if (unit.first >= steps) break;
      if (this.context.heap.divides) yield;
      this.#read.set(unit, x);
      const isWhole = unit.last < steps;
      if (!isWhole) this.#resizeCovered();
      for (const { op } of isWhole ? [unit] : this.stages.slice(unit.first, steps)) {
        const y = op.forward(x, count, training);
        x = isSteps(y) ? yield* y : y;
      }
    }
    return (x as Extract<BatchInputs, { kind: 'dense' }>).x;
  }

  /** From the d of op `from` − 1 down to what op `to` read; neither stands amid a unit but where the lowest of its ops is not gone through. */
  *backward(from: number, to: number, count: number): Steps<void> {
    for (const unit of this.units.toReversed()) {
      if (unit.last >= from || unit.first < to) continue;
      const below = unit.first === 0 ? this.inputs : this.stages[unit.first - 1].op.out;
      const steps = unit.op.backward(this.#read.get(unit)!, below.d, count);
      if (isSteps(steps)) yield* steps;
      yield;
    }
  }

  /** The units that are trained, last first, with what each read in the forward pass. */
  get trained(): (readonly [Unit, BatchInputs])[] {
    const trained = this.units.filter((unit) => unit.trained.length > 0);
    return trained.reverse().map((unit) => [unit, this.#read.get(unit)!]);
  }

  /** Rows that are evaluated at a time: 128, or half as many until their values, of the op that has most, take some megabytes at most. */
  get chunk(): number {
    let rows = EVALUATION_ROWS;
    while (rows > 1 && 4 * rows * this.#widest > this.context.heap.mostProducts()) rows /= 2;
    return rows;
  }

  /** Rows in their order, some at a time, dropout off; `address`: of what the first `steps` ops gave. `inTurns`: who asks the network meanwhile has the rest of those rows taken first. */
  *forEachChunk(rows: Rows, steps: number, visit: Visit, inTurns: boolean): Steps<void> {
    const most = this.chunk;
    for (let first = 0; first < rows.count; first += most) {
      const chunk = this.#visited(rows, consecutive(first, Math.min(most, rows.count - first)), steps, visit);
      yield* inTurns ? this.apart(chunk) : chunk;
    }
  }

  *#visited(rows: Rows, batch: Uint32Array, steps: number, visit: Visit): Steps<void> {
    const { length } = batch;
    const address = yield* this.forward(yield* this.choose(rows, batch), length, false, steps);
    const visited = visit(length, batch, address);
    if (visited) yield* visited;
  }

  /** Copies f32[count][stride] at `address` to the plain array [count][width], in parts. */
  unpad(address: number, { width, stride }: Outputs, count: number, plain: Float32Array): Steps<void> {
    return imagesInParts(
      this.context,
      [count, VALUE * stride],
      [width, 1],
      (from, rows, first = 0, until = width) => {
        const padded = this.context.heap.float32(address, count * stride);
        for (let s = from; s < from + rows; s++)
          for (let j = first; j < until; j++) plain[s * width + j] = padded[s * stride + j];
      },
    );
  }

  #plainInputs(): Float32Array {
    const { heap, pieces } = this.context;
    const { width, stride } = this.inputs;
    const floats = this.#capacity * stride;
    this.inputs.y ||= pieces.floats(floats, width === stride);
    return heap.float32(this.inputs.y, floats);
  }

  /** Room for so many rows. */
  *resize(rows: number): Steps<void> {
    this.requireAlive();
    if (rows <= this.#capacity) return;
    const capacity = paddedRows(rows);
    // Where memory ends midway, the next batch starts afresh.
    this.#capacity = 0;
    this.inputs.y = this.context.pieces.free(this.inputs.y);
    for (const { op } of this.units) {
      op.resize(capacity);
      yield;
    }
    this.#coveredCapacity = 0;
    this.#sparseBatch.resize(capacity);
    this.#capacity = capacity;
  }

  #resizeCovered(): void {
    if (this.#coveredCapacity === this.#capacity) return;
    for (const { first, last } of this.units) {
      for (const { op } of this.stages.slice(first, last)) op.resize(this.#capacity);
    }
    this.#coveredCapacity = this.#capacity;
  }
}
