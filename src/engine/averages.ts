import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import type { Parameter } from './parameter.ts';

/** Exponential moving averages of a network's parameters (`assembly/average.ts`); they start at the present weights. */
export class Averages {
  readonly #context: Context;
  readonly #rest: number;
  readonly #addresses: ReadonlyMap<Parameter, number>;

  constructor(context: Context, parameters: readonly Parameter[], decay: number) {
    this.#context = context;
    this.#rest = 1 - decay;
    const { heap, pieces } = context;
    this.#addresses = new Map(
      parameters.map((parameter) => {
        const address = pieces.floats(parameter.count);
        heap.float32(address, parameter.count).set(heap.float32(parameter.address, parameter.count));
        return [parameter, address];
      }),
    );
  }

  addressOf(parameter: Parameter): number {
    return this.#addresses.get(parameter)!;
  }

  /** To be called after every step of the optimizer. */
  update(): void {
    for (const [{ address, count }, average] of this.#addresses) {
      this.#context.kernels.average(average, address, count, this.#rest);
    }
  }

  /** Exchanges weights and averages. */
  *swap(): Steps<void> {
    const { heap } = this.#context;
    for (const [parameter, average] of this.#addresses) {
      const { address, count } = parameter;
      const weights = heap.float32(address, count);
      const averages = heap.float32(average, count);
      const kept = weights.slice();
      weights.set(averages);
      averages.set(kept);
      parameter.changed();
      yield;
    }
  }

  dispose(): void {
    for (const address of this.#addresses.values()) this.#context.pieces.free(address);
  }
}
