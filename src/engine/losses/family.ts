import type { ActivationName } from '../activations/activations.ts';
import type { Context } from '../context.ts';
import type { LossBatch, LossOptions } from '../loss.ts';
import type { FlagOption, NumberOption } from '../rules/rule.ts';

/** A loss as a member of its family: all that is known of it stands in one file. */
export interface LossFamily {
  readonly options: { readonly fromLogits?: FlagOption; readonly delta?: NumberOption };
  /** What labels are: a class number a row, or a number an output: a probability >= 0, one in [0, 1], or any. */
  readonly labels: 'class' | 'probability' | 'unitInterval' | 'number';
  /** The last activation that it is for, unless `fromLogits`. */
  readonly takes?: ActivationName;
  /** Through the parts of a row; 1 by default. */
  readonly passes?: number;
  run(context: Context, batch: LossBatch, options: LossOptions): void;
}

/** The loss of one row and its gradient with respect to z, plainly and in float64. */
export type ReferenceLoss = (
  z: Float64Array,
  t: Float64Array,
  options: LossOptions,
) => { readonly loss: number; readonly gradient: Float64Array };

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

/** `factor` times Huber's loss, which `delta` makes that of squares or of absolute values: `assembly/errors.ts`. */
export function errorsOf({ kernels }: Context, batch: LossBatch, delta: number, factor = 1): void {
  const { z, t, d, count, width, stride, scale, losses, part } = batch;
  kernels.errors(z, t, d, count, stride, delta, (factor * scale) / width, factor / width, losses, ...part);
}
