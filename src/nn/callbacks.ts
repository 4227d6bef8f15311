import type { EpochLogs } from './history.ts';
import type { Model } from './model.ts';

/** Called while `fit` runs; those that return a promise are waited for. Set `model.stopTraining = true` to end after the epoch. */
export interface Callback {
  onTrainBegin?(model: Model): void | Promise<void>;
  onEpochBegin?(epoch: number, model: Model): void | Promise<void>;
  /** `batch` counts from 0 within the epoch; the values are that batch's own. Not waited for. */
  onBatchEnd?(batch: number, logs: { loss: number; accuracy: number; size: number }, model: Model): void;
  onEpochEnd?(epoch: number, logs: EpochLogs, model: Model): void | Promise<void>;
  onTrainEnd?(model: Model): void | Promise<void>;
}
