import type { MembersInPage } from '../../util/members.ts';
import { adam } from './adam.ts';
import { adamW } from './adamW.ts';
import type { RULES as All } from './all.ts';
import { sgd } from './sgd.ts';

export const RULES: MembersInPage<typeof All> = {
  adam,
  sgd,
  adamW,
  rmsprop: undefined,
  adagrad: undefined,
  lion: undefined,
};
