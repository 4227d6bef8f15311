import { describe } from '../../util/describe.ts';
import { DactylError } from '../../util/errors.ts';
import { memberOf } from '../../util/members.ts';
import { resolveName } from '../names.ts';
import type { ScheduleSpec } from './all.ts';
import { SCHEDULE_KINDS } from './members.ts';
import type { ScheduleFunction, ScheduleKind } from './schedule.ts';

export { SCHEDULE_KINDS };
export type { ScheduleSpec };

/** What is left out has its default, where there is one. */
type PartialSpec = {
  [name in ScheduleSpec['name']]: { readonly name: name } & Partial<Extract<ScheduleSpec, { name: name }>>;
}[ScheduleSpec['name']];

/** What `fit` takes as a schedule: a name, plain data such as `cosineDecay()` returns, or one's own function. */
export type ScheduleOption = ScheduleSpec['name'] | (string & {}) | PartialSpec | ScheduleFunction;

/** The same data with every default said; undefined for a function, which no data can name. Throws E_ARGUMENT. */
export function scheduleSpec(option: ScheduleOption): ScheduleSpec | undefined {
  if (typeof option === 'function') return undefined;
  if (typeof option === 'object' && option !== (null as unknown) && 'name' in option) {
    const { name, ...options } = option;
    return kindOf(resolveName('schedule', SCHEDULE_KINDS, name)).build(options);
  }
  if (typeof option === 'object') {
    throw new DactylError(
      'E_ARGUMENT',
      `schedule: expected a name (${Object.keys(SCHEDULE_KINDS).join(', ')}), what cosineDecay() or another builder returns, or a function; received ${describe(option)}.`,
    );
  }
  return kindOf(resolveName('schedule', SCHEDULE_KINDS, option)).build({});
}

/** The function that it means. Throws E_ARGUMENT for what is no schedule, or whose parameters are missing or out of range. */
export function resolveSchedule(option: ScheduleOption): ScheduleFunction {
  if (typeof option === 'function') return option;
  const spec = scheduleSpec(option)!;
  return kindOf(spec.name).factor(spec);
}

function kindOf(name: ScheduleSpec['name']): ScheduleKind<ScheduleSpec> {
  return memberOf<unknown>('schedule', SCHEDULE_KINDS, name) as ScheduleKind<ScheduleSpec>;
}
