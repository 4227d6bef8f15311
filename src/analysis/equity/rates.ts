import type { GroupRates } from '../../stats/crossedRates.ts';
import { standardDeviation } from '../../stats/describe.ts';
import { wilson } from '../../stats/wilson.ts';

/** Fewer images, or writers where they are known, than these have no interval: it would be a guess. */
export const FEWEST_IMAGES = 30;
export const FEWEST_WRITERS = 10;

/** An error rate, 0 to 1, with its 95 % interval. */
export interface Rate {
  readonly images: number;
  /** Null where writers are not known. */
  readonly writers: number | null;
  /** Null without images. */
  readonly rate: number | null;
  /** Null where there are too few images or writers. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** Whether a group is large enough for an interval. */
export function isLargeEnough({ images, writers }: Pick<Rate, 'images' | 'writers'>): boolean {
  return images >= FEWEST_IMAGES && (writers === null || writers >= FEWEST_WRITERS);
}

/**
 * The error rate p of a group with Wilson's interval at the effective number of images, n* = p·(1 − p) / v with v the variance
 * of p over the crossed resamples: what n would be if each image were a network and a writer of its own (Korn & Graubard 1998;
 * Dean & Pagano 2015 find it close to its confidence where errors are rare). Without `simple` sampling n* is n itself: one
 * network, images independent. Where no image or every one is misread, n* is the number of images, or of writers.
 */
export function rateOf(group: GroupRates, sampling: Sampling): Rate {
  const { images, clusters, rate } = group;
  const writers = sampling.clustered ? clusters : null;
  if (images === 0) return { images, writers, rate: null, interval: null };
  if (!isLargeEnough({ images, writers })) return { images, writers, rate, interval: null };
  const effective = effectiveImages(group, sampling);
  const { low, high } = wilson(rate * effective, effective);
  return { images, writers, rate, interval: [low, high] };
}

export interface Sampling {
  /** One network and no known writers. */
  readonly simple: boolean;
  /** Images were drawn by writer. */
  readonly clustered: boolean;
}

/** What a rate with its resamples is of: one side of a gap. */
export type Side = Pick<GroupRates, 'images' | 'clusters' | 'rate' | 'rates'>;

/** n* of `rateOf`. */
export function effectiveImages(
  { images, clusters, rate, rates }: Side,
  { simple, clustered }: Sampling,
): number {
  if (simple) return images;
  if (isExtreme(rate)) return clustered ? clusters : images;
  const known = rates.filter((value) => !Number.isNaN(value));
  const sd = known.length < 2 ? 0 : standardDeviation(known);
  // Rounding in means over seeds leaves an sd of 1e-17 where all resamples are equal.
  return sd < 1e-12 ? images : Math.max(1, Math.round((rate * (1 - rate)) / (sd * sd)));
}

/** No image misread, or every one: then all resamples are equal, and say nothing of chance. */
export function isExtreme(rate: number): boolean {
  return rate < 1e-12 || rate > 1 - 1e-12;
}
