import { DactylError } from '../../util/errors.ts';
import { requireArray, requireFields, requireNumbers } from '../../util/options.ts';
import { ANSWER_STATISTICS, answerStatistics } from './answerStatistics.ts';
import { INPUT_STATISTICS, inputStatistics } from './inputStatistics.ts';

/** All statistics of an image and its answer, in the order of the rows of `DriftObservations`. */
export const STATISTICS = [...INPUT_STATISTICS, ...ANSWER_STATISTICS];
export const CONFIDENCE = INPUT_STATISTICS.length;

/** What is kept of images that were served, and of held-out ones: numbers about them, no pixels. */
export interface DriftObservations {
  /** [n, STATISTICS]. */
  readonly statistics: Float64Array;
  /** [n], index of the class that was answered; the number of classes where the answer was none of them. */
  readonly answers: Uint16Array;
}

/** Calibrated probabilities [n, classes] and [n] of 'none'. */
export interface CalibratedAnswers {
  readonly probabilities: ArrayLike<number>;
  readonly none: ArrayLike<number>;
  readonly classes: number;
}

/** Of n images of `shape` (see `inputStatistics`) with their answers. Answered is the most probable class, or none where that is more probable still. Throws E_SHAPE. */
export function driftObservations(
  images: ArrayLike<number>,
  shape: readonly number[],
  calibrated: CalibratedAnswers,
): DriftObservations {
  requireNumbers('driftObservations: images', images);
  requireArray('driftObservations: shape', shape);
  requireFields('driftObservations: answers', ['probabilities', 'none', 'classes'], calibrated);
  const { probabilities, none, classes } = calibrated;
  const inputs = inputStatistics(images, shape);
  const n = none.length;
  if (inputs.length !== n * CONFIDENCE || probabilities.length !== n * classes) {
    throw new DactylError(
      'E_SHAPE',
      `driftObservations: expected an image, ${classes} probabilities and one of 'none' for each answer, received ${inputs.length / CONFIDENCE} images, ${probabilities.length} and ${n} of them.`,
    );
  }
  const statistics = new Float64Array(n * STATISTICS.length);
  const answers = new Uint16Array(n);
  const row = new Float64Array(classes);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < classes; k++) row[k] = probabilities[i * classes + k];
    const own = inputs.subarray(i * CONFIDENCE, (i + 1) * CONFIDENCE);
    statistics.set(own, i * STATISTICS.length);
    statistics.set(answerStatistics(row, none[i]), i * STATISTICS.length + CONFIDENCE);
    const largest = Math.max(...row);
    answers[i] = none[i] > largest ? classes : row.indexOf(largest);
  }
  return { statistics, answers };
}

/** Throws E_ARGUMENT or E_SHAPE unless it is what `driftObservations` gives. */
export function requireObservations(what: string, value: DriftObservations): void {
  requireFields(what, ['statistics', 'answers'], value);
  requireNumbers(`${what}.statistics`, value.statistics);
  requireNumbers(`${what}.answers`, value.answers);
  const { statistics, answers } = value;
  if (statistics.length === answers.length * STATISTICS.length) return;
  throw new DactylError(
    'E_SHAPE',
    `${what}: expected ${STATISTICS.length} statistics for each of ${answers.length} answers, received ${statistics.length}.`,
  );
}

/** The rows at `indices`, copied. */
export function observationsAt(
  { statistics, answers }: DriftObservations,
  indices: ArrayLike<number>,
): DriftObservations {
  const width = STATISTICS.length;
  const chosen = new Float64Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    chosen.set(statistics.subarray(indices[i] * width, (indices[i] + 1) * width), i * width);
  }
  return { statistics: chosen, answers: Uint16Array.from(indices, (index) => answers[index]) };
}

/** One statistic of every row. */
export function columnOf({ statistics, answers }: DriftObservations, column: number): Float64Array {
  return Float64Array.from(answers, (_, i) => statistics[i * STATISTICS.length + column]);
}
