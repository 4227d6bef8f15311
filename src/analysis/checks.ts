import { DactylError } from '../util/errors.ts';

/** How far the probabilities of a row may sum from 1: they are rounded when written. */
export const SUM_TOLERANCE = 0.02;

/**
 * Throws E_SHAPE unless there is at least one row of `classes` probabilities, E_ARGUMENT unless each is from 0 to 1 and each row sums to 1 within
 * `SUM_TOLERANCE`: logits, percentages and NaN would else give a number that means nothing.
 */
export function requireProbabilities(probabilities: ArrayLike<number>, classes: number, what: string): void {
  if (
    !(Number.isInteger(classes) && classes >= 1) ||
    probabilities.length === 0 ||
    probabilities.length % classes !== 0
  ) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected rows of ${classes} probabilities, at least one, received ${probabilities.length} numbers.`,
    );
  }
  for (let first = 0; first < probabilities.length; first += classes) {
    let sum = 0;
    for (let k = first; k < first + classes; k++) {
      requireProbability(probabilities[k], k, what);
      sum += probabilities[k];
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new DactylError(
        'E_ARGUMENT',
        `${what}: expected probabilities that sum to 1 within ${SUM_TOLERANCE} in every row, received a sum of ${Number(sum.toPrecision(6))} in row ${first / classes}. ${BEFORE_SOFTMAX}`,
      );
    }
  }
}

const BEFORE_SOFTMAX = 'Are these outputs before softmax, or percentages?';

/** Throws E_ARGUMENT unless each is from 0 to 1; of numbers whose rows are not known. */
export function requireEachProbability(values: ArrayLike<number>, what: string): void {
  for (let k = 0; k < values.length; k++) requireProbability(values[k], k, what);
}

function requireProbability(value: number, at: number, what: string): void {
  if (!(value >= 0 && value <= 1 + SUM_TOLERANCE)) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected probabilities from 0 to 1, received ${value} at position ${at}. ${BEFORE_SOFTMAX}`,
    );
  }
}

/** Throws E_SHAPE unless there are `count` labels, E_LABEL unless each is a whole number from 0 to `classes` − 1. */
export function requireLabels(
  labels: ArrayLike<number>,
  { count, classes }: { readonly count: number; readonly classes: number },
  what: string,
): void {
  if (labels.length !== count) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected ${count} labels, one for each image, received ${labels.length}.`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes)) {
      throw new DactylError(
        'E_LABEL',
        `${what}: expected label ${i} to be a whole number from 0 to ${classes - 1}, received ${labels[i]}.`,
      );
    }
  }
}
