import { Averages } from '../averages.ts';
import { DistortedRows } from '../distortedRows.ts';
import { inputGradients } from '../inputGradients.ts';
import { meanPredictions } from '../meanPredictions.ts';
import { restoreNetworkState, saveNetworkState } from '../networkState.ts';
import { PrivateGradients } from '../privacy.ts';
import { EngineThreads } from '../threads/engineThreads.ts';

/** What few networks need of the engine. */
export const ENGINE_FEATURES = {
  averaging: Averages,
  distillation: meanPredictions,
  distortion: DistortedRows,
  inputGradients,
  privacy: PrivateGradients,
  threads: EngineThreads,
  trainingState: { restoreNetworkState, saveNetworkState },
};
