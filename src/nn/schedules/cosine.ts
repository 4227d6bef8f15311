import { cosine } from '../../util/cosine.ts';
import { join } from '../../util/members.ts';
import { checkOptions } from '../../util/options.ts';
import { checkFactor, checkSpan, type ScheduleKind, type Span } from './schedule.ts';
import { afterWarmUp } from './warmUp.ts';

export interface CosineSpec {
  readonly name: 'cosine';
  readonly warmUp: Span;
  readonly floor: number;
}

export interface CosineOptions {
  /** From 0 up to the learning rate in a straight line; 0 (none) by default. Below 1 a share of all steps, else steps. */
  readonly warmUp?: Span;
  /** The factor at the end; 0 by default. */
  readonly floor?: number;
}

/**
 * floor + (1 − floor) (1 + cos(π p)) / 2, p the share done of what comes after the warm-up (Loshchilov & Hutter 2017, without restarts).
 *
 * Keras' CosineDecay with `alpha` = floor and `decay_steps` = steps − warm-up; with a warm-up, `initial_learning_rate` = 0, `warmup_target` = the
 * optimizer's learning rate, `warmup_steps` = warm-up.
 */
export function cosineDecay(options: CosineOptions = {}): CosineSpec {
  checkOptions('cosineDecay', ['warmUp', 'floor'], options);
  const { warmUp = 0, floor = 0 } = options;
  checkSpan('cosineDecay', 'warmUp', warmUp, 'from 0');
  checkFactor('cosineDecay', 'floor', 'in [0, 1]', floor, (x) => x >= 0 && x <= 1);
  join('schedule', 'cosine', cosineKind);
  return { name: 'cosine', warmUp, floor };
}

export const cosineKind: ScheduleKind<CosineSpec> = {
  build: cosineDecay,
  factor: ({ warmUp, floor }) =>
    afterWarmUp(warmUp, (progress) => floor + (1 - floor) * halfCosine(progress)),
};

/** From 1 down to 0 along half a cosine. */
export function halfCosine(progress: number): number {
  return (1 + cosine(Math.PI * progress)) / 2;
}
