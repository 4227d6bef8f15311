import type { EpochLogs } from './history.ts';
import type { Model } from './model.ts';

/** What `fit` goes on from: epoch 0 and nothing, or what a checkpoint holds. */
export interface TrainingPast {
  /** The first epoch that is not over. */
  readonly epoch: number;
  /** Of the epochs before it, by the names in their logs. */
  readonly history: Readonly<Record<string, readonly number[] | undefined>>;
}

/** Called while `fit` runs; those that return a promise are waited for. Set `model.stopTraining = true` to end after the epoch. */
export interface Callback {
  onTrainBegin?(model: Model, past?: TrainingPast): void | Promise<void>;
  onEpochBegin?(epoch: number, model: Model): void | Promise<void>;
  /** `batch` counts from 0 within the epoch; the values are that batch's own. */
  onBatchEnd?(
    batch: number,
    logs: { loss: number; accuracy: number; size: number },
    model: Model,
  ): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: EpochLogs, model: Model): void | Promise<void>;
  onTrainEnd?(model: Model): void | Promise<void>;
}
