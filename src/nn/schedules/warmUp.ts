import { type ScheduleFunction, type Span, stepsOf } from './schedule.ts';

/** From 0 up to 1 in a straight line over `warmUp`, then `decay` of the share done of the rest. */
export function afterWarmUp(warmUp: Span, decay: (progress: number) => number): ScheduleFunction {
  if (warmUp === 0) return decay;
  return (_, { step, steps }) => {
    const warm = stepsOf(warmUp, steps);
    if (step < warm) return step / warm;
    return decay(steps > warm ? (step - warm) / (steps - warm) : 1);
  };
}
