import { weighByClass } from '../classWeights.ts';
import { checkDistillation, TaughtTargets } from '../distillation.ts';
import { evaluateBatches } from '../evaluateBatches.ts';
import { fitBatches } from '../fitBatches.ts';
import { predictBatches } from '../predictBatches.ts';
import { warnOfDoubleScaling } from '../inputRange.ts';
import { checkPrivacy, privateBatch } from '../privacy.ts';
import { checkCheckpoint, checkResume, fitState, namesOfRun, takeUp } from '../resume.ts';
import { restoreTrainingState, saveTrainingState } from '../trainingState.ts';
import { splitOff } from '../validationSplit.ts';

/** What few of those who train need. */
export const NN_FEATURES = {
  batches: { evaluateBatches, fitBatches, predictBatches },
  checkpoint: { checkCheckpoint, fitState, namesOfRun },
  classWeight: { weighByClass },
  distillation: { checkDistillation, TaughtTargets },
  doubleScaling: warnOfDoubleScaling,
  privacy: { checkPrivacy, privateBatch },
  resume: { checkResume, takeUp },
  trainingState: { restoreTrainingState, saveTrainingState },
  validationSplit: { splitOff },
};
