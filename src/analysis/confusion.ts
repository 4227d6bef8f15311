import { DactylError } from '../util/errors.ts';
import { requireNumbers, requireType } from '../util/options.ts';
import { MOST_CLASSES } from './predictionColumns.ts';

/** How often images of `trueClass` were taken for `predictedClass`. */
export interface Confusion {
  readonly trueClass: number;
  readonly predictedClass: number;
  readonly count: number;
}

/**
 * Counts as `[true class][predicted class]`. `classes` is at most 1,000. Throws E_SHAPE where the two lists differ in length, and E_LABEL for an
 * entry that is not a whole number from 0 to `classes` − 1.
 */
export function confusionMatrix(
  trueLabels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes = 10,
): number[][] {
  requireNumbers('confusionMatrix: trueLabels', trueLabels);
  requireNumbers('confusionMatrix: predicted', predicted);
  const fits = Number.isInteger(classes) && classes >= 1 && classes <= MOST_CLASSES;
  requireType('confusionMatrix: classes', `a whole number from 1 to ${MOST_CLASSES}`, fits, classes);
  if (trueLabels.length !== predicted.length) {
    throw new DactylError(
      'E_SHAPE',
      `A confusion matrix: expected as many predictions as labels (${trueLabels.length}), received ${predicted.length}.`,
    );
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < trueLabels.length; i++) {
    matrix[classAt(trueLabels, i, classes, 'label')][classAt(predicted, i, classes, 'prediction')]++;
  }
  return matrix;
}

/** Recall of class c: matrix[c][c] / Σ matrix[c], a rate from 0 to 1; NaN for a class without images. */
export function recallPerClass(matrix: readonly (readonly number[])[]): number[] {
  return matrix.map((row, c) => row[c] / sum(row));
}

/** Σ matrix[c][c] / Σ matrix, a rate from 0 to 1; NaN for an empty matrix. */
export function accuracyOf(matrix: readonly (readonly number[])[]): number {
  return sum(matrix.map((row, c) => row[c])) / sum(matrix.map(sum));
}

/**
 * The at most `k` most frequent confusions, each direction by itself, those that occurred only. Ordered by count, the
 * largest first; equal counts by true class, then by predicted class, both ascending.
 */
export function topConfusions(matrix: readonly (readonly number[])[], k: number): Confusion[] {
  return matrix
    .flatMap((row, trueClass) => row.map((count, predictedClass) => ({ trueClass, predictedClass, count })))
    .filter(({ trueClass, predictedClass, count }) => trueClass !== predictedClass && count > 0)
    .sort((a, b) => b.count - a.count || a.trueClass - b.trueClass || a.predictedClass - b.predictedClass)
    .slice(0, k);
}

function classAt(values: ArrayLike<number>, index: number, classes: number, what: string): number {
  const value = values[index];
  if (!(Number.isInteger(value) && value >= 0 && value < classes)) {
    throw new DactylError(
      'E_LABEL',
      `A confusion matrix: expected ${what} ${index} to be a whole number from 0 to ${classes - 1}, received ${value}.`,
    );
  }
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
