import { checkPredictions, type Predictions } from '../calibration/predictions.ts';
import { requireFields } from '../../util/options.ts';

/** Which labels a model contradicts with confidence, by probabilities for images that it did not learn from. */
export interface ConfidentLearning {
  /** tⱼ of each class; NaN for a class without images. */
  readonly thresholds: readonly number[];
  /** [given label][confident class], counts of images. */
  readonly confidentJoint: readonly (readonly number[])[];
  /** Estimated share of images [given label][true class]: each row scaled to the number of images of its label, all to 1. */
  readonly joint: readonly (readonly number[])[];
  /** Sum of `joint` off its diagonal: the estimated share of wrong labels. */
  readonly noise: number;
  /** 1 for the images off the diagonal of the confident joint, else 0. */
  readonly suspect: Uint8Array;
}

/**
 * Confident learning (Northcutt, Jiang & Chuang 2021, arXiv 1911.00068): tⱼ is the mean of pⱼ over the images labelled j; image
 * x with label i is counted in C[i][j] for the most probable class j among those with pⱼ(x) ≥ tⱼ, and nowhere if there is none.
 * Off the diagonal the model is at least as sure of another class as it is on average of images that have its label. A row of
 * the joint without counts keeps its label's images on the diagonal. Probabilities must be out of sample: a model that learnt a
 * wrong label believes it. Throws as `checkPredictions` does.
 */
export function confidentLearning(predictions: Predictions): ConfidentLearning {
  requireFields('confidentLearning: predictions', ['probabilities', 'labels', 'classes'], predictions);
  checkPredictions(predictions, 'Confident learning');
  const { probabilities, labels, classes } = predictions;
  const n = labels.length;
  const sums = new Float64Array(classes);
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < n; i++) {
    sums[labels[i]] += probabilities[i * classes + labels[i]];
    counts[labels[i]]++;
  }
  const thresholds = counts.map((count, j) => sums[j] / count);
  const confidentJoint = counts.map(() => new Array<number>(classes).fill(0));
  const suspect = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const confident = confidentClass(probabilities, i * classes, thresholds);
    if (confident < 0) continue;
    confidentJoint[labels[i]][confident]++;
    if (confident !== labels[i]) suspect[i] = 1;
  }
  const joint = confidentJoint.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, j) =>
      total === 0 ? (i === j ? counts[i] / n : 0) : ((count / total) * counts[i]) / n,
    );
  });
  const noise = joint.reduce(
    (sum, row, i) => sum + row.reduce((part, share, j) => (i === j ? part : part + share), 0),
    0,
  );
  return { thresholds, confidentJoint, joint, noise, suspect };
}

/** The most probable class at or above its threshold, the first of equals; −1 for none. */
function confidentClass(
  probabilities: Predictions['probabilities'],
  first: number,
  thresholds: readonly number[],
): number {
  let best = -1;
  for (let j = 0; j < thresholds.length; j++) {
    const p = probabilities[first + j];
    if (p >= thresholds[j] && (best < 0 || p > probabilities[first + best])) best = j;
  }
  return best;
}
