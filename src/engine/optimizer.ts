import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import { inParts, NONE, sumsInParts, VALUE, WEIGHT_TILE, weightsInParts } from './parts.ts';
import { CLIPPINGS, type OptimizerSpec, ruleOf } from './rules/rules.ts';
import type { AnyRule, Slot, Slots, StepScale } from './rules/rule.ts';

/** A block of trainable floats; `gradient` is asked for only where the update does not take it from registers. */
export interface Parameter {
  readonly address: number;
  readonly count: number;
  gradient(): number;
}

/** A slot may shrink by this factor between two passes that remove what has become too small. */
const DECAY_BETWEEN_FLUSHES = 1e-3;
const NO_SLOTS: Slots = { first: 0, second: 0, third: 0 };

export class Optimizer {
  readonly #context: Context;
  readonly #rule: AnyRule;
  readonly #slots = new Map<Parameter, Slots>();
  readonly #layout: readonly Slot[];
  #spec: OptimizerSpec;
  #steps = 0;
  readonly #flushEvery: number;
  readonly #bases: readonly [number, number];
  #powers: [number, number] = [1, 1];
  #scale: StepScale = { alpha: 0, epsilon: 0 };

  constructor(context: Context, spec: OptimizerSpec, parameters: readonly Parameter[]) {
    this.#context = context;
    this.#spec = spec;
    this.#rule = ruleOf(spec);
    this.#bases = this.#rule.bases?.(spec) ?? [1, 1];
    this.#layout = this.#rule.slots(spec);
    const factors = this.#layout.flatMap(({ fades }) => (fades ? [fades.factor] : []));
    this.#flushEvery = stepsUntil(DECAY_BETWEEN_FLUSHES, Math.min(...factors));
    const { heap, pieces } = context;
    for (const parameter of parameters) {
      const [first = 0, second = 0, third = 0] = this.#layout.map(({ initial = 0 }) => {
        const address = pieces.floats(parameter.count);
        if (initial !== 0) heap.float32(address, parameter.count).fill(initial);
        return address;
      });
      this.#slots.set(parameter, { first, second, third });
    }
  }

  get spec(): OptimizerSpec {
    return this.#spec;
  }

  /** Numbers of the present step, see `assembly/adam.ts`. */
  get alpha(): number {
    return this.#scale.alpha;
  }

  get epsilon(): number {
    return this.#scale.epsilon;
  }

  /** Whether a kernel may take gradient and update in one, and leave out weights whose gradient and slots are zero. */
  get mayFuse(): boolean {
    return !this.#spec.weightDecay && !this.needsAllGradients;
  }

  /** `clip` is to be called between the gradients, with penalties, and the updates. */
  get needsAllGradients(): boolean {
    return CLIPPINGS.some((name) => this.#spec[name] !== undefined);
  }

  setLearningRate(learningRate: number): void {
    this.#spec = { ...this.#spec, learningRate };
  }

  slots(parameter: Parameter): Slots {
    return this.#slots.get(parameter) ?? NO_SLOTS;
  }

  /** [steps, powers of the rule's two bases (Adam's betas), learning rate] */
  get progress(): Float64Array {
    return Float64Array.of(this.#steps, ...this.#powers, this.#spec.learningRate);
  }

  set progress([steps, first, second, learningRate]: ArrayLike<number> & Iterable<number>) {
    this.#steps = steps;
    this.#powers = [first, second];
    this.setLearningRate(learningRate);
  }

  /**
   * Clips the gradients in their places, as Keras: each parameter's by its own norm, all by the norm of all, or each by its value. Squares are
   * added up in float64, parameter after parameter in the order given, each as it lies in memory (`assembly/clip.ts`).
   */
  *clip(parameters: readonly Parameter[]): Steps<void> {
    const context = this.#context;
    const { kernels } = context;
    const { clipnorm, globalClipnorm, clipvalue } = this.#spec;
    const limit = function* (of: readonly Parameter[], most: number): Steps<void> {
      let squares = 0;
      for (const each of of) {
        const sums = yield* sumsInParts(context, [4, each.count], (from, to, sums) => {
          kernels.sumOfSquares(each.gradient() + 4 * from, to - from, sums);
        });
        squares += sums[0] + sums[2] + (sums[1] + sums[3]);
      }
      const norm = Math.sqrt(squares);
      if (norm <= most) return;
      for (const each of of) {
        yield* weightsInParts(context, [each.gradient(), each.count], (g, count) => {
          kernels.multiplyBy(g, count, most / norm);
        });
      }
    };
    if (globalClipnorm !== undefined) yield* limit(parameters, globalClipnorm);
    for (const each of parameters) {
      if (clipnorm !== undefined) yield* limit([each], clipnorm);
      if (clipvalue !== undefined) {
        yield* weightsInParts(context, [each.gradient(), each.count], (g, count) => {
          kernels.clamp(g, count, clipvalue);
        });
      }
    }
  }

  /** To be called once before the updates of a step. Powers by repeated multiplication: the same bits everywhere. */
  beginStep(): void {
    this.#steps++;
    this.#powers = [this.#powers[0] * this.#bases[0], this.#powers[1] * this.#bases[1]];
    this.#scale = this.#rule.scale?.(this.#spec, this.#powers) ?? this.#scale;
  }

  update(parameter: Parameter): Steps<void> {
    const { kernels } = this.#context;
    const { weightDecay, learningRate } = this.#spec;
    const slots = this.slots(parameter);
    return inParts(this.#context, [parameter.count, VALUE, WEIGHT_TILE], (from, to) => {
      const at = (address: number): number => address && address + 4 * from;
      const block = {
        w: at(parameter.address),
        g: at(parameter.gradient()),
        first: at(slots.first),
        second: at(slots.second),
        third: at(slots.third),
        count: to - from,
      };
      // Decoupled (Loshchilov & Hutter 2019): w − w k is a step of SGD along w.
      if (weightDecay) kernels.sgdAll(block.w, 0, block.w, block.count, weightDecay * learningRate, 0, 0);
      this.#rule.step(this.#context, this.#spec, block, this.#scale);
    });
  }

  /** To be called once after the updates of a step. */
  endStep(): Steps<void> {
    return this.#steps % this.#flushEvery === 0 ? this.#flush() : NONE;
  }

  *#flush(): Steps<void> {
    for (const [{ count }, { first, second, third }] of this.#slots) {
      for (const [k, { fades }] of this.#layout.entries()) {
        if (!fades) continue;
        yield* weightsInParts(this.#context, [[first, second, third][k], count], (slot, count) => {
          this.#context.kernels.flush(slot, count, fades.below);
        });
      }
    }
  }

  dispose(): void {
    for (const slots of this.#slots.values()) {
      for (const address of Object.values<number>({ ...slots })) this.#context.pieces.free(address);
    }
  }
}

/** The number of steps after which factor^steps is below `target`; at most 1000. */
function stepsUntil(target: number, factor: number): number {
  let steps = 0;
  for (let power = 1; power > target && steps < 1000; steps++) power *= factor;
  return Math.max(1, steps);
}
