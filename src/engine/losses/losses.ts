import type { LossOptions, LossRule } from '../loss.ts';
import { binaryCrossentropy } from './binaryCrossentropy.ts';
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from './categoricalCrossentropy.ts';
import type { LossFamily } from './family.ts';
import { huber } from './huber.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanSquaredError } from './meanSquaredError.ts';

/** Every loss by its name. */
export const LOSS_RULES = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  binaryCrossentropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
} as const satisfies Record<string, LossFamily>;

export type LossName = keyof typeof LOSS_RULES;

/** A loss with what is chosen of it; the rest is as Keras has it. */
export interface LossSpec extends Partial<LossOptions> {
  readonly name: LossName;
}

export function lossRule({ name, fromLogits = false, delta = 1 }: LossSpec): LossRule {
  const family: LossFamily = LOSS_RULES[name];
  const { takes, passes = 1 } = family;
  const options = { fromLogits, delta };
  return {
    name,
    given: { name, ...options },
    ...(takes && !fromLogits ? { takes } : {}),
    passes,
    run: (context, batch) => {
      family.run(context, batch, options);
    },
  };
}
