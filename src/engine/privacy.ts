import { DactylError } from '../util/errors.ts';
import type { Context } from './context.ts';
import type { PrivateStep } from './engine.ts';
import type { Op } from './op.ts';
import type { Optimizer } from './optimizer.ts';
import type { Parameter } from './parameter.ts';
import type { Pass } from './pass.ts';
import { rareKernels } from './rareModule.ts';
import type { BatchInputs } from './rows.ts';
import { computeGradients, type Stage, update } from './stack.ts';

const WORDS = 16;

/**
 * The private part of a step of DP-SGD (Abadi et al. 2016). With δ the gradient of a row's loss at an op's outputs, the op says how long the
 * gradient of its own parameters is for that row. Scaling the rows of every δ by min(1, clip / ‖g‖) / expectedBatch before the gradients are
 * summed clips every row's gradient, and none of them is stored (`assembly/private.ts`, `assembly/rare/noise.ts`).
 */
export class PrivateGradients {
  readonly #context: Context;
  readonly #state: number;
  #rows = 0;
  #factors = 0;

  /** E_ARGUMENT where an op cannot tell one row's gradient from another's. */
  constructor(context: Context, stages: readonly Stage[]) {
    const mixing = stages.find(
      ({ op, trained }) => op.statistics.length > 0 || (trained.length > 0 && !op.addSquares),
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

  /** Scales the rows of every trained op's d; `visit` visits these ops with what each read. */
  clip(
    count: number,
    { clip, expectedBatch }: PrivateStep,
    visit: (each: (op: Op, x: BatchInputs) => void) => void,
  ): void {
    const { heap, kernels } = this.#context;
    this.#resize(count);
    const squares = new Float64Array(count);
    visit((op, x) => {
      op.addSquares!(x, squares);
    });
    const factors = heap.float32(this.#factors, count);
    for (let s = 0; s < count; s++) {
      const norm = Math.sqrt(squares[s]);
      factors[s] = (norm > clip ? clip / norm : 1) / expectedBatch;
    }
    visit(({ out }) => {
      kernels.scaleRows(out.d, count, out.stride, this.#factors);
    });
  }

  /** The four generators of the step's noise. */
  startNoise({ noise }: PrivateStep): void {
    const state = this.#context.heap.uint32(this.#state, WORDS);
    for (let k = 0; k < WORDS; k++) state[k] = noise.uint32();
  }

  /** Adds the noise of one parameter to its summed gradient. */
  addNoise(parameter: Parameter, { clip, noiseMultiplier, expectedBatch }: PrivateStep): void {
    if (noiseMultiplier === 0) return;
    const sd = (noiseMultiplier * clip) / expectedBatch;
    rareKernels(this.#context.heap.memory).addNoise(parameter.gradient(), parameter.count, sd, this.#state);
    parameter.clearPadding(parameter.gradient());
  }

  #resize(rows: number): void {
    if (rows <= this.#rows) return;
    const { pieces } = this.#context;
    this.#factors = pieces.free(this.#factors);
    this.#factors = pieces.floats(rows);
    this.#rows = rows;
  }
}

/** From the gradients of the rows' losses at each op's outputs: clips, sums and hides them, and takes the optimizer's step. */
export function takePrivateStep(
  gradients: PrivateGradients,
  pass: Pass,
  optimizer: Optimizer,
  count: number,
  step: PrivateStep,
): void {
  gradients.clip(count, step, (each) => {
    pass.forEachTrained(({ op }, x) => {
      each(op, x);
    });
  });
  gradients.startNoise(step);
  optimizer.beginStep();
  pass.forEachTrained((unit, x) => {
    computeGradients(unit, x, count);
    for (const parameter of unit.trained) gradients.addNoise(parameter, step);
  });
  if (optimizer.needsAllGradients) optimizer.clip(pass.stages.flatMap(({ trained }) => trained));
  pass.forEachTrained((unit) => {
    update(unit, optimizer);
  });
  optimizer.endStep();
}
