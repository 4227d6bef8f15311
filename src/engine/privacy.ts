import { blockedIndex, type Context } from './context.ts';
import type { DenseOp } from './denseOp.ts';
import type { PrivateStep } from './engine.ts';
import type { BatchInputs } from './rows.ts';

const WORDS = 16;

/**
 * The private part of a step of DP-SGD (Abadi et al. 2016). With δ the gradient of a row's loss at a dense layer's pre-activations and x
 * the layer's input, the layer's gradient is x ⊗ δ (and δ for the bias), so ‖g‖² = Σ over layers of ‖δ‖²·(‖x‖² + 1), without the 1 where there is no bias.
 * Scaling the rows of δ by min(1, clip / ‖g‖) / expectedBatch before the gradients are summed clips every row's gradient, and none of
 * them is stored (`assembly/private.ts`).
 */
export class PrivateGradients {
  readonly #context: Context;
  readonly #state: number;
  /** Where padding lies in each kernel and bias: it stays zero. */
  readonly #padding = new Map<DenseOp, { kernel: Uint32Array; bias: number }>();
  #rows = 0;
  #sums = 0;
  #factors = 0;

  constructor(context: Context) {
    this.#context = context;
    this.#state = context.pieces.bytes(4 * WORDS);
  }

  /** Scales the rows of every layer's d; `visit` visits the layers with what each read. */
  clip(
    count: number,
    { clip, expectedBatch }: PrivateStep,
    visit: (each: (op: DenseOp, x: BatchInputs) => void) => void,
  ): void {
    const { heap, kernels } = this.#context;
    this.#resize(count);
    const squares = new Float64Array(count);
    const sumsOf = (): Float64Array => heap.float64(this.#sums, count);
    visit((op, x) => {
      if (x.kind === 'dense') kernels.rowSquares(x.x, count, op.inputStride, this.#sums);
      else kernels.sparseSquares(count, x.batch.rowEnds, x.batch.entries, this.#sums);
      const inputs = sumsOf().slice();
      kernels.rowSquares(op.d, count, op.unitStride, this.#sums);
      const deltas = sumsOf();
      const one = Number(op.spec.useBias);
      for (let s = 0; s < count; s++) squares[s] += deltas[s] * (inputs[s] + one);
    });
    const factors = heap.float32(this.#factors, count);
    for (let s = 0; s < count; s++) {
      const norm = Math.sqrt(squares[s]);
      factors[s] = (norm > clip ? clip / norm : 1) / expectedBatch;
    }
    visit((op) => {
      kernels.scaleRows(op.d, count, op.unitStride, this.#factors);
    });
  }

  /** The four generators of the step's noise. */
  startNoise({ noise }: PrivateStep): void {
    const state = this.#context.heap.uint32(this.#state, WORDS);
    for (let k = 0; k < WORDS; k++) state[k] = noise.uint32();
  }

  /** Adds the noise of one layer, kernel then bias, to its summed gradients. */
  addNoise(op: DenseOp, { clip, noiseMultiplier, expectedBatch }: PrivateStep): void {
    if (noiseMultiplier === 0) return;
    const { heap, kernels } = this.#context;
    const sd = (noiseMultiplier * clip) / expectedBatch;
    const padding = this.#paddingOf(op);
    kernels.addNoise(op.kernel.gradient(), op.kernel.count, sd, this.#state);
    const gradient = heap.float32(op.kernel.gradient(), op.kernel.count);
    for (const index of padding.kernel) gradient[index] = 0;
    if (!op.spec.useBias) return;
    kernels.addNoise(op.bias.gradient(), op.bias.count, sd, this.#state);
    heap.float32(op.bias.gradient(), op.bias.count).fill(0, padding.bias);
  }

  #paddingOf(op: DenseOp): { kernel: Uint32Array; bias: number } {
    let padding = this.#padding.get(op);
    if (!padding) {
      const { inputs, inputStride, unitStride } = op;
      const { units } = op.spec;
      const kernel: number[] = [];
      for (let i = 0; i < inputStride; i++) {
        for (let o = i < inputs ? units : 0; o < unitStride; o++) {
          kernel.push(blockedIndex(inputStride, unitStride, i, o));
        }
      }
      padding = { kernel: Uint32Array.from(kernel), bias: units };
      this.#padding.set(op, padding);
    }
    return padding;
  }

  #resize(rows: number): void {
    if (rows <= this.#rows) return;
    const { pieces } = this.#context;
    this.#rows = rows;
    pieces.free(this.#sums);
    pieces.free(this.#factors);
    this.#sums = pieces.bytes(8 * rows);
    this.#factors = pieces.floats(rows);
  }
}
