import { DactylError } from '../util/errors.ts';
import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import type { PrivateStep, Rows } from './engine.ts';
import type { Op } from './op.ts';
import { rareKernels } from './rareModule.ts';
import { type Parameter, paddingOf } from './parameter.ts';
import { inParts, scaleRows, VALUE } from './parts.ts';
import type { BatchInputs } from './rows.ts';
import { SparseRows } from './sparseRows.ts';
import type { Stage, Unit } from './stack.ts';

const WORDS = 16;

/**
 * The private part of a step of DP-SGD (Abadi et al. 2016). With δ the gradient of a row's loss at an op's outputs, that and what the op read say how long the
 * gradient of its parameters is for that row. Scaling the rows of every δ by min(1, clip / ‖g‖) / expectedBatch before the gradients are
 * summed clips every row's gradient, and none of them is stored (`assembly/rare/squares.ts`, `assembly/scaleRows.ts`, `assembly/rare/noise.ts`).
 */
export class PrivateGradients {
  readonly #context: Context;
  readonly #state: number;
  #rows = 0;
  #factors = 0;
  readonly #paddings = new Map<Parameter, readonly number[]>();

  /** E_ARGUMENT where an op cannot tell one row's gradient from another's. */
  constructor(context: Context, stages: readonly Stage[]) {
    const mixing = stages.find(
      ({ op, trained }) => op.statistics.length > 0 || (trained.length > 0 && !op.outer),
    );
    if (mixing) {
      throw new DactylError(
        'E_ARGUMENT',
        `privacy: expected layers whose gradients are known for every example on its own; received ${mixing.kind}. Leave it out, or train without privacy.`,
      );
    }
    this.#context = context;
    this.#state = context.pieces.bytes(4 * WORDS);
  }

  /** Whether a batch has to be read with its zeros: without them, the squares of a row of floats would be added up in another order. */
  needsZeros(rows: Rows): boolean {
    return rows instanceof SparseRows && !rows.bytes;
  }

  /** Begins a step: from the gradients of the rows' losses at each op's outputs, scales the rows of every trained op's d. */
  *clip(
    count: number,
    { clip, expectedBatch, noise }: PrivateStep,
    trained: readonly (readonly [Unit, BatchInputs])[],
  ): Steps<void> {
    const { heap } = this.#context;
    this.#resize(count);
    const squares = new Float64Array(count);
    for (const [{ op }, x] of trained) yield* this.#addSquares(op, x, squares);
    const factors = heap.float32(this.#factors, count);
    for (let s = 0; s < count; s++) {
      const norm = Math.sqrt(squares[s]);
      factors[s] = (norm > clip ? clip / norm : 1) / expectedBatch;
    }
    for (const [{ op }] of trained)
      yield* scaleRows(this.#context, op.out.d, [count, op.out.stride], this.#factors);
    const state = heap.uint32(this.#state, WORDS);
    for (let k = 0; k < WORDS; k++) state[k] = noise.uint32();
  }

  /** Adds the squared length of each row's gradient of an op: ‖d‖² (‖x‖² + 1), without the 1 where there is no bias. */
  *#addSquares({ out, outer }: Op, x: BatchInputs, squares: Float64Array): Steps<void> {
    const { heap, pieces } = this.#context;
    const kernels = rareKernels(heap.memory);
    const count = squares.length;
    const { inputs: width, bias } = outer!;
    const sums = pieces.bytes(8 * count);
    const ofRows = (address: number, stride: number): Steps<void> =>
      inParts(this.#context, [count, VALUE * stride, 1], (from, to) => {
        kernels.rowSquares(address + 4 * from * stride, to - from, stride, sums + 8 * from);
      });
    try {
      if (x.kind === 'dense') yield* ofRows(x.x, width);
      else
        yield* inParts(this.#context, [count, VALUE * width, 1], (from, to) => {
          kernels.sparseSquares(to, x.batch.rowEnds, x.batch.entries, sums, from);
        });
      const inputs = heap.float64(sums, count).slice();
      yield* ofRows(out.d, out.stride);
      const deltas = heap.float64(sums, count);
      for (let s = 0; s < count; s++) squares[s] += deltas[s] * (inputs[s] + Number(bias));
      yield;
    } finally {
      pieces.free(sums);
    }
  }

  /** Adds noise, from four generators, to the summed gradients of what a unit trains. */
  *addNoise({ trained }: Unit, { clip, noiseMultiplier, expectedBatch }: PrivateStep): Steps<void> {
    if (noiseMultiplier === 0) return;
    const sd = (noiseMultiplier * clip) / expectedBatch;
    for (const parameter of trained) {
      // Noise takes four times as long as a function.
      yield* inParts(this.#context, [parameter.count, 4 * VALUE, 8], (from, to) => {
        const g = parameter.gradient() + 4 * from;
        rareKernels(this.#context.heap.memory).addNoise(g, to - from, sd, this.#state);
      });
      const padding = yield* this.#paddingOf(parameter);
      const gradient = this.#context.heap.float32(parameter.gradient(), parameter.count);
      for (const index of padding) gradient[index] = 0;
    }
  }

  *#paddingOf(parameter: Parameter): Steps<readonly number[]> {
    let padding = this.#paddings.get(parameter);
    if (!padding) this.#paddings.set(parameter, (padding = yield* paddingOf(parameter)));
    return padding;
  }

  #resize(rows: number): void {
    if (rows <= this.#rows) return;
    const { pieces } = this.#context;
    this.#factors = pieces.free(this.#factors);
    this.#factors = pieces.floats(rows);
    this.#rows = rows;
  }
}
