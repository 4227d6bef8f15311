import { expectedCalibrationError } from '../analysis/calibration/calibrationError.ts';
import { topLabel } from '../analysis/calibration/predictions.ts';
import { reliabilityDiagram } from '../analysis/calibration/reliability.ts';
import { mostProbable } from '../analysis/mostProbable.ts';
import { contactOf } from '../data/contact.ts';
import type { DataSet } from '../data/dataSet.ts';
import { isMnist } from '../data/identity.ts';
import { holdoutSize } from '../data/splits/holdout.ts';
import { epochLine } from '../nn/epochLine.ts';
import type { EpochLogs } from '../nn/history.ts';
import { runIn, type StudyEvent, type StudyObserver, type StudyRun } from '../queue/runStudy.ts';
import type { ReportInput } from '../report/input.ts';
import { mean } from '../stats/describe.ts';
import { haveSpread } from '../stats/moments.ts';
import { anytimeInterval } from '../stats/sequential.ts';
import { studentInterval } from '../stats/student.ts';
import { ownStudiesBeside } from '../store/ownStudies.ts';
import { TrialStore } from '../store/runs.ts';
import type { WrittenReport } from '../store/study.ts';
import { placeOf, readStudy, seedsBefore } from '../store/studyRecord.ts';
import type { Study } from '../study/configuration.ts';
import { hashesOf } from '../study/earlierStudies.ts';
import { extraCount } from '../study/extraData.ts';
import type { Results, TrialResult } from '../study/results.ts';
import type { TrialEnd } from '../study/runStudy.ts';
import type { PlannedTrial } from '../study/study.ts';
import { activationName } from '../study/wording.ts';
import { DactylError } from '../util/errors.ts';
import { inTurns } from '../util/inTurns.ts';
import { sizeOf } from '../util/tensor.ts';
import { keptEvaluation } from './keptEvaluation.ts';
import { Progress } from './progress.ts';
import type { print } from './terminal.ts';
import { styled, warn } from './terminal.ts';
import { writeReport } from './writeReport.ts';

export interface Execution {
  readonly study: Study;
  /** Of the study; its parent holds the trials. */
  readonly folder: string;
  readonly source: DataSet;
  readonly jobs: number;
  /** File with the writers of the training images. */
  readonly writers?: string;
  /** Of the test images, for the report. */
  readonly testWriters?: Uint16Array;
  readonly everySeconds?: number;
  readonly signal: AbortSignal;
  readonly say: typeof print;
  readonly live: boolean;
  /** Prints the epochs of each arm's first trial, as the paper does. */
  readonly epochs: boolean;
  /** false: the trials only. */
  readonly report?: boolean;
  readonly onEvent?: (event: StudyEvent) => void;
}

/** Runs the study and writes the report. Throws as `runStudy`. */
export async function executeStudy(
  execution: Execution,
): Promise<{ results: Results; written: WrittenReport | undefined }> {
  const { study, folder, jobs, source, writers, testWriters, everySeconds, signal, say, onEvent } = execution;
  const observer = new Observer(execution);
  const options = { source, workers: jobs, signal, ...(everySeconds !== undefined && { everySeconds }) };
  return runIn(
    study,
    folder,
    {
      ...options,
      keeperWarning: warn,
      ...(writers !== undefined && { writers }),
      ...(onEvent && { onEvent }),
    },
    observer,
    async (run) => {
      const { results, trials } = run;
      if (results.trials.length === 0) {
        const [first] = results.failures;
        const reason = first ? `${first.arm}, seed ${first.seed}: ${first.message}` : 'no trial ran';
        throw new DactylError(
          'E_NUMERIC',
          `Every trial failed, so there is nothing to report. The first, ${reason}`,
        );
      }
      if (execution.report === false) return { results, written: undefined };
      say('Writing the report …');
      const write = async (): Promise<WrittenReport> => {
        const made = { ...run, folder, ...(testWriters && { writers: testWriters }) };
        return writeReport({ folder, input: await reportInput(made, signal) }, signal);
      };
      const written = await resumable(
        write(),
        () => `All ${trials.length} trials have ended and are kept, the report is not written.`,
      );
      onEvent?.({ event: 'report', file: written.report });
      return { results, written };
    },
  );
}

/** Runs, those of the first seeds, whose answers image by image go into a report. */
const MOST_PREDICTIONS = 240;

/** Training images that a report shows. */
const SAMPLE = 10;

/** What the report is made from. `writers`: of the test images. */
export async function reportInput(
  {
    results,
    folder,
    source: { train, test, shape, identity, facts },
    writers,
  }: Pick<StudyRun, 'results' | 'source'> & {
    readonly folder: string;
    readonly writers?: Uint16Array;
  },
  signal: AbortSignal,
): Promise<ReportInput> {
  const store = new TrialStore(placeOf(folder).root);
  const { study, trials } = results;
  const predictions = new Map<string, Uint8Array>();
  const calibration = new Map<string, number>();
  const chosen = study.split.kind === 'folds' ? [] : trials.slice(0, MOST_PREDICTIONS);
  await inTurns(
    chosen,
    ({ key }) => {
      const { probabilities } = store.read(key);
      predictions.set(key, mostProbable(probabilities));
      const { data, shape } = probabilities;
      const top = topLabel({ probabilities: data, labels: test.labels, classes: shape[1] });
      calibration.set(key, expectedCalibrationError(reliabilityDiagram(top)));
    },
    signal,
  );
  const evaluation = keptEvaluation(folder, hashesOf(study), warn);
  return {
    results,
    folder,
    ...(evaluation && { evaluation }),
    sample: {
      images: train.images.data.slice(0, SAMPLE * sizeOf(shape)),
      labels: train.labels.slice(0, SAMPLE),
    },
    ...(!isMnist(identity) && { contact: contactOf(train), ...(facts.sheet && { sheet: facts.sheet }) }),
    test: { images: test.images.data, labels: test.labels },
    predictions,
    calibration,
    ...(writers && { writers }),
    ownStudies: ownStudiesBeside(folder, study),
    seedsBefore: seedsBefore(folder),
    fixedUnder: readStudy(folder).judgement,
  };
}

/** Shows on the terminal how a study goes. */
class Observer implements StudyObserver {
  readonly #execution: Execution;
  readonly #images: number;
  #trials: readonly PlannedTrial[] = [];
  #firstOfArm = new Set<PlannedTrial>();
  #progress: Progress;
  readonly #lines = new Map<PlannedTrial, string[]>();
  readonly #accuracies = new Map<string, number[]>();
  #ended = 0;
  #running = 0;
  #failed = 0;

  constructor(execution: Execution) {
    this.#execution = execution;
    this.#images = execution.source.train.labels.length;
    this.#progress = new Progress(0, false);
  }

  async around<T>(work: () => Promise<T>, trials: readonly PlannedTrial[]): Promise<T> {
    this.#trials = trials;
    const arms = new Set<string>();
    for (const trial of trials) {
      if (!arms.has(trial.arm)) this.#firstOfArm.add(trial);
      arms.add(trial.arm);
    }
    const epochs = trials.reduce((sum, { configuration }) => sum + configuration.recipe.epochs, 0);
    this.#progress = new Progress(epochs, this.#execution.live);
    this.#progress.begin(this.#label());
    try {
      return await resumable(
        work(),
        () => `${this.#ended} of ${trials.length} trials have ended and are kept.`,
      );
    } finally {
      this.#progress.end();
    }
  }

  onStarted(): void {
    this.#running++;
  }

  onEpoch(trial: PlannedTrial, epoch: number, logs: EpochLogs, seconds: number): void {
    if (this.#execution.epochs && this.#firstOfArm.has(trial)) {
      const { recipe } = trial.configuration;
      const own = this.#lines.get(trial) ?? [];
      this.#lines.set(trial, own);
      own.push(`Epoch ${epoch + 1}/${recipe.epochs}`, epochLine(stepsOf(trial, this.#images), seconds, logs));
    }
    this.#progress.advance(this.#label());
  }

  onEnded(trial: PlannedTrial, end: TrialEnd, reused: boolean): void {
    const { say, epochs } = this.#execution;
    this.#ended++;
    if (reused) this.#progress.skip(trial.configuration.recipe.epochs);
    else this.#running--;
    if (end.kind === 'failed') this.#failed++;
    else {
      const known = this.#accuracies.get(trial.arm) ?? [];
      this.#accuracies.set(trial.arm, known);
      known.push(end.result.testAccuracy);
    }
    this.#progress.interrupt(() => {
      const verbose = epochs && this.#firstOfArm.has(trial) && end.kind === 'finished';
      if (verbose) {
        say(styled('bold', nameOf(trial)));
        const own = this.#lines.get(trial);
        // A trial that was taken up in the middle has told of its last epochs only.
        const whole = own?.length === 2 * end.result.history.loss.length ? own : undefined;
        (whole ?? keptLines(end.result, stepsOf(trial, this.#images))).forEach((line) => {
          say(line);
        });
      }
      say(`${endLine(trial, end, reused)}; ${this.#ended} of ${this.#trials.length})`);
      if (verbose) say();
    });
  }

  #label(): string {
    const standing = [...this.#accuracies].map(
      ([arm, values]) =>
        `${activationName(arm)} ${meanAndInterval(values, this.#execution.study.stopping !== undefined)}`,
    );
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    return [
      `${this.#ended}/${this.#trials.length} trials, ${this.#running} running${failed}`,
      ...standing,
    ].join('  ');
  }
}

/** Says where things stand, should the work be stopped on request. */
async function resumable<T>(work: Promise<T>, standing: () => string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DactylError && error.code === 'E_ABORTED')) throw error;
    throw new DactylError('E_ABORTED', `Stopped. ${standing()} The same command goes on from there.`, {
      cause: error,
    });
  }
}

function endLine(trial: PlannedTrial, end: TrialEnd, reused: boolean): string {
  const where = trial.fold === null ? `seed ${trial.seed}` : `seed ${trial.seed}, fold ${trial.fold + 1}`;
  if (end.kind === 'failed') return `Failed: ${nameOf(trial)}: ${end.message} (${where}`;
  const time = reused ? 'kept from an earlier run' : `${end.result.seconds.toFixed(1)} s`;
  return `Accuracy with ${activationName(trial.arm)}: ${end.result.testAccuracy.toFixed(4)}  (${where}, ${time}`;
}

/** '97.61 ± 0.08 %': the mean with the half width of its 95 % interval, where it has one; always-valid where the study is looked at after every seed, for else each look would invite to stop. */
function meanAndInterval(values: readonly number[], sequential: boolean): string {
  const centre = (100 * mean(values)).toFixed(2);
  if (values.length < 2 || !haveSpread(values)) return `${centre} %`;
  const { low, high } = sequential ? anytimeInterval(values) : studentInterval(values);
  if (!Number.isFinite(low)) return `${centre} %`;
  return `${centre} ± ${(50 * (high - low)).toFixed(2)} %`;
}

/** The epoch lines of a trial that was kept: Keras' form, its times being those of the whole trial shared out. */
function keptLines({ history, seconds }: TrialResult, steps: number): string[] {
  return history.loss.flatMap((loss, e) => {
    const logs: EpochLogs = {
      loss,
      accuracy: history.accuracy[e],
      val_loss: history.val_loss[e],
      val_accuracy: history.val_accuracy[e],
    };
    return [`Epoch ${e + 1}/${history.loss.length}`, epochLine(steps, seconds / history.loss.length, logs)];
  });
}

/** Of an epoch; `all`: how many training images the data have. */
function stepsOf({ configuration: { split, recipe } }: PlannedTrial, all: number): number {
  const images =
    split.kind === 'test'
      ? all
      : split.kind === 'holdout'
        ? all - holdoutSize(all)
        : split.kind === 'half'
          ? Math.floor(all / 2)
          : all * (1 - 1 / split.folds);
  return Math.ceil((images + extraCount(recipe)) / recipe.batchSize);
}

function nameOf({ arm, seed, fold }: PlannedTrial): string {
  return `${activationName(arm)}, seed ${seed}${fold === null ? '' : `, fold ${fold + 1}`}`;
}
