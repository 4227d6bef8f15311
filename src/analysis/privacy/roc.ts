import { requireSample } from '../../stats/requirements.ts';

/**
 * What an attack reaches that calls an image a member of the training set where its score is high. Each point is one threshold, from the
 * strictest, (0, 0), to the loosest, (1, 1); equal scores are called alike.
 */
export interface Roc {
  /** Share of the non-members that are called members. */
  readonly falsePositive: Float64Array;
  /** Share of the members that are. */
  readonly truePositive: Float64Array;
  /** Area under the points joined by straight lines: P(member's score > non-member's) + ½·P(equal). */
  readonly auc: number;
}

/** Throws E_ARGUMENT for an empty sample or a score that is not finite. */
export function rocOf(members: ArrayLike<number>, others: ArrayLike<number>): Roc {
  requireSample(members, 1, 'The scores of members');
  requireSample(others, 1, 'The scores of non-members');
  const a = Float64Array.from(members).sort().reverse();
  const b = Float64Array.from(others).sort().reverse();
  const falsePositive = [0];
  const truePositive = [0];
  let [i, j, area] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const threshold = Math.max(i < a.length ? a[i] : -Infinity, j < b.length ? b[j] : -Infinity);
    const [before, passed] = [i, j];
    while (i < a.length && a[i] === threshold) i++;
    while (j < b.length && b[j] === threshold) j++;
    area += ((j - passed) * (before + i)) / 2;
    falsePositive.push(j / b.length);
    truePositive.push(i / a.length);
  }
  return {
    falsePositive: Float64Array.from(falsePositive),
    truePositive: Float64Array.from(truePositive),
    auc: area / (a.length * b.length),
  };
}

/** The largest true-positive rate at a false-positive rate of at most `level`. */
export function truePositiveAt({ falsePositive, truePositive }: Roc, level: number): number {
  let low = 0;
  let high = falsePositive.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (falsePositive[middle] <= level + 1e-12) low = middle;
    else high = middle - 1;
  }
  return truePositive[low];
}

/** False-positive rates at which curves are kept, ten to a decade: 10⁻⁴ … 1. */
export const ROC_LEVELS: readonly number[] = Array.from({ length: 41 }, (_, k) =>
  Number((10 ** (k / 10 - 4)).toPrecision(4)),
);
