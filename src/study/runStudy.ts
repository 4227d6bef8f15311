import type { EpochLogs } from '../nn/history.ts';
import { DactylError } from '../util/errors.ts';
import type { Executor } from './executor.ts';
import type { TrialResult } from './results.ts';
import type { PlannedTrial } from './study.ts';
import { mostProbable, type TrialOutcome } from './trial.ts';
import type { TrialConfiguration } from './trialConfiguration.ts';

/** What became of a trial. */
export type TrialEnd =
  | {
      readonly kind: 'finished';
      readonly result: TrialResult;
      /** Predicted class of each image kept out. */
      readonly predictions: Uint8Array;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** Where ended trials are kept. A trial is a pure function of its key: what ended once is never computed again. */
export interface TrialKeeper {
  find(key: string): TrialEnd | undefined;
  keep(configuration: TrialConfiguration, outcome: TrialOutcome): void;
  keepFailure(configuration: TrialConfiguration, message: string): void;
}

export interface StudyEvents {
  onStarted?(trial: PlannedTrial): void;
  onEpoch?(trial: PlannedTrial, epoch: number, logs: EpochLogs, seconds: number): void;
  /** `reused`: taken from an earlier run. */
  onEnded?(trial: PlannedTrial, end: TrialEnd, reused: boolean): void;
}

export interface StudyOptions extends StudyEvents {
  readonly executor: Executor;
  readonly keeper: TrialKeeper;
  readonly signal?: AbortSignal;
}

/**
 * Runs the trials that did not end yet, as many at once as the executor has workers; each is kept as soon as it ends. A
 * trial whose loss becomes NaN or infinite fails, which is a result and kept as such. Any other error stops the rest and is
 * thrown; what ended stays kept. Returns the ends in the order of the trials.
 */
export async function runTrials(
  trials: readonly PlannedTrial[],
  { executor, keeper, signal, ...events }: StudyOptions,
): Promise<TrialEnd[]> {
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  /** An error of a listener ends the work; thrown from where it is called, it would end the process. */
  const tell = (listener: () => void): void => {
    try {
      listener();
    } catch (error) {
      failure.abort(error);
    }
  };
  const compute = async (trial: PlannedTrial): Promise<TrialEnd> => {
    const { configuration } = trial;
    try {
      const outcome = await executor.run(configuration, {
        signal: stop,
        onStarted: () => {
          tell(() => events.onStarted?.(trial));
        },
        onEpoch: (epoch, logs, seconds) => {
          tell(() => events.onEpoch?.(trial, epoch, logs, seconds));
        },
      });
      keeper.keep(configuration, outcome);
      return { kind: 'finished', result: outcome.result, predictions: mostProbable(outcome.probabilities) };
    } catch (error) {
      if (error instanceof DactylError && error.code === 'E_NUMERIC') {
        keeper.keepFailure(configuration, error.message);
        return { kind: 'failed', message: error.message };
      }
      if (stop.aborted) throw error;
      const named = withName(error, trial);
      failure.abort(named);
      throw named;
    }
  };
  const settled = await Promise.allSettled(
    trials.map(async (trial) => {
      const kept = keeper.find(trial.key);
      const end = kept ?? (await compute(trial));
      tell(() => events.onEnded?.(trial, end, kept !== undefined));
      return end;
    }),
  );
  if (failure.signal.aborted) throw failure.signal.reason;
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function withName(error: unknown, { arm, seed, fold }: PlannedTrial): unknown {
  if (!(error instanceof DactylError)) return error;
  const where = fold === null ? '' : `, fold ${fold + 1}`;
  return new DactylError(error.code, `${arm}, seed ${seed}${where}: ${error.message}`, { cause: error });
}
