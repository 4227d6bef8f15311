import type { Dataset } from '../../data/examples.ts';
import { stratifiedHoldout } from '../../data/splits/holdout.ts';
import { DactylError } from '../../util/errors.ts';
import { Random } from '../../util/random.ts';
import { type Predictions, softmax, takeRows, topLabel, type TopLabel } from './predictions.ts';

/** Labelled images with a network's logits. */
export interface Scored extends Predictions {
  /** [n][classes]. */
  readonly logits: Float32Array | Float64Array;
  readonly top: TopLabel;
  /** Population of each image's writer, from 0; all 0 where it is not known. */
  readonly groups: Uint8Array;
  /** One number of [0, 1) for each image, for randomised sets. */
  readonly uniforms: Float64Array;
}

/** What is fitted on `calibration` is judged on `evaluation`, the images `rows` of the test set. */
export interface CalibrationFold {
  readonly calibration: Scored;
  readonly evaluation: Scored;
  readonly rows: Uint32Array;
}

/** Fewer test images than that leave too little to fit on one half and judge on the other. */
const LEAST_IMAGES = 100;

export function score(
  logits: Float32Array | Float64Array,
  { labels, classes }: Dataset,
  groups: Uint8Array,
  random: Random,
): Scored {
  const probabilities = softmax(logits, classes);
  const uniforms = Float64Array.from(labels, () => random.uniform());
  return {
    logits,
    probabilities,
    labels,
    classes,
    top: topLabel({ probabilities, labels, classes }),
    groups,
    uniforms,
  };
}

/** Throws E_ARGUMENT for fewer than 100 test images. */
export function halves({ labels }: Dataset, groups: Uint8Array, seed: number): [Uint32Array, Uint32Array] {
  if (labels.length < LEAST_IMAGES) {
    throw new DactylError(
      'E_ARGUMENT',
      `Calibration: expected at least ${LEAST_IMAGES} labelled test images, so that one half can be fitted on and the other judged; received ${labels.length}.`,
    );
  }
  const strata = Uint16Array.from(labels, (label, i) => 2 * label + groups[i]);
  const { rest, holdout } = stratifiedHoldout(
    strata,
    Math.floor(labels.length / 2),
    new Random(seed, 'calibration/halves'),
  );
  return [rest, holdout];
}

/** Each half judged by what was fitted on the other; stratified by class and population. */
export function crossFitted(
  test: Scored,
  [first, second]: readonly [Uint32Array, Uint32Array],
): CalibrationFold[] {
  const [a, b] = [take(test, first), take(test, second)];
  return [
    { calibration: a, evaluation: b, rows: second },
    { calibration: b, evaluation: a, rows: first },
  ];
}

export function take(scored: Scored, rows: Uint32Array): Scored {
  const { logits, probabilities, labels, classes, top, groups, uniforms } = scored;
  return {
    logits: takeRows(logits, classes, rows),
    probabilities: takeRows(probabilities, classes, rows),
    labels: Uint8Array.from(rows, (row) => labels[row]),
    classes,
    top: {
      confidence: takeRows(top.confidence, 1, rows),
      correct: Uint8Array.from(rows, (row) => top.correct[row]),
    },
    groups: Uint8Array.from(rows, (row) => groups[row]),
    uniforms: takeRows(uniforms, 1, rows),
  };
}
