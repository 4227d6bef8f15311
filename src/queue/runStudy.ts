import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type DataSet, type Form, formOf } from '../data/dataSet.ts';
import { isMnist, MNIST_IDENTITY } from '../data/identity.ts';
import type { EpochLogs } from '../nn/history.ts';
import { Sequential } from '../nn/sequential.ts';
import { describeEnvironment } from '../store/environment.ts';
import { lockFolder } from '../store/lock.ts';
import { type NamedData, resolveNamed } from '../store/data.ts';
import { TrialStore } from '../store/runs.ts';
import { sha256 } from '../store/sha256.ts';
import { inSharedMemory } from '../store/sharedMemory.ts';
import { fixStudy, placeOf } from '../store/studyRecord.ts';
import { loadWriters } from '../store/writers.ts';
import {
  checkedStudy,
  formAhead,
  requireNetworks,
  resolveStudy,
  type Study,
  type StudyFile,
} from '../study/configuration.ts';
import { aboutData, type DataAbout } from '../study/dataAbout.ts';
import type { Executor } from '../study/executor.ts';
import type { Results } from '../study/results.ts';
import { requireExtraData } from '../study/extraData.ts';
import { runTrials, type StudyEvents, type TrialEnd, type TrialKeeper } from '../study/runStudy.ts';
import { checkStopping, decidedAfter } from '../study/stopping.ts';
import { countTrials, planTrials, type PlannedTrial, resultsOf } from '../study/study.ts';
import { networkLayers } from '../study/network.ts';
import type { Recipe } from '../study/recipe.ts';
import { completeSource, type DataSource, sourceForm } from '../study/trialData.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isNumber, requireType } from '../util/options.ts';
import { createLocalExecutor } from './local.ts';

/** How often a running trial keeps where it stands: often enough to lose little, seldom enough to cost nothing. */
export const CHECKPOINT_SECONDS = 10;

/** What happens in a study, in order; a JSON line of `--events` each. */
export type StudyEvent =
  | { readonly event: 'study'; readonly name: string; readonly trials: number; readonly hash: string }
  | {
      readonly event: 'started';
      readonly key: string;
      readonly arm: string;
      readonly seed: number;
      readonly fold: number | null;
    }
  | { readonly event: 'epoch'; readonly key: string; readonly epoch: number; readonly logs: EpochLogs }
  | {
      readonly event: 'finished';
      readonly key: string;
      readonly testAccuracy: number;
      /** Taken from an earlier run. */
      readonly reused: boolean;
    }
  | { readonly event: 'failed'; readonly key: string; readonly message: string; readonly reused: boolean }
  | { readonly event: 'report'; readonly file: string };

export interface RunStudyOptions {
  /** Where the trials run; threads of this process by default. It is not closed. */
  readonly executor?: Executor;
  /** Threads, where no executor is given; the number of cores by default. */
  readonly workers?: number;
  /** Folder of all studies and of the trials that they share; `'runs'` by default. */
  readonly out?: string;
  /** The images; those that the study names by default, MNIST where it names none. An executor that is given has its own: then the same, or none. */
  readonly source?: DataSource;
  /** QMNIST's label file of the training images, for folds grouped by writer. */
  readonly writers?: string;
  /** How often a running trial keeps where it stands, in seconds; 10 by default. */
  readonly everySeconds?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StudyEvent) => void;
}

/** A study whose trials have all ended. */
export interface StudyRun {
  readonly results: Results;
  readonly trials: readonly PlannedTrial[];
  /** In the order of the trials. */
  readonly ends: readonly TrialEnd[];
  readonly source: DataSet;
}

/**
 * Fixes the study in `<out>/<name>` and runs what did not end yet in an earlier run, there or in another study below `out`; each trial is kept
 * as soon as it ends. A trial whose loss explodes is among `failures`. Throws E_LOCKED where another process runs the same study, E_MISMATCH where
 * its rules were changed after results, E_ABORTED on the signal, E_FILE where something cannot be kept.
 */
export function runStudy(config: StudyFile | Study, options: RunStudyOptions = {}): Promise<Results> {
  checkRunOptions(options, ['writers']);
  const form = formGiven(config, options);
  const study = isResolved(config) ? checkedStudy(config, form) : resolveStudy(config, undefined, form);
  return runIn(study, join(options.out ?? 'runs', study.name), options, {}, ({ results }) =>
    Promise.resolve(results),
  );
}

/** Of the images that a program gives; else what is known before they are read. */
export function formGiven(
  config: Pick<Study, 'data'>,
  { source, executor }: Pick<RunStudyOptions, 'source' | 'executor'>,
): Form | null {
  const given = source ?? executor?.source;
  return given ? sourceForm(given) : formAhead(config);
}

function isResolved(config: StudyFile | Study): config is Study {
  return Array.isArray((config as Partial<Study> | undefined)?.arms);
}

const OPTIONS = ['executor', 'workers', 'out', 'source', 'everySeconds', 'signal', 'onEvent'];

/** Throws E_ARGUMENT for an option that is unknown or not what it has to be. `more`: further names. */
export function checkRunOptions(options: RunStudyOptions, more: readonly string[] = []): void {
  checkOptions('options', [...OPTIONS, ...more], options);
  const { workers = 1, everySeconds = 1, out = 'runs', signal, onEvent } = options;
  const whole = isNumber(workers, (n) => Number.isInteger(n) && n >= 1 && n <= 256);
  requireType('workers', 'a whole number from 1 to 256', whole, workers);
  requireType(
    'everySeconds',
    'seconds of at least 0',
    isNumber(everySeconds, (s) => s >= 0),
    everySeconds,
  );
  requireType('out', 'the path of a folder', typeof out === 'string' && out !== '', out);
  requireType('signal', 'an AbortSignal', signal === undefined || signal instanceof AbortSignal, signal);
  requireType('onEvent', 'a function', onEvent === undefined || typeof onEvent === 'function', onEvent);
}

interface RunInOptions extends RunStudyOptions {
  /** That share the work of each trial. */
  readonly threads?: number;
  /** Told of each kept trial that is damaged. */
  readonly keeperWarning?: (line: string) => void;
  /** Throws where the folder holds what may not be replaced; asked once nobody else can change it. */
  readonly requireFolder?: () => void;
}

/** `runStudy` in a folder by its path; the lock is held until `then` is done. */
export async function runIn<T>(
  study: Study,
  folder: string,
  options: RunInOptions,
  observer: StudyObserver,
  then: (run: StudyRun) => Promise<T>,
): Promise<T> {
  const { signal, onEvent, keeperWarning, everySeconds = CHECKPOINT_SECONDS } = options;
  checkStopping(study);
  const images = await imagesFor(study, options);
  requireNetworks(study.arms, formOf(images));
  const { source, hash } = withWriters(study, images, options.writers);
  const store = new TrialStore(placeOf(folder).root);
  store.prepare();
  const unlock = lockFolder(folder);
  try {
    options.requireFolder?.();
    const workers = Math.min(options.workers ?? availableParallelism(), countTrials(study));
    const own = options.executor
      ? undefined
      : createLocalExecutor(source, workers, { folder: store.folder, everySeconds }, options.threads);
    const executor = options.executor ?? own!;
    const data = dataOf(executor, source);
    requirePopulations(study.arms, data);
    requireExtraData(study.arms, source);
    const plan = { writers: hash, data, ...(signal && { signal }) };
    const { studyHash } = await fixStudy(folder, study, { ...plan, store });
    const trials = await planTrials(study, plan);
    onEvent?.({ event: 'study', name: study.name, trials: trials.length, hash: studyHash });
    let ends: (TrialEnd | undefined)[];
    try {
      const work = (): Promise<(TrialEnd | undefined)[]> =>
        runTrials(trials, {
          executor,
          keeper: keeperOf(store, keeperWarning),
          ...(study.stopping && { enough: (soFar) => decidedAfter(study, trials, soFar) !== undefined }),
          ...(signal && { signal }),
          ...withEvents(observer, onEvent),
        });
      ends = await (observer.around?.(work, trials) ?? work());
    } finally {
      await own?.close();
    }
    const needed = endedTrials(study, trials, ends);
    return await then({
      results: studyResults(study, needed.trials, needed.ends, {
        workers: executor.workers,
        data: aboutData(source),
      }),
      ...needed,
      source,
    });
  } finally {
    unlock();
  }
}

const SHA256 = /^[0-9a-f]{64}$/;

/** The images of a study or search: those given, else those that it names. Throws E_ARGUMENT as `dataOf`, and as `resolveData`. */
export async function imagesFor(
  named: NamedData,
  { source, executor }: Pick<RunStudyOptions, 'source' | 'executor'>,
): Promise<DataSet & Pick<DataSource, 'writers'>> {
  // Copied before the first wait: what the caller does to its images afterwards is not trained on.
  if (source) {
    const { train, test } = source;
    const copy = { ...source, train: inSharedMemory(train), test: inSharedMemory(test) };
    return completeSource(copy, sha256);
  }
  if (executor?.source) return completeSource(executor.source, sha256);
  return completeSource(await resolveNamed(named), sha256);
}

/**
 * The identity of the images that trials run on. E_ARGUMENT where an executor does not state it, or another than that of the images that the
 * study has.
 */
export function dataOf(
  { data }: Partial<Pick<Executor, 'data'>>,
  { name, identity }: DataSet,
): readonly string[] {
  const isIdentity = Array.isArray(data) && (data.length === 4 || data.length === 5);
  if (!isIdentity || !data.every((sum) => SHA256.test(String(sum)))) {
    throw new DactylError(
      'E_ARGUMENT',
      `executor.data: expected the identity of its images, four or five SHA-256 as dataIdentity(source) gives them, received ${data === undefined ? 'nothing' : JSON.stringify(data)}. Without it, results of other images would be taken for these.`,
    );
  }
  if (data.join() !== identity.join()) {
    throw new DactylError(
      'E_ARGUMENT',
      `executor.data: expected the identity of the images of the study (${name}), received another. Give the executor its images as executor.source, or the study those of the executor.`,
    );
  }
  return data as readonly string[];
}

/** Weights by writer population are known of MNIST's training images only. E_ARGUMENT for others. */
export function requirePopulations(arms: Study['arms'], data: readonly string[]): void {
  const weighted = arms.find(({ recipe }) => recipe.reweighting !== undefined);
  if (!weighted || isMnist([...data.slice(0, 2), ...MNIST_IDENTITY.slice(2)])) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${weighted.name}: reweighting is by the writer populations of MNIST’s training images; received other images. Leave it out.`,
  );
}

/** Sees what the command line shows. */
export interface StudyObserver extends StudyEvents {
  /** Wraps the work. */
  around?<T>(work: () => Promise<T>, trials: readonly PlannedTrial[]): Promise<T>;
}

function withEvents(observer: StudyObserver, onEvent: RunStudyOptions['onEvent']): StudyEvents {
  return {
    onStarted(trial) {
      const { key, arm, seed, fold } = trial;
      onEvent?.({ event: 'started', key, arm, seed, fold });
      observer.onStarted?.(trial);
    },
    onEpoch(trial, epoch, logs, seconds) {
      onEvent?.({ event: 'epoch', key: trial.key, epoch: epoch + 1, logs });
      observer.onEpoch?.(trial, epoch, logs, seconds);
    },
    onEnded(trial, end, reused) {
      const { key } = trial;
      onEvent?.(
        end.kind === 'failed'
          ? { event: 'failed', key, message: end.message, reused }
          : { event: 'finished', key, testAccuracy: end.result.testAccuracy, reused },
      );
      observer.onEnded?.(trial, end, reused);
    },
  };
}

/**
 * The trials that have ended, with their ends. Where the study stops when decided, only those of the seeds that decided it: which others ended
 * by then is chance.
 */
export function endedTrials(
  study: Study,
  trials: readonly PlannedTrial[],
  ends: readonly (TrialEnd | undefined)[],
): { trials: PlannedTrial[]; ends: TrialEnd[] } {
  const after = decidedAfter(study, trials, ends);
  const seeds = new Set(after === undefined ? study.seeds : study.seeds.slice(0, after));
  const pairs = trials.flatMap((trial, k) => {
    const end = ends[k];
    return end && seeds.has(trial.seed) ? [{ trial, end }] : [];
  });
  return { trials: pairs.map(({ trial }) => trial), ends: pairs.map(({ end }) => end) };
}

/** `results.json`, out of trials that ended earlier or now. */
export function studyResults(
  study: Study,
  trials: readonly PlannedTrial[],
  ends: readonly TrialEnd[],
  { workers, data }: { readonly workers: number; readonly data: DataAbout },
): Results {
  const places = trials.map(({ key, arm, activation, seed, fold }) => ({ key, arm, activation, seed, fold }));
  return resultsOf(study, {
    data,
    environment: describeEnvironment(
      workers,
      trials.some(({ configuration }) => configuration.convolution !== undefined),
    ),
    parameters: Object.fromEntries(study.arms.map(({ name, recipe }) => [name, parametersOf(recipe, data)])),
    trials: ends.flatMap((end, k) => (end.kind === 'finished' ? [{ ...places[k], ...end.result }] : [])),
    failures: ends.flatMap((end, k) =>
      end.kind === 'failed' ? [{ ...places[k], message: end.message }] : [],
    ),
  });
}

function parametersOf(recipe: Recipe, { shape, classes }: DataAbout): number {
  const model = new Sequential(networkLayers(recipe, shape, classes.length));
  const { parameters } = model;
  model.dispose();
  return parameters;
}

/**
 * The images and, where the study divides by them, their writers with a SHA-256 of these: of the numbers in the order of the images, two
 * bytes each, the lower first. A packed file and an unpacked one give the same.
 */
export function withWriters(
  { split }: Study,
  source: DataSet & Pick<DataSource, 'writers'>,
  writers: string | undefined,
): { source: DataSet & Pick<DataSource, 'writers'>; hash: string | null } {
  if (split.kind !== 'folds' || split.groups !== 'writers') return { source, hash: null };
  const loaded = writers === undefined ? source.writers : loadWriters(writers, source.train.labels);
  if (loaded === undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      'This study groups its folds by writer: give the QMNIST label file of the training images with --writers, such as one fetched with dactyl data writers.',
    );
  }
  const bytes = new DataView(new ArrayBuffer(2 * loaded.length));
  loaded.forEach((writer, k) => {
    bytes.setUint16(2 * k, writer, true);
  });
  return { source: { ...source, writers: loaded }, hash: sha256(new Uint8Array(bytes.buffer)) };
}

/** Trials of earlier runs are found by their key; a damaged one is named and computed again. */
export function keeperOf(store: TrialStore, warn?: (line: string) => void): TrialKeeper {
  return {
    find(key) {
      try {
        return store.find(key);
      } catch (error) {
        if (!(error instanceof DactylError)) throw error;
        warn?.(`A kept trial is damaged and is computed again: ${error.message}`);
        return undefined;
      }
    },
    model: (key) => store.readModel(key).model,
    keep(configuration, outcome) {
      store.write(configuration, outcome);
    },
    keepFailure(configuration, message) {
      store.writeFailure(configuration, message);
    },
  };
}
