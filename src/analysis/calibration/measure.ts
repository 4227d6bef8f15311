import type { Dataset } from '../../data/examples.ts';
import type { Population } from '../../data/mnist/writers.ts';
import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import type { EvaluationData, Subject, Work } from '../subject.ts';
import { knownPopulations } from '../evaluation/known.ts';
import { checkStopped, nameOf } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import type { Scored } from './folds.ts';
import { crossFitted, halves, score } from './folds.ts';
import { type CalibrationRun, measureRun } from './run.ts';

/** Images kept out of a subject's training and of every choice about it. */
export interface CalibrationImages {
  readonly images: Dataset;
  /** Of each image's writer; without it there are no sets by population. */
  readonly populations?: readonly Population[];
}

export interface CalibrationOptions {
  /** Fewer resamples behind the ECE by chance; all images as ever. */
  readonly quick?: boolean;
  /** What temperatures, thresholds and quantiles are fitted on. Without it each half of the test set is judged by what is fitted on the other. */
  readonly holdout?: (subject: Subject) => CalibrationImages;
  /** Of the halves, the resamples and the randomised sets; 0 by default. */
  readonly seed?: number;
}

export interface Calibration {
  /** Test images. */
  readonly images: number;
  readonly classes: number;
  /** What temperatures, thresholds and quantiles were fitted on. */
  readonly fittedOn: 'halves' | 'holdout';
  /** Images behind one fit. */
  readonly fitImages: number;
  /** Names of `byGroup` in the sets; one entry where the writers' populations are not known. */
  readonly groups: readonly string[];
  /** Each promise of an error rate holds with this probability. */
  readonly promise: number;
  readonly seed: number;
  readonly runs: readonly CalibrationRun[];
}

const DELTA = 0.05;
const RESAMPLES = { full: 200, quick: 50 };

/**
 * Calibration, abstention and conformal sets of every subject on the test images. Probabilities are the softmax of the
 * network's logits in float64. The test images' populations of writers are known of MNIST's. Throws
 * E_SHAPE for a model without one output a class, E_ARGUMENT below 100 test images, E_ABORTED when stopped.
 */
export async function measureCalibration(
  subjects: readonly Subject[],
  data: Omit<EvaluationData, 'train'>,
  options: CalibrationOptions,
  work: Work,
): Promise<Calibration> {
  requireItems('measureCalibration: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureCalibration: data', ['test'], data);
  checkOptions('measureCalibration', ['quick', 'holdout', 'seed'], options);
  checkOptions('measureCalibration: work', ['signal', 'onProgress'], work);
  const { test } = data;
  const { quick = false, holdout, seed = 0 } = options;
  const populations = knownPopulations(data);
  const known = populations !== null;
  const groups = populations ?? new Uint8Array(test.labels.length);
  const parts = halves(test, groups, seed);
  const runs: CalibrationRun[] = [];
  let fitImages = Math.min(...parts.map(({ length }) => length));
  for (const [s, subject] of subjects.entries()) {
    checkStopped(work);
    const scored = scoreSubject(subject, test, groups, new Random(seed, 'calibration/sets'));
    const kept = holdout?.(subject);
    let folds = crossFitted(scored, parts);
    if (kept !== undefined) {
      const { images, populations: own } = kept;
      fitImages = images.labels.length;
      const keptGroups = Uint8Array.from(images.labels, (_, i) => (own === undefined ? 0 : groupOf(own[i])));
      const random = new Random(seed, 'calibration/sets of the hold-out');
      const calibration = scoreSubject(subject, images, keptGroups, random);
      folds = [{ calibration, evaluation: scored, rows: Uint32Array.from(test.labels.keys()) }];
    }
    const measured = measureRun(scored, folds, {
      random: new Random(seed, 'calibration/chance'),
      resamples: quick ? RESAMPLES.quick : RESAMPLES.full,
      delta: DELTA,
      groupCount: known ? 2 : 1,
      byGroup: known && (kept === undefined || kept.populations !== undefined),
      seed,
    });
    runs.push({ ...nameOf(subject), ...measured });
    work.onProgress?.((s + 1) / subjects.length);
    await yieldToEvents();
  }
  return {
    images: test.labels.length,
    classes: test.classes,
    fittedOn: holdout === undefined ? 'halves' : 'holdout',
    fitImages,
    groups: known ? ['students', 'employees'] : ['all writers'],
    promise: 1 - DELTA,
    seed,
    runs,
  };
}

function groupOf(population: Population): number {
  return population === 'student' ? 0 : 1;
}

function scoreSubject({ model, arm }: Subject, images: Dataset, groups: Uint8Array, random: Random): Scored {
  if (model.outputs !== images.classes) {
    throw new DactylError(
      'E_SHAPE',
      `Calibration of ${arm}: expected a model with an output for each of the ${images.classes} classes, received ${model.outputs} outputs.`,
    );
  }
  const logits = model.withRows(images.images, (rows) => model.network.logitsOf(rows));
  return score(logits, images, groups, random);
}
