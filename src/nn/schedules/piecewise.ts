import { DactylError } from '../../util/errors.ts';
import { join } from '../../util/members.ts';
import { checkOptions, isNumber, requireArray } from '../../util/options.ts';
import { checkSpan, type ScheduleKind, type Span, stepsOf } from './schedule.ts';

export interface PiecewiseSpec {
  readonly name: 'piecewise';
  readonly boundaries: readonly Span[];
  readonly factors: readonly number[];
}

export type PiecewiseOptions = Omit<PiecewiseSpec, 'name'>;

/**
 * `factors[k]` from after `boundaries[k − 1]` up to and with `boundaries[k]`; one more factor than boundaries, which ascend, all as shares or all as
 * steps. Keras' PiecewiseConstantDecay with `values` = factors times the learning rate.
 */
export function piecewise(options: PiecewiseOptions): PiecewiseSpec {
  checkOptions('piecewise', ['boundaries', 'factors'], options);
  const { boundaries, factors } = options;
  requireArray('piecewise: boundaries', boundaries);
  requireArray('piecewise: factors', factors);
  boundaries.forEach((boundary, k) => checkSpan('piecewise', `boundaries[${k}]`, boundary, 'from 0'));
  const mixed = boundaries.some((x) => x > 0 && x < 1) && boundaries.some((x) => x >= 1);
  const ascend = boundaries.every((boundary, k) => k === 0 || boundary > boundaries[k - 1]);
  const soundFactors = factors.every((factor) => isNumber(factor, (x) => x >= 0 && x < Infinity));
  if (mixed || !ascend || !soundFactors || factors.length !== boundaries.length + 1) {
    throw new DactylError(
      'E_ARGUMENT',
      `piecewise: expected ascending boundaries, all shares or all steps, and one more factor >= 0 than boundaries; received ${JSON.stringify(boundaries)} and ${JSON.stringify(factors)}.`,
    );
  }
  join('schedule', 'piecewise', piecewiseKind);
  return { name: 'piecewise', boundaries: [...boundaries], factors: [...factors] };
}

export const piecewiseKind: ScheduleKind<PiecewiseSpec> = {
  build: piecewise,
  factor:
    ({ boundaries, factors }) =>
    (_, { step, steps }) =>
      factors[boundaries.filter((boundary) => step > stepsOf(boundary, steps)).length],
};
