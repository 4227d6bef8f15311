import { lacScores } from '../../analysis/calibration/conformal/lac.ts';
import { conformalQuantile, ownScores } from '../../analysis/calibration/conformal/sets.ts';
import type { Examples } from '../../data/examples.ts';
import type { ReaderSets } from '../../reading/reader.ts';

/** Promised shares of images whose set holds the truth. */
export const COVERAGES = [0.9, 0.95, 0.99] as const;

/** Labelled images that a model was not trained on. */
export interface HeldOut {
  /** Such as 'the test images of MNIST'. */
  readonly name: string;
  readonly examples: Examples;
}

/** What was found on held-out images. */
export interface Calibration {
  readonly on: string;
  readonly images: number;
  /** By coverage: the least calibrated probability that a class of the conformal set has. */
  readonly least: ReadonlyMap<number, number>;
}

/**
 * From calibrated probabilities [n][classes] of the images. Split conformal prediction by the least ambiguous set-valued classifier (Sadinle, Lei & Wasserman 2019): a set of the classes with a probability of at least 1 − q, where q is the ⌈(n + 1)(1 − α)⌉-th smallest
 * of 1 − p(truth) over n images, holds the truth of a further image of the same kind with a probability of at least 1 − α. Of other kinds nothing is promised.
 */
export function calibrated(probabilities: Float64Array, { name, examples }: HeldOut): Calibration {
  const { labels, classes } = examples;
  const own = ownScores(lacScores(probabilities), labels, classes);
  const least = new Map(COVERAGES.map((coverage) => [coverage, 1 - conformalQuantile(own, 1 - coverage)]));
  return { on: name, images: labels.length, least };
}

/** What a reader's file says of its sets. */
export function calibrationOf({ on, images, least }: ReaderSets): Calibration {
  return { on, images, least: new Map(Object.entries(least).map(([share, p]) => [Number(share), p])) };
}
