import type { DataSet } from '../data/dataSet.ts';
import type { EpochLogs } from '../nn/history.ts';
import type { TrialOutcome } from './trial.ts';
import type { TrialConfiguration } from './trialConfiguration.ts';

/** Where trials run. */
export interface Executor {
  /** Trials that run at the same time. */
  readonly workers: number;
  /** The identity of the images that it trains and tests on (`dataIdentity`); part of every trial's key. */
  readonly data: readonly string[];
  /** The images themselves, where they are at hand: not needed for MNIST's. */
  readonly source?: DataSet;
  /** Runs the trial as soon as a worker is free. Rejects with E_ABORTED once `signal` is aborted. */
  run(configuration: TrialConfiguration, options: ExecutorOptions): Promise<TrialOutcome>;
  close(): Promise<void>;
}

export interface ExecutorOptions {
  /** Models as files, where the recipe has teachers. */
  readonly teachers?: readonly Uint8Array[];
  readonly signal?: AbortSignal;
  readonly onStarted?: () => void;
  readonly onEpoch?: (epoch: number, logs: EpochLogs, seconds: number) => void;
}
