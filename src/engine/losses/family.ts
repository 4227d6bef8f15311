import type { ActivationName } from '../activations.ts';
import type { Context } from '../context.ts';
import type { LossBatch, LossRule } from '../loss.ts';
import type { FlagOption, NumberOption } from '../rules/rule.ts';

/** What may be chosen of losses; each uses what stands in its `options`. */
export interface LossOptions {
  /** Outputs are the logits of a linear last layer, not what softmax or sigmoid makes of them. */
  readonly fromLogits: boolean;
  /** Where Huber's loss turns from square to straight. */
  readonly delta: number;
}

/** A loss as a member of its family: all that is known of it stands in one file. */
export interface LossFamily {
  /** In words. */
  readonly title: string;
  readonly options: { readonly fromLogits?: FlagOption; readonly delta?: NumberOption };
  /** What labels are: a class number a row, or a number an output: a probability >= 0, one in [0, 1], or any. */
  readonly labels: 'class' | 'probability' | 'unitInterval' | 'number';
  /** The last activation that it is for, unless `fromLogits`. */
  readonly takes?: ActivationName;
  run(context: Context, batch: LossBatch, options: LossOptions): void;
  reference(z: Float64Array, t: Float64Array, options: LossOptions): ReturnType<LossRule['reference']>;
}

/** Where the last activation's outputs go: over z, or, where z is to stay, where it does not matter. */
export function withOutputs(
  { pieces }: Context,
  { z, d, count, stride }: LossBatch,
  fromLogits: boolean,
  use: (y: number) => void,
): void {
  const own = fromLogits && !d ? pieces.floats(count * stride) : 0;
  use(fromLogits ? d || own : z);
  pieces.free(own);
}
