import type { EpochLogs } from '../nn/history.ts';
import { DactylError } from '../util/errors.ts';
import type { Executor } from './executor.ts';
import { mostProbable, type TrialConfiguration, trialKey, type TrialOutcome } from './trial.ts';
import type { TrialResult } from './results.ts';

export interface FinishedTrial {
  readonly result: TrialResult;
  /** Predicted class of each test image. */
  readonly predictions: Uint8Array;
  /** Taken from an earlier run. */
  readonly reused: boolean;
}

export interface TrialKeeper {
  /** A finished trial of this key, or undefined. */
  find(key: string): Omit<FinishedTrial, 'reused'> | undefined;
  keep(configuration: TrialConfiguration, outcome: TrialOutcome): void;
}

export interface TrialEvents {
  onEpoch?(configuration: TrialConfiguration, epoch: number, logs: EpochLogs, seconds: number): void;
  onFinished?(configuration: TrialConfiguration, trial: FinishedTrial): void;
}

/**
 * Runs the trials that are not there yet, as many at once as the executor has workers; each is kept as soon as it is
 * finished. Returns all, in the order given. When one fails, the others are stopped and its error is thrown, with the
 * trial's name; what is finished stays kept.
 */
export async function runTrials(
  configurations: readonly TrialConfiguration[],
  executor: Executor,
  keeper: TrialKeeper,
  { signal, ...events }: TrialEvents & { signal?: AbortSignal } = {},
): Promise<FinishedTrial[]> {
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const run = async (configuration: TrialConfiguration): Promise<FinishedTrial> => {
    const kept = keeper.find(trialKey(configuration));
    const trial = kept ? { ...kept, reused: true } : await compute(configuration);
    events.onFinished?.(configuration, trial);
    return trial;
  };
  const compute = async (configuration: TrialConfiguration): Promise<FinishedTrial> => {
    try {
      const outcome = await executor.run(configuration, {
        signal: stop,
        onEpoch: (epoch, logs, seconds) => events.onEpoch?.(configuration, epoch, logs, seconds),
      });
      keeper.keep(configuration, outcome);
      return { result: outcome.result, predictions: mostProbable(outcome.probabilities), reused: false };
    } catch (error) {
      if (!stop.aborted) failure.abort(named(error, configuration));
      throw error;
    }
  };
  const settled = await Promise.allSettled(configurations.map(run));
  if (failure.signal.aborted) throw failure.signal.reason;
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function named(error: unknown, { activation, seed }: TrialConfiguration): unknown {
  if (!(error instanceof DactylError)) return error;
  return new DactylError(error.code, `${activation}, seed ${seed}: ${error.message}`, { cause: error });
}
