import { requireCount } from '../../stats/requirements.ts';
import { requireNumber } from '../../util/options.ts';
import { atOnce, type Steps } from '../../util/steps.ts';
import { meanAndVariance } from './effect.ts';
import {
  columnOf,
  CONFIDENCE,
  type DriftObservations,
  requireObservations,
  STATISTICS,
} from './observations.ts';
import { type Scatter, scatterOf, withoutEach } from './scatter.ts';

/** The classifier's test is cross-fitted over so many folds; row i is in fold i mod 5. */
export const FOLDS = 5;
/** Standardised statistics are cut here, so that one image cannot turn the classifier. */
const MOST = 4;
/** Less than one grey level is no difference: background and ink are the same in nearly all held-out images. */
const LEAST_DEVIATION = 1 / 255;
/** Images that a profile is made of, at the least. */
export const LEAST_REFERENCE = 100;
/** Features of an image. */
export const WIDTH = 2 * STATISTICS.length;

/** What the answers of a model to held-out images look like. */
export interface DriftProfile {
  readonly count: number;
  readonly classes: number;
  /** Of each of STATISTICS. */
  readonly means: Float64Array;
  /** Standard deviations, at least 1/255. */
  readonly deviations: Float64Array;
  /** [classes + 1], shares of each answer; the last is 'none'. */
  readonly shares: Float64Array;
  /** Ascending. */
  readonly confidences: Float64Array;
  /** [n, 2 · STATISTICS] as `features` makes them. */
  readonly features: Float64Array;
  /** Of the features of all folds but one, for each. */
  readonly training: readonly Scatter[];
}

/** Throws E_ARGUMENT below 100 images. */
export function driftProfile(reference: DriftObservations, classes: number): DriftProfile {
  return atOnce(profileSteps(reference, classes));
}

/** The same in steps of some milliseconds. */
export function* profileSteps(reference: DriftObservations, classes: number): Steps<DriftProfile> {
  requireObservations('driftProfile: reference', reference);
  requireNumber('driftProfile: classes', classes);
  const count = reference.answers.length;
  requireCount(count, LEAST_REFERENCE, 'A reference profile, images');
  const means = new Float64Array(STATISTICS.length);
  const deviations = new Float64Array(STATISTICS.length);
  for (let k = 0; k < STATISTICS.length; k++) {
    const { mean, variance } = meanAndVariance(columnOf(reference, k));
    means[k] = mean;
    deviations[k] = Math.max(LEAST_DEVIATION, Math.sqrt(variance));
    yield;
  }
  const rows = features({ means, deviations }, reference);
  const folds: Scatter[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    yield;
    folds.push(scatterOf(rows, WIDTH, fold, FOLDS));
  }
  return {
    ...{ count, classes, means, deviations, features: rows },
    shares: sharesOf(reference.answers, classes),
    confidences: columnOf(reference, CONFIDENCE).sort(),
    training: withoutEach(folds),
  };
}

/** [n, 2 · STATISTICS]: every statistic in standard deviations from the reference's mean, cut at ±4, and its square less 1, so that a change of spread shows, too. */
export function features(
  { means, deviations }: Pick<DriftProfile, 'means' | 'deviations'>,
  { statistics, answers }: DriftObservations,
): Float64Array {
  const width = STATISTICS.length;
  const result = new Float64Array(answers.length * 2 * width);
  for (let i = 0; i < answers.length; i++) {
    for (let k = 0; k < width; k++) {
      const x = (statistics[i * width + k] - means[k]) / deviations[k];
      const cut = Math.min(MOST, Math.max(-MOST, x));
      result[i * 2 * width + k] = cut;
      result[i * 2 * width + width + k] = cut * cut - 1;
    }
  }
  return result;
}

/** [classes + 1]. */
export function sharesOf(answers: Uint16Array, classes: number): Float64Array {
  const shares = new Float64Array(classes + 1);
  for (const answer of answers) shares[answer] += 1 / answers.length;
  return shares;
}
