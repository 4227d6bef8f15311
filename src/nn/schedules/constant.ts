import { checkOptions } from '../../util/options.ts';
import type { ScheduleKind } from './schedule.ts';

export interface ConstantSpec {
  readonly name: 'constant';
}

/** Always 1. */
export const constantKind: ScheduleKind<ConstantSpec> = {
  build: (options) => {
    checkOptions('The schedule constant', [], options);
    return { name: 'constant' };
  },
  factor: () => () => 1,
};
