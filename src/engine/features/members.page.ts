import type { MembersInPage } from '../../util/members.ts';
import type { ENGINE_FEATURES as All } from './all.ts';

export const ENGINE_FEATURES: MembersInPage<typeof All> = {
  averaging: undefined,
  distillation: undefined,
  distortion: undefined,
  inputGradients: undefined,
  privacy: undefined,
  threads: undefined,
  trainingState: undefined,
};
