import { join } from '../../util/members.ts';
import { checkOptions } from '../../util/options.ts';
import { checkFactor, checkSpan, type ScheduleKind, type Span } from './schedule.ts';
import { afterWarmUp } from './warmUp.ts';

export interface LinearSpec {
  readonly name: 'linear';
  readonly warmUp: Span;
  readonly floor: number;
}

export interface LinearOptions {
  /** As in `cosineDecay`. */
  readonly warmUp?: Span;
  /** The factor at the end; 0 by default. */
  readonly floor?: number;
}

/**
 * From 1 down to `floor` in a straight line, after the warm-up. Keras' PolynomialDecay with `power=1`, `end_learning_rate` = floor ·
 * `initial_learning_rate` and `decay_steps` = steps.
 */
export function linearDecay(options: LinearOptions = {}): LinearSpec {
  checkOptions('linearDecay', ['warmUp', 'floor'], options);
  const { warmUp = 0, floor = 0 } = options;
  checkSpan('linearDecay', 'warmUp', warmUp, 'from 0');
  checkFactor('linearDecay', 'floor', 'in [0, 1]', floor, (x) => x >= 0 && x <= 1);
  join('schedule', 'linear', linearKind);
  return { name: 'linear', warmUp, floor };
}

export const linearKind: ScheduleKind<LinearSpec> = {
  build: linearDecay,
  factor: ({ warmUp, floor }) => afterWarmUp(warmUp, (progress) => floor + (1 - floor) * (1 - progress)),
};
