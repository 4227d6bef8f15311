import type { MembersInPage } from '../../util/members.ts';
import type { SCHEDULE_KINDS as All } from './all.ts';
import { constantKind } from './constant.ts';

export const SCHEDULE_KINDS: MembersInPage<typeof All> = {
  constant: constantKind,
  cosine: undefined,
  linear: undefined,
  exponential: undefined,
  step: undefined,
  piecewise: undefined,
};
