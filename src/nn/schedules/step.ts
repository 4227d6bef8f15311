import { join } from '../../util/members.ts';
import { checkOptions } from '../../util/options.ts';
import { isDecay } from './exponential.ts';
import { checkFactor, checkSpan, type ScheduleKind, type Span, stepsOf } from './schedule.ts';
import { wholePower } from './wholePower.ts';

export interface StepSpec {
  readonly name: 'step';
  readonly factor: number;
  readonly every: Span;
}

export interface StepOptions {
  /** What the rate is multiplied with after every `every`, above 0 up to 1. */
  readonly factor: number;
  /** Below 1 a share of all steps, else steps. */
  readonly every: Span;
}

/** factor^⌊step / every⌋: PyTorch's StepLR (`gamma` = factor, `step_size` = every), Keras' ExponentialDecay with `staircase=True`. */
export function stepDecay(options: StepOptions): StepSpec {
  checkOptions('stepDecay', ['factor', 'every'], options);
  const { factor, every } = options;
  checkFactor('stepDecay', 'factor', 'above 0, at most 1', factor, isDecay);
  checkSpan('stepDecay', 'every', every, 'positive');
  join('schedule', 'step', stepKind);
  return { name: 'step', factor, every };
}

export const stepKind: ScheduleKind<StepSpec> = {
  build: stepDecay,
  factor:
    ({ factor, every }) =>
    (_, { step, steps }) =>
      wholePower(factor, Math.floor(step / stepsOf(every, steps))),
};
