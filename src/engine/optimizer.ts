import type { Context } from './context.ts';
import type { OptimizerSpec } from './engine.ts';

/** A block of trainable floats; `gradient` is asked for only where the update does not take it from registers. */
export interface Parameter {
  readonly address: number;
  readonly count: number;
  gradient(): number;
}

interface Slots {
  /** Adam's M, or SGD's velocity; 0 where there is none. */
  readonly first: number;
  /** Adam's V. */
  readonly second: number;
}

/** A moment may shrink by this factor between two passes that remove what has become too small. */
const DECAY_BETWEEN_FLUSHES = 1e-3;
/** Below these a moment becomes zero: far above the subnormal numbers that cost ten times the time, and with epsilon ≥ 1e-12 far below what can change a float32 weight. */
const SMALLEST_FIRST = 1e-28;
const SMALLEST_SECOND = 1e-34;

export class Optimizer {
  readonly #context: Context;
  readonly #slots = new Map<Parameter, Slots>();
  #spec: OptimizerSpec;
  #steps = 0;
  readonly #flushEvery: number;
  #beta1Power = 1;
  #beta2Power = 1;
  /** a and e of `assembly/adam.ts` at the present step. */
  alpha = 0;
  epsilon = 0;

  constructor(context: Context, spec: OptimizerSpec, parameters: readonly Parameter[]) {
    this.#context = context;
    this.#spec = spec;
    const adam = spec.name === 'adam';
    const decays = adam ? [spec.beta1, spec.beta2] : [spec.momentum];
    this.#flushEvery = stepsUntil(DECAY_BETWEEN_FLUSHES, Math.min(...decays));
    for (const parameter of parameters) {
      const bytes = 4 * parameter.count;
      const first = adam || spec.momentum > 0 ? context.pieces.bytes(bytes) : 0;
      this.#slots.set(parameter, { first, second: adam ? context.pieces.bytes(bytes) : 0 });
    }
  }

  get spec(): OptimizerSpec {
    return this.#spec;
  }

  setLearningRate(learningRate: number): void {
    this.#spec = { ...this.#spec, learningRate };
  }

  slots(parameter: Parameter): Slots {
    return this.#slots.get(parameter)!;
  }

  /** [steps, beta1 power, beta2 power, learning rate] */
  get progress(): Float64Array {
    return Float64Array.of(this.#steps, this.#beta1Power, this.#beta2Power, this.#spec.learningRate);
  }

  set progress([steps, beta1Power, beta2Power, learningRate]: ArrayLike<number> & Iterable<number>) {
    this.#steps = steps;
    this.#beta1Power = beta1Power;
    this.#beta2Power = beta2Power;
    this.setLearningRate(learningRate);
  }

  /** To be called once before the updates of a step. Powers by repeated multiplication: the same bits everywhere. */
  beginStep(): void {
    this.#steps++;
    const spec = this.#spec;
    if (spec.name !== 'adam') return;
    this.#beta1Power *= spec.beta1;
    this.#beta2Power *= spec.beta2;
    const scale = Math.sqrt(1 - spec.beta2);
    this.alpha =
      (spec.learningRate * Math.sqrt(1 - this.#beta2Power) * (1 - spec.beta1)) /
      ((1 - this.#beta1Power) * scale);
    this.epsilon = spec.epsilon / scale;
  }

  update(parameter: Parameter): void {
    const { kernels } = this.#context;
    const { first, second } = this.slots(parameter);
    const { address, count } = parameter;
    const spec = this.#spec;
    if (spec.name === 'adam') {
      kernels.adamAll(
        address,
        first,
        second,
        parameter.gradient(),
        count,
        spec.beta1,
        spec.beta2,
        this.alpha,
        this.epsilon,
      );
    } else {
      kernels.sgdAll(
        address,
        first,
        parameter.gradient(),
        count,
        spec.learningRate,
        spec.momentum,
        Number(spec.nesterov),
      );
    }
  }

  /** To be called once after the updates of a step. */
  endStep(): void {
    if (this.#steps % this.#flushEvery !== 0) return;
    for (const [{ count }, { first, second }] of this.#slots) {
      if (first) this.#context.kernels.flush(first, count, SMALLEST_FIRST);
      if (second) this.#context.kernels.flush(second, count, SMALLEST_SECOND);
    }
  }

  dispose(): void {
    for (const { first, second } of this.#slots.values()) {
      this.#context.pieces.free(first);
      this.#context.pieces.free(second);
    }
  }
}

/** The number of steps after which factor^steps is below `target`; at most 1000. */
function stepsUntil(target: number, factor: number): number {
  let steps = 0;
  for (let power = 1; power > target && steps < 1000; steps++) power *= factor;
  return Math.max(1, steps);
}
