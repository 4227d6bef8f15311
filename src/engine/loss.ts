import type { ActivationName } from './activations.ts';
import type { Context } from './context.ts';

/** A batch's outputs and targets, f32[count][stride] both, of which `width` count; padding of both is zero. */
export interface LossBatch {
  readonly z: number;
  readonly t: number;
  readonly count: number;
  readonly width: number;
  readonly stride: number;
  /** Where the gradient with respect to z goes, times `scale`; 0: none is wanted. Its padding becomes zero. */
  readonly d: number;
  readonly scale: number;
  /** f64[count]: the loss of each row, added up in float64. */
  readonly losses: number;
}

/** A loss as the engine computes it. */
export interface LossRule {
  readonly name: string;
  /** The last activation that it is computed together with: z is then what that activation reads, and holds what it gives afterwards. */
  readonly takes?: ActivationName;
  run(context: Context, batch: LossBatch): void;
}
