import type { EpochLogs } from '../nn/history.ts';
import { DactylError } from '../util/errors.ts';
import { inTurns } from '../util/inTurns.ts';
import type { Executor } from './executor.ts';
import type { TrialResult } from './results.ts';
import type { PlannedTrial } from './study.ts';
import type { TrialOutcome } from './trial.ts';
import { teachersOf, type TrialConfiguration } from './trialConfiguration.ts';

/** What became of a trial. */
export type TrialEnd =
  | { readonly kind: 'finished'; readonly result: TrialResult }
  | { readonly kind: 'failed'; readonly message: string };

/** Where ended trials are kept. A trial is a pure function of its key: what ended once is never computed again. */
export interface TrialKeeper {
  find(key: string): TrialEnd | undefined;
  /** The trained model of a finished trial, as a file. */
  model(key: string): Uint8Array;
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
  /** Asked after every trial, with the ends so far in the order of the trials: true cancels the rest. */
  readonly enough?: (ends: readonly (TrialEnd | undefined)[]) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs the trials that did not end yet, in their order, as many at once as the executor has workers; each is kept as soon as it ends. A
 * trial whose loss becomes NaN or infinite fails, which is a result and kept as such. Any other error stops the rest and is
 * thrown; what ended stays kept. Returns the ends in the order of the trials, undefined for what was cancelled.
 */
export async function runTrials(
  trials: readonly PlannedTrial[],
  { executor, keeper, signal, enough, ...events }: StudyOptions,
): Promise<(TrialEnd | undefined)[]> {
  const failure = new AbortController();
  const cancelled = new AbortController();
  const stop = AbortSignal.any([...(signal ? [signal] : []), failure.signal, cancelled.signal]);
  const ends = new Array<TrialEnd | undefined>(trials.length).fill(undefined);
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
      const teachers = await trainedTeachers(configuration);
      const outcome = await executor.run(configuration, {
        teachers,
        signal: stop,
        onStarted: () => {
          tell(() => events.onStarted?.(trial));
        },
        onEpoch: (epoch, logs, seconds) => {
          tell(() => events.onEpoch?.(trial, epoch, logs, seconds));
        },
      });
      keeper.keep(configuration, outcome);
      return { kind: 'finished', result: outcome.result };
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
  /** Trials that others wait for, by key. */
  const underWay = new Map<string, Promise<TrialEnd>>();
  /** The models of a trial's teachers, which come before it; E_NUMERIC where one failed. */
  const trainedTeachers = async (configuration: TrialConfiguration): Promise<Uint8Array[]> => {
    const models: Uint8Array[] = [];
    for (const key of teachersOf(configuration)) {
      const end = (await underWay.get(key)) ?? keeper.find(key);
      if (!end) throw new Error(`no teacher ${key} among the trials`);
      if (end.kind === 'failed') {
        const { arm, seed } = trials.find((trial) => trial.key === key)!;
        throw new DactylError('E_NUMERIC', `Its teacher (${arm}, seed ${seed}) failed: ${end.message}`);
      }
      models.push(keeper.model(key));
    }
    return models;
  };
  const conclude = (trial: PlannedTrial, k: number, end: TrialEnd, reused: boolean): void => {
    ends[k] = end;
    tell(() => events.onEnded?.(trial, end, reused));
  };
  await inTurns(
    trials.entries(),
    ([k, trial]) => {
      const kept = keeper.find(trial.key);
      if (kept) conclude(trial, k, kept, true);
    },
    signal,
  );
  const open = [...trials.entries()].filter(([k]) => ends[k] === undefined);
  const isTaught = ([, { configuration }]: [number, PlannedTrial]): boolean =>
    configuration.recipe.distillation !== undefined;
  const missing = [...open.filter((one) => !isTaught(one)), ...open.filter(isTaught)].values();
  /** One trial after the other, in the study's order: the executor's own queue would be free to choose another. */
  const work = async (): Promise<void> => {
    for (const [k, trial] of missing) {
      if (enough?.(ends)) cancelled.abort();
      const end = compute(trial);
      underWay.set(trial.key, end);
      conclude(trial, k, await end, false);
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: executor.workers }, work));
  if (failure.signal.aborted) throw failure.signal.reason;
  const rejected = settled.find((one) => one.status === 'rejected');
  if (rejected && !cancelled.signal.aborted) throw rejected.reason;
  return ends;
}

function withName(error: unknown, { arm, seed, fold }: PlannedTrial): unknown {
  if (!(error instanceof DactylError)) return error;
  const where = fold === null ? '' : `, fold ${fold + 1}`;
  return new DactylError(error.code, `${arm}, seed ${seed}${where}: ${error.message}`, { cause: error });
}
