import { DactylError } from '../../util/errors.ts';
import { exponential } from '../../util/exponential.ts';
import { requireSample } from '../../stats/requirements.ts';
import { requireEachProbability, requireLabels, requireProbabilities } from '../checks.ts';
import { requireFields, requireNumber, requireNumbers } from '../../util/options.ts';

/** A classifier's probabilities for n labelled images. */
export interface Predictions {
  /** [n][classes], row-major; each row sums to 1. */
  readonly probabilities: Float32Array | Float64Array;
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** What is left when only the most probable class is looked at. */
export interface TopLabel {
  /** The largest probability of each row. */
  readonly confidence: Float64Array;
  /** 1 where its class (the first of equals) is the label's, else 0. */
  readonly correct: Uint8Array;
}

/**
 * Throws E_SHAPE unless there is a row for every label and at least one, E_LABEL for a label that is no class, E_ARGUMENT for what are no
 * probabilities (`requireProbabilities`).
 */
export function checkPredictions({ probabilities, labels, classes }: Predictions, what: string): void {
  if (labels.length === 0 || probabilities.length !== labels.length * classes) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected at least one image and ${classes} probabilities for each, received ${labels.length} labels and ${probabilities.length} probabilities.`,
    );
  }
  requireLabels(labels, { count: labels.length, classes }, what);
  requireProbabilities(probabilities, classes, what);
}

/** Throws E_SHAPE unless both are of the same images and at least one, E_ARGUMENT for a confidence beyond 0 to 1 or an answer that is neither 0 nor 1. */
export function checkTopLabel({ confidence, correct }: TopLabel, what: string): void {
  if (confidence.length === 0 || confidence.length !== correct.length) {
    throw new DactylError(
      'E_SHAPE',
      `${what}: expected a confidence and an answer for each of at least one image, received ${confidence.length} and ${correct.length}.`,
    );
  }
  requireEachProbability(confidence, what);
  const wrong = correct.findIndex((answer) => answer !== 0 && answer !== 1);
  if (wrong >= 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected 1 for right and 0 for wrong, received ${correct[wrong]} at position ${wrong}.`,
    );
  }
}

/** pⱼ = e^((zⱼ − max z) / T) / Σₖ e^((zₖ − max z) / T) for each row of `logits` [n][classes], in float64. Throws E_SHAPE, or E_ARGUMENT for a number that is not finite or a T not above 0. */
export function softmax(logits: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  requireNumbers('softmax: logits', logits);
  requireNumber('softmax: classes', classes);
  requireNumber('softmax: temperature', temperature);
  requireSample(logits, 1, 'Logits');
  if (logits.length % classes !== 0) {
    throw new DactylError(
      'E_SHAPE',
      `Logits: expected rows of ${classes}, received ${logits.length} numbers.`,
    );
  }
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new DactylError('E_ARGUMENT', `A temperature: expected a number above 0, received ${temperature}.`);
  }
  const probabilities = new Float64Array(logits.length);
  for (let first = 0; first < logits.length; first += classes) {
    let largest = -Infinity;
    for (let j = 0; j < classes; j++) largest = Math.max(largest, logits[first + j]);
    let sum = 0;
    for (let j = 0; j < classes; j++) {
      const e = exponential((logits[first + j] - largest) / temperature);
      probabilities[first + j] = e;
      sum += e;
    }
    for (let j = 0; j < classes; j++) probabilities[first + j] /= sum;
  }
  return probabilities;
}

/** Throws as `checkPredictions` does. */
export function topLabel(predictions: Predictions): TopLabel {
  requireFields('topLabel: predictions', ['probabilities', 'labels', 'classes'], predictions);
  checkPredictions(predictions, 'The most probable class');
  const { probabilities, labels, classes } = predictions;
  const confidence = new Float64Array(labels.length);
  const correct = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let j = 1; j < classes; j++) {
      if (probabilities[i * classes + j] > probabilities[i * classes + best]) best = j;
    }
    confidence[i] = probabilities[i * classes + best];
    correct[i] = best === labels[i] ? 1 : 0;
  }
  return { confidence, correct };
}

/** The rows `indices` of [n][width], copied. */
export function takeRows(
  values: ArrayLike<number>,
  width: number,
  indices: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const rows = new Float64Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    for (let j = 0; j < width; j++) rows[i * width + j] = values[indices[i] * width + j];
  }
  return rows;
}
