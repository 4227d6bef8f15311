import { requireSample, requireShare } from '../../../stats/requirements.ts';
import { DactylError } from '../../../util/errors.ts';
import { requireLabels } from '../../checks.ts';
import { requireFields, requireFunction, requireNumber, requireNumbers } from '../../../util/options.ts';

/**
 * The conformal quantile: the ⌈(n + 1)(1 − α)⌉-th smallest of the calibration scores, ∞ where there are too few. A set of
 * all classes that score at most this holds the true class of a new, exchangeable image with a probability of at least 1 − α. Throws E_ARGUMENT for a
 * score that is not finite and unless 0 < α < 1.
 */
export function conformalQuantile(scores: Float64Array, alpha: number): number {
  requireNumbers('conformalQuantile: scores', scores);
  requireNumber('conformalQuantile: alpha', alpha);
  requireShare(alpha, 'The α of a conformal quantile');
  requireSample(scores, 0, 'Scores of a conformal quantile');
  const rank = Math.ceil((scores.length + 1) * (1 - alpha) - 1e-9);
  return rank > scores.length ? Infinity : scores.slice().sort()[Math.max(0, rank - 1)];
}

/** The score of each image's own label, from scores [n][classes]. */
export function ownScores(scores: Float64Array, labels: Uint8Array, classes: number): Float64Array {
  return Float64Array.from(labels, (label, i) => scores[i * classes + label]);
}

export interface Covered {
  readonly count: number;
  readonly covered: number;
}

/** Sets of many images: how many hold the true class, and how large they are. */
export interface SetCounts extends Covered {
  /** Images by the number of classes in their set, from 0 to all. */
  readonly sizes: readonly number[];
  readonly byClass: readonly Covered[];
  readonly byGroup: readonly Covered[];
}

/** Whose sets are counted; `groups[i]`: of image i, from 0. */
export interface Judged {
  readonly labels: Uint8Array;
  readonly classes: number;
  readonly groups: Uint8Array;
}

/** From scores [n][classes]. `thresholdOf(i, j)`: class j is in the set of image i if it scores at most this. Throws E_SHAPE, E_ARGUMENT and E_LABEL. */
export function countSets(
  scores: Float64Array,
  judged: Judged,
  thresholdOf: (image: number, candidate: number) => number,
  groupCount: number,
): SetCounts {
  requireNumbers('countSets: scores', scores);
  requireFields('countSets: judged', ['labels', 'classes', 'groups'], judged);
  requireFunction('countSets: thresholdOf', thresholdOf);
  requireNumber('countSets: groupCount', groupCount);
  const { labels, classes, groups } = judged;
  requireSample(scores, 1, 'Scores of sets');
  if (scores.length !== labels.length * classes) {
    throw new DactylError(
      'E_SHAPE',
      `Scores of sets: expected ${classes} for each of ${labels.length} labels, received ${scores.length}.`,
    );
  }
  requireLabels(labels, { count: labels.length, classes }, 'Labels of sets');
  requireLabels(groups, { count: labels.length, classes: groupCount }, 'Groups of sets');
  const sizes = new Array<number>(classes + 1).fill(0);
  const byClass = Array.from({ length: classes }, () => ({ count: 0, covered: 0 }));
  const byGroup = Array.from({ length: groupCount }, () => ({ count: 0, covered: 0 }));
  let covered = 0;
  for (let i = 0; i < labels.length; i++) {
    let size = 0;
    let holds = 0;
    for (let j = 0; j < classes; j++) {
      if (scores[i * classes + j] <= thresholdOf(i, j)) {
        size++;
        if (j === labels[i]) holds = 1;
      }
    }
    sizes[size]++;
    covered += holds;
    for (const part of [byClass[labels[i]], byGroup[groups[i]]]) {
      part.count++;
      part.covered += holds;
    }
  }
  return { count: labels.length, covered, sizes, byClass, byGroup };
}

/** Of the sets of both lots of images. */
export function addCounts(a: SetCounts, b: SetCounts): SetCounts {
  const add = (x: Covered, y: Covered): Covered => ({
    count: x.count + y.count,
    covered: x.covered + y.covered,
  });
  return {
    ...add(a, b),
    sizes: a.sizes.map((count, size) => count + b.sizes[size]),
    byClass: a.byClass.map((part, k) => add(part, b.byClass[k])),
    byGroup: a.byGroup.map((part, k) => add(part, b.byGroup[k])),
  };
}

/** Σ size · images / Σ images. */
export function meanSetSize({ sizes, count }: Pick<SetCounts, 'sizes' | 'count'>): number {
  return sizes.reduce((sum, images, size) => sum + size * images, 0) / count;
}
