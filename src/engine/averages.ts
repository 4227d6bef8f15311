import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import type { Parameter } from './parameter.ts';
import { inParts, VALUE, WEIGHT_TILE } from './parts.ts';
import { type RareKernels, rareKernels } from './rareModule.ts';

/** Exponential moving averages of a network's parameters (`assembly/rare/average.ts`); they start at the present weights. */
export class Averages {
  readonly #context: Context;
  readonly #kernels: RareKernels;
  readonly #rest: number;
  readonly #addresses: ReadonlyMap<Parameter, number>;

  constructor(context: Context, parameters: readonly Parameter[], decay: number) {
    this.#context = context;
    this.#kernels = rareKernels(context.heap.memory);
    this.#rest = 1 - decay;
    this.#addresses = new Map(
      parameters.map((parameter) => [parameter, context.pieces.floats(parameter.count, true)]),
    );
  }

  /** To be called before anything else. */
  *begin(): Steps<void> {
    yield* this.#inParts((weights, averages) => {
      averages.set(weights);
    });
  }

  addressOf(parameter: Parameter): number {
    return this.#addresses.get(parameter)!;
  }

  /** To be called after every step of the optimizer. */
  *update(): Steps<void> {
    for (const [{ address, count }, average] of this.#addresses) {
      yield* inParts(this.#context, [count, VALUE, WEIGHT_TILE], (from, to) => {
        this.#kernels.average(average + 4 * from, address + 4 * from, to - from, this.#rest);
      });
    }
  }

  /** Exchanges weights and averages. */
  *swap(): Steps<void> {
    yield* this.#inParts((weights, averages) => {
      const kept = weights.slice();
      weights.set(averages);
      averages.set(kept);
    });
    for (const parameter of this.#addresses.keys()) yield* parameter.changed();
  }

  *#inParts(take: (weights: Float32Array, averages: Float32Array) => void): Steps<void> {
    const { heap } = this.#context;
    for (const [{ address, count }, average] of this.#addresses) {
      yield* inParts(this.#context, [count, VALUE, WEIGHT_TILE], (from, to) => {
        take(heap.float32(address + 4 * from, to - from), heap.float32(average + 4 * from, to - from));
      });
    }
  }

  dispose(): void {
    for (const address of this.#addresses.values()) this.#context.pieces.free(address);
  }
}
