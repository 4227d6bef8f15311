import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EpochLogs } from '../nn/history.ts';
import { versionsOf } from '../study/trialConfiguration.ts';
import { describeEnvironment } from '../store/environment.ts';
import { lockFolder } from '../store/lock.ts';
import { TrialStore } from '../store/runs.ts';
import { placeOf } from '../store/studyRecord.ts';
import { fixTuning } from '../store/tuningRecord.ts';
import { runTrials, type TrialEnd, type TrialKeeper } from '../study/runStudy.ts';
import { formOf } from '../data/dataSet.ts';
import { requireNetworks } from '../study/configuration.ts';
import { aboutData } from '../study/dataAbout.ts';
import { requireExtraData } from '../study/extraData.ts';
import type { Executor } from '../study/executor.ts';
import type { PlannedTrial } from '../study/study.ts';
import {
  checkedTuning,
  resolveTuning,
  type Tuning,
  type TuningFile,
  tuningHash,
} from '../study/tuning/configuration.ts';
import { budgetOf } from '../study/tuning/halving.ts';
import { type TuningResults, tuningResults } from '../study/tuning/results.ts';
import { scoreOf, type SearchedTrial } from '../study/tuning/searchedTrial.ts';
import { searchArm } from '../study/tuning/search.ts';
import { type TuningTrial } from '../study/tuning/searchedTrial.ts';
import { createLocalExecutor } from './local.ts';
import {
  CHECKPOINT_SECONDS,
  checkRunOptions,
  dataOf,
  formGiven,
  imagesFor,
  keeperOf,
  requirePopulations,
  type RunStudyOptions,
} from './runStudy.ts';

/** What happens in a search, in order; a JSON line of `--events` each. `configuration` counts from 0; null is the recipe as it stands. */
export type TuningEvent =
  | { readonly event: 'tuning'; readonly name: string; readonly trials: number; readonly hash: string }
  | {
      readonly event: 'started';
      readonly key: string;
      readonly arm: string;
      readonly configuration: number | null;
      readonly epochs: number;
    }
  | { readonly event: 'epoch'; readonly key: string; readonly epoch: number; readonly logs: EpochLogs }
  | {
      readonly event: 'finished';
      readonly key: string;
      readonly valAccuracy: number;
      readonly valLoss: number;
      /** Taken from an earlier run. */
      readonly reused: boolean;
    }
  | { readonly event: 'failed'; readonly key: string; readonly message: string; readonly reused: boolean }
  | {
      readonly event: 'promoted';
      readonly arm: string;
      readonly epochs: number;
      readonly configurations: readonly number[];
    }
  | { readonly event: 'report'; readonly file: string };

export interface RunTuningOptions extends Omit<RunStudyOptions, 'writers' | 'onEvent'> {
  readonly onEvent?: (event: TuningEvent) => void;
}

/** Sees what the command line shows. */
export interface TuningObserver {
  onStarted?(trial: TuningTrial): void;
  onEpoch?(trial: TuningTrial, epoch: number, logs: EpochLogs): void;
  onEnded?(trial: TuningTrial, end: TrialEnd, reused: boolean): void;
  onPromoted?(arm: string, rung: number, configurations: readonly number[]): void;
}

/**
 * Searches every arm with the same budget, in `<out>/<name>`; trials that ended in an earlier run are not computed again, so a search that was stopped
 * goes on. Throws E_LOCKED where another process runs the same search, E_MISMATCH where the folder holds another one of this name, E_ABORTED on the
 * signal, E_FILE where something cannot be kept.
 */
export function runTuning(
  config: TuningFile | Tuning,
  options: RunTuningOptions = {},
): Promise<TuningResults> {
  checkRunOptions(options as RunStudyOptions);
  const form = formGiven(config, options);
  const tuning = isResolved(config) ? checkedTuning(config, form) : resolveTuning(config, false, form);
  return tuneIn(tuning, join(options.out ?? 'runs', tuning.name), options, {}, (results) => results);
}

function isResolved(config: TuningFile | Tuning): config is Tuning {
  return Array.isArray((config as Partial<Tuning> | undefined)?.arms);
}

/** `runTuning` in a folder by its path; the lock is held until `then` is done. */
export async function tuneIn<T>(
  tuning: Tuning,
  folder: string,
  options: RunTuningOptions & { readonly keeperWarning?: (line: string) => void },
  observer: TuningObserver,
  then: (results: TuningResults) => T | Promise<T>,
): Promise<T> {
  const { onEvent, everySeconds = CHECKPOINT_SECONDS, workers = availableParallelism() } = options;
  const source = await imagesFor(tuning, options);
  requireNetworks(tuning.arms, formOf(source));
  const store = new TrialStore(placeOf(folder).root);
  store.prepare();
  const unlock = lockFolder(folder);
  try {
    const trials = tuning.arms.length * budgetOf(tuning).trials;
    const own = options.executor
      ? undefined
      : createLocalExecutor(source, Math.min(workers, trials), { folder: store.folder, everySeconds });
    const executor = options.executor ?? own!;
    const data = dataOf(executor, source);
    requirePopulations(tuning.arms, data);
    requireExtraData(tuning.arms, source);
    fixTuning(folder, tuning, { store, data });
    onEvent?.({ event: 'tuning', name: tuning.name, trials, hash: tuningHash(tuning) });
    try {
      const found = await searchArms(
        tuning,
        { executor, data, keeper: keeperOf(store, options.keeperWarning), signal: options.signal },
        withEvents(tuning, observer, onEvent),
      );
      const work = options.signal ? { signal: options.signal } : {};
      const convolution = tuning.arms.some(({ recipe }) => versionsOf(recipe).convolution !== undefined);
      const environment = describeEnvironment(executor.workers, convolution);
      return await then(await tuningResults(tuning, found, { environment, data: aboutData(source) }, work));
    } finally {
      await own?.close();
    }
  } finally {
    unlock();
  }
}

interface Place {
  readonly executor: Executor;
  readonly data: readonly string[];
  readonly keeper: TrialKeeper;
  readonly signal: AbortSignal | undefined;
}

/** All arms at once, so that none of the workers waits while one arm's rung ends; an error in one stops all. */
async function searchArms(
  tuning: Tuning,
  { executor, data, keeper, signal }: Place,
  observer: Required<TuningObserver>,
): Promise<SearchedTrial[][]> {
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;
  const seen = (trial: PlannedTrial): TuningTrial => trial as TuningTrial;
  const run = async (trials: readonly TuningTrial[]): Promise<TrialEnd[]> => {
    const ends = await runTrials(trials, {
      executor,
      keeper,
      signal: stop,
      onStarted: (trial) => {
        observer.onStarted(seen(trial));
      },
      onEpoch: (trial, epoch, logs) => {
        observer.onEpoch(seen(trial), epoch, logs);
      },
      onEnded: (trial, end, reused) => {
        observer.onEnded(seen(trial), end, reused);
      },
    });
    return ends as TrialEnd[];
  };
  const arms = tuning.arms.map(async (arm) => {
    try {
      return await searchArm(tuning, arm, {
        images: data,
        run,
        onPromoted: (rung, configurations) => {
          observer.onPromoted(arm.name, rung, configurations);
        },
      });
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  });
  const settled = await Promise.allSettled(arms);
  if (failure.signal.aborted) throw failure.signal.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<SearchedTrial[]>).value);
}

function withEvents(
  { rungs }: Tuning,
  observer: TuningObserver,
  onEvent: RunTuningOptions['onEvent'],
): Required<TuningObserver> {
  return {
    onStarted(trial) {
      const { key, arm, configurationNumber: configuration, configuration: all } = trial;
      onEvent?.({ event: 'started', key, arm, configuration, epochs: all.recipe.epochs });
      observer.onStarted?.(trial);
    },
    onEpoch(trial, epoch, logs) {
      onEvent?.({ event: 'epoch', key: trial.key, epoch: epoch + 1, logs });
      observer.onEpoch?.(trial, epoch, logs);
    },
    onEnded(trial, end, reused) {
      const { key } = trial;
      if (end.kind === 'failed') onEvent?.({ event: 'failed', key, message: end.message, reused });
      else {
        const { accuracy, loss } = scoreOf(end.result);
        onEvent?.({ event: 'finished', key, valAccuracy: accuracy, valLoss: loss, reused });
      }
      observer.onEnded?.(trial, end, reused);
    },
    onPromoted(arm, rung, configurations) {
      onEvent?.({ event: 'promoted', arm, epochs: rungs[rung], configurations });
      observer.onPromoted?.(arm, rung, configurations);
    },
  };
}
