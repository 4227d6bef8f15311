import { exponential } from '../../util/exponential.ts';
import { naturalLogarithm } from '../../util/logarithm.ts';
import { join } from '../../util/members.ts';
import { checkOptions, requireType } from '../../util/options.ts';
import { checkFactor, checkSpan, type ScheduleKind, type Span, stepsOf } from './schedule.ts';
import { wholePower } from './wholePower.ts';

export interface ExponentialSpec {
  readonly name: 'exponential';
  readonly rate: number;
  readonly every: Span;
  readonly staircase: boolean;
}

export interface ExponentialOptions {
  /** The factor after every `every`, above 0 up to 1. */
  readonly rate: number;
  /** Below 1 a share of all steps, else steps. */
  readonly every: Span;
  /** true: whole powers only, so that the rate falls in steps; false by default. */
  readonly staircase?: boolean;
}

/** rate^(step / every). Keras' ExponentialDecay with `decay_rate` = rate and `decay_steps` = every. */
export function exponentialDecay(options: ExponentialOptions): ExponentialSpec {
  checkOptions('exponentialDecay', ['rate', 'every', 'staircase'], options);
  const { rate, every, staircase = false } = options;
  checkFactor('exponentialDecay', 'rate', 'above 0, at most 1', rate, isDecay);
  checkSpan('exponentialDecay', 'every', every, 'positive');
  requireType('exponentialDecay', 'staircase: true or false', typeof staircase === 'boolean', staircase);
  join('schedule', 'exponential', exponentialKind);
  return { name: 'exponential', rate, every, staircase };
}

export const exponentialKind: ScheduleKind<ExponentialSpec> = {
  build: exponentialDecay,
  factor: ({ rate, every, staircase }) => {
    const logarithm = naturalLogarithm(rate);
    return (_, { step, steps }) => {
      const times = step / stepsOf(every, steps);
      return staircase ? wholePower(rate, Math.floor(times)) : exponential(times * logarithm);
    };
  },
};

/** A normal number: below, its logarithm is not at hand. */
export function isDecay(x: number): boolean {
  return x >= 2.3e-308 && x <= 1;
}
