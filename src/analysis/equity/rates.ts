import type { GroupRates } from '../../stats/crossedRates.ts';
import { standardDeviation } from '../../stats/describe.ts';
import { satterthwaite, studentFactor } from '../../stats/satterthwaite.ts';
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
 * The error rate p of a group with Wilson's interval at the effective number of images, n* = p·(1 − p) / v · (z / t)²: v the variance
 * of p over the crossed resamples, z and t the normal and Student's 97.5 % quantile at the degrees of freedom that v has
 * (`degreesOfFreedom`). It is what n would be if each image were a network and a writer of its own (Korn & Graubard 1998; Dean &
 * Pagano 2015 find it close to its confidence where errors are rare). Where no image or every one is misread, n* is the number of
 * clusters: of writers, or of images over their design effect.
 */
export function rateOf(group: GroupRates, { clustered }: Sampling): Rate {
  const { images, clusters, rate } = group;
  const writers = clustered ? clusters : null;
  if (images === 0) return { images, writers, rate: null, interval: null };
  if (!isLargeEnough({ images, writers })) return { images, writers, rate, interval: null };
  const effective = effectiveImages(group);
  const { low, high } = wilson(rate * effective, effective);
  return { images, writers, rate, interval: [low, high] };
}

export interface Sampling {
  /** Images were drawn by writer. */
  readonly clustered: boolean;
}

/** What a rate with its resamples is of: one side of a gap. */
export type Side = Pick<GroupRates, 'images' | 'clusters' | 'rate' | 'rates' | 'seedRates'>;

/** n* of `rateOf`. */
export function effectiveImages({ images, clusters, rate, rates, seedRates }: Side): number {
  if (isExtreme(rate)) return Math.max(1, clusters);
  const known = rates.filter((value) => !Number.isNaN(value));
  const sd = known.length < 2 ? 0 : standardDeviation(known);
  // Rounding in means over seeds leaves an sd of 1e-17 where all resamples are equal.
  if (sd < 1e-12) return images;
  const factor = studentFactor(degreesOfFreedom(sd, seedRates, clusters));
  return Math.max(1, Math.round((rate * (1 - rate)) / (sd * sd * factor * factor)));
}

/**
 * Of a standard error over seeds and clusters, by Satterthwaite: what of its square is over seeds, by `perSeed`, has one degree of
 * freedom less than there are seeds, the rest one less than there are clusters.
 */
export function degreesOfFreedom(se: number, perSeed: ArrayLike<number>, clusters: number): number {
  const sd = perSeed.length < 2 ? 0 : standardDeviation(perSeed);
  const overSeeds = (sd * sd) / perSeed.length;
  return satterthwaite([
    ...(perSeed.length < 2 ? [] : [{ variance: overSeeds, degreesOfFreedom: perSeed.length - 1 }]),
    { variance: Math.max(0, se * se - overSeeds), degreesOfFreedom: Math.max(1, clusters - 1) },
  ]);
}

/** No image misread, or every one: then all resamples are equal, and say nothing of chance. */
export function isExtreme(rate: number): boolean {
  return rate < 1e-12 || rate > 1 - 1e-12;
}
