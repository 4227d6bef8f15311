import type { ActivationName } from './activations/activations.ts';
import type { Steps } from '../util/steps.ts';
import type { Context } from './context.ts';
import type { PartOfRow } from './module.ts';
import { inParts, scaleRows, VALUE } from './parts.ts';

/** A batch's outputs and targets, f32[count][stride] both, of which `width` count; padding of both is zero. */
export interface LossBatch {
  readonly z: number;
  readonly t: number;
  readonly count: number;
  readonly width: number;
  readonly stride: number;
  /** Where the gradient with respect to z goes, times `scale`; 0: none is wanted. Its padding becomes zero, as do magnitudes below 1e-18. */
  readonly d: number;
  readonly scale: number;
  /** f64[count]: the loss of each row, not scaled; whoever adds them up does it in float64, row after row. */
  readonly losses: number;
  readonly part: PartOfRow;
}

/** What may be chosen of losses; each uses what stands in its `options`. */
export interface LossOptions {
  /** Outputs are the logits of a linear last layer, not what softmax or sigmoid makes of them. */
  readonly fromLogits: boolean;
  /** Where Huber's loss turns from square to straight. */
  readonly delta: number;
}

/**
 * A loss of one's own, of one row: returns the loss of `output` and writes its gradient with respect to the outputs to `gradient` (zeros
 * before). The arrays are copies, [outputs] each, used again for the next row.
 */
export type LossFunction = (target: Float32Array, output: Float32Array, gradient: Float32Array) => number;

/** A loss as the engines compute it. */
export interface LossRule {
  readonly name: string;
  /** The last activation that it is computed together with: z is then what that activation reads, and holds what it gives afterwards. */
  readonly takes?: ActivationName;
  /** How often it goes through the parts of a row; 0: it needs all values of a row at once. */
  readonly passes: number;
  run(context: Context, batch: LossBatch): void;
  /** What it was made of: one of the family with all of its options, or a function of one's own. */
  readonly given: (LossOptions & { readonly name: string }) | LossFunction;
}

/** Multiplies the loss of each row of the batch and its row of d by the row's weight. */
export function* weighRows(
  context: Context,
  { losses, d, count, stride }: Pick<LossBatch, 'losses' | 'd' | 'count' | 'stride'>,
  weights: ArrayLike<number>,
  batch: ArrayLike<number>,
): Steps<void> {
  const { heap, pieces } = context;
  const factors = pieces.floats(count);
  yield* inParts(context, [count, 4 * VALUE, 1], (from, to) => {
    const [rows, own] = [heap.float64(losses, count), heap.float32(factors, count)];
    for (let s = from; s < to; s++) {
      const weight = weights[batch[s]];
      own[s] = weight;
      rows[s] *= weight;
    }
  });
  if (d) yield* scaleRows(context, d, [count, stride], factors);
  pieces.free(factors);
}
