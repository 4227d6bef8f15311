import type { MembersInPage } from '../../util/members.ts';
import type { NN_FEATURES as All } from './all.ts';

export const NN_FEATURES: MembersInPage<typeof All> = {
  batches: undefined,
  checkpoint: undefined,
  classWeight: undefined,
  distillation: undefined,
  doubleScaling: undefined,
  privacy: undefined,
  resume: undefined,
  trainingState: undefined,
  validationSplit: undefined,
};
