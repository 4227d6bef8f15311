import { constantKind, type ConstantSpec } from './constant.ts';
import { cosineKind, type CosineSpec } from './cosine.ts';
import { exponentialKind, type ExponentialSpec } from './exponential.ts';
import { linearKind, type LinearSpec } from './linear.ts';
import { piecewiseKind, type PiecewiseSpec } from './piecewise.ts';
import type { ScheduleKind } from './schedule.ts';
import { stepKind, type StepSpec } from './step.ts';

/** A schedule as plain data, as it may stand in a file. */
export type ScheduleSpec =
  ConstantSpec | CosineSpec | LinearSpec | ExponentialSpec | StepSpec | PiecewiseSpec;

/** Every schedule by its name. */
export const SCHEDULE_KINDS = {
  constant: constantKind,
  cosine: cosineKind,
  linear: linearKind,
  exponential: exponentialKind,
  step: stepKind,
  piecewise: piecewiseKind,
} as const satisfies { [name in ScheduleSpec['name']]: ScheduleKind<Extract<ScheduleSpec, { name: name }>> };
