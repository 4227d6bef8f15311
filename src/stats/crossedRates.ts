import { DactylError } from '../util/errors.ts';
import type { Random } from '../util/random.ts';
import { oneLess } from './crossedBootstrap.ts';
import { requireCount } from './requirements.ts';

export interface CrossedRatesOptions {
  readonly random: Pick<Random, 'integer'>;
  /** For each image a number that it shares with the images drawn together with it, such as its writer's. Default: each its own. */
  readonly clusters?: ArrayLike<number>;
  /** Instead of `clusters`, where they are not known. */
  readonly designEffects?: DesignEffects;
  /** Default 2,000. */
  readonly resamples?: number;
}

/**
 * By how much the variance of a rate is larger because images are alike within clusters that are not known: of image i that of
 * stratum `strata[i]`, `effects[strata[i]]` ≥ 1.
 */
export interface DesignEffects {
  readonly strata: ArrayLike<number>;
  readonly effects: readonly number[];
}

/** A group's rate, that of all images outside it, and both in every resample (NaN where none was drawn). */
export interface GroupRates {
  readonly images: number;
  /** That occur in the group, and outside it; with design effects the number of images over them. */
  readonly clusters: number;
  readonly restClusters: number;
  /** NaN for an empty group. */
  readonly rate: number;
  readonly rest: number;
  /** Of each seed on all images. */
  readonly seedRates: Float64Array;
  readonly seedRests: Float64Array;
  readonly rates: Float64Array;
  readonly rests: Float64Array;
}

export interface CrossedRates {
  /** [division][group]. */
  readonly groups: readonly (readonly GroupRates[])[];
  /** All images. */
  readonly all: GroupRates;
}

/** A division of the images: `of[i]` is the group of image i, 0 … count − 1, or `count` for none. */
export interface Division {
  readonly count: number;
  readonly of: ArrayLike<number>;
}

/**
 * Rates of an event in several groups of images, resampled together, so that differences and ratios of groups that share seeds
 * or writers get their right spread. As in `crossedBootstrap`, each resample draws seeds and, independently, clusters of images,
 * both with replacement and one less than there are: group g's rate is Σ wₛ·vᵢ·eₛᵢ / (Σ wₛ · Σ vᵢ) over i in g, the rest's the
 * same over all other images. With design effects images are drawn instead: of the n images of a stratum with the effect D n / D,
 * each counting D times, so that the variance over images is D times as large. `events` holds for each seed n numbers, 1 where the
 * event happened and 0 else; a single seed is not resampled. Each resample draws the seeds, then the clusters in order of first
 * appearance, or images stratum by stratum. Throws E_SHAPE for lists of other lengths than n, E_ARGUMENT for no seed, no image,
 * fewer than 2 resamples, or a design effect below 1.
 */
export function crossedRates(
  events: readonly ArrayLike<number>[],
  divisions: readonly Division[],
  { random, clusters, designEffects, resamples = 2_000 }: CrossedRatesOptions,
): CrossedRates {
  requireCount(events.length, 1, 'Crossed rates, seeds');
  const n = events[0].length;
  requireCount(n, 1, 'Crossed rates, images');
  requireCount(resamples, 2, 'The resamples of crossed rates');
  const lists = [...events, ...divisions.map((one) => one.of)];
  for (const list of [
    ...lists,
    ...(clusters ? [clusters] : []),
    ...(designEffects ? [designEffects.strata] : []),
  ]) {
    if (list.length === n) continue;
    throw new DactylError('E_SHAPE', `Crossed rates: expected ${n} entries, received ${list.length}.`);
  }
  const { clusterOf, count } = numbered(clusters, n);
  const draws = designEffects
    ? strataDraws(designEffects, n)
    : [{ of: null, drawn: oneLess(count), weight: 1 }];
  const offsets = divisions.map((_, d) => divisions.slice(0, d).reduce((sum, one) => sum + one.count + 1, 1));
  const width = 1 + divisions.reduce((sum, one) => sum + one.count + 1, 0);
  // Of each image, side by side, the places in the sums of the groups that it is in.
  const slots = new Uint16Array(n * divisions.length);
  divisions.forEach(({ of }, d) => {
    for (let i = 0; i < n; i++) slots[i * divisions.length + d] = offsets[d] + of[i];
  });
  const sparse = happened(events, n);

  const sums = new Float64Array(width);
  const sizes = new Float64Array(width);
  const perImage = new Float64Array(n);
  const tally = (seedWeights: ArrayLike<number>, clusterWeights: ArrayLike<number>): void => {
    sums.fill(0);
    sizes.fill(0);
    weigh(sparse, seedWeights, perImage);
    for (let i = 0; i < n; i++) {
      const weight = clusterWeights[clusterOf[i]];
      if (weight === 0) continue;
      const first = i * divisions.length;
      const end = first + divisions.length;
      sizes[0] += weight;
      for (let k = first; k < end; k++) sizes[slots[k]] += weight;
      if (perImage[i] === 0) continue;
      const value = weight * perImage[i];
      sums[0] += value;
      for (let k = first; k < end; k++) sums[slots[k]] += value;
    }
  };

  // Sums of shares of seeds are not exact; what is left of rounding is no rate.
  const restOf = (slot: number): number => {
    const sum = sums[0] - sums[slot];
    return (sum < 1e-9 ? 0 : sum) / (sizes[0] - sizes[slot]);
  };

  const shares = new Float64Array(events.length);
  const once = new Float64Array(count).fill(1);
  const perSeed = events.map((_, s) => {
    tally(shares.fill(0).fill(1, s, s + 1), once);
    const slotsNow = Array.from({ length: width }, (__, slot) => slot);
    return { rates: slotsNow.map((slot) => sums[slot] / sizes[slot]), rests: slotsNow.map(restOf) };
  });
  tally(shares.fill(1 / events.length), once);
  const unitsOf = (ofGroup: (i: number) => boolean): number =>
    designEffects
      ? effectiveCount(designEffects, n, ofGroup)
      : new Set(clusterOf.filter((_, i) => ofGroup(i))).size;
  const groupAt = (slot: number, ofGroup: (i: number) => boolean): GroupRates => ({
    images: sizes[slot],
    clusters: unitsOf(ofGroup),
    restClusters: unitsOf((i) => !ofGroup(i)),
    rate: sums[slot] / sizes[slot],
    rest: restOf(slot),
    seedRates: Float64Array.from(perSeed, ({ rates }) => rates[slot]),
    seedRests: Float64Array.from(perSeed, ({ rests }) => rests[slot]),
    rates: new Float64Array(resamples),
    rests: new Float64Array(resamples),
  });
  const all = groupAt(0, () => true);
  const groups = divisions.map(({ count: groupCount, of }, d) =>
    Array.from({ length: groupCount }, (_, g) => groupAt(offsets[d] + g, (i) => of[i] === g)),
  );

  const drawn = new Float64Array(count);
  const seedsDrawn = oneLess(events.length);
  for (let b = 0; b < resamples; b++) {
    if (events.length > 1) {
      shares.fill(0);
      for (let draw = 0; draw < seedsDrawn; draw++) shares[random.integer(events.length)] += 1 / seedsDrawn;
    }
    drawn.fill(0);
    for (const { of, drawn: number, weight } of draws) {
      for (let draw = 0; draw < number; draw++) {
        const unit = random.integer(of === null ? count : of.length);
        drawn[of === null ? unit : of[unit]] += weight;
      }
    }
    tally(shares, drawn);
    all.rates[b] = sums[0] / sizes[0];
    all.rests[b] = NaN;
    groups.forEach((own, d) => {
      own.forEach(({ rates, rests }, g) => {
        const slot = offsets[d] + g;
        rates[b] = sums[slot] / sizes[slot];
        rests[b] = restOf(slot);
      });
    });
  }
  return { groups, all };
}

/** Of each stratum its images, how many of them are drawn, and what each then counts. */
function strataDraws(
  { strata, effects }: DesignEffects,
  n: number,
): { of: Uint32Array; drawn: number; weight: number }[] {
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  return effects.flatMap((effect, stratum) => {
    if (!(effect >= 1)) {
      throw new DactylError(
        'E_ARGUMENT',
        `Crossed rates: expected design effects of at least 1, received ${effect}.`,
      );
    }
    const of = all.filter((i) => strata[i] === stratum);
    const drawn = Math.max(1, Math.round(of.length / effect));
    return of.length === 0 ? [] : { of, drawn, weight: of.length / drawn };
  });
}

/** Σ over the images of a group of 1 over their design effect, at least 1 where there are any. */
function effectiveCount(
  { strata, effects }: DesignEffects,
  n: number,
  ofGroup: (i: number) => boolean,
): number {
  let sum = 0;
  for (let i = 0; i < n; i++) if (ofGroup(i)) sum += 1 / effects[strata[i]];
  return sum === 0 ? 0 : Math.max(1, Math.round(sum));
}

/** Image and seed of everything that happened, seed by seed. */
interface Happened {
  readonly starts: Uint32Array;
  readonly images: Uint32Array;
}

function happened(events: readonly ArrayLike<number>[], n: number): Happened {
  const lists = events.map((list) => {
    const images: number[] = [];
    for (let i = 0; i < n; i++) if (list[i] !== 0) images.push(i);
    return images;
  });
  const starts = new Uint32Array(events.length + 1);
  lists.forEach((list, s) => (starts[s + 1] = starts[s] + list.length));
  return { starts, images: Uint32Array.from(lists.flat()) };
}

/** Σ over seeds of weight × event, for each image. */
function weigh({ starts, images }: Happened, weights: ArrayLike<number>, sums: Float64Array): void {
  sums.fill(0);
  for (let s = 0; s + 1 < starts.length; s++) {
    if (weights[s] === 0) continue;
    for (let k = starts[s]; k < starts[s + 1]; k++) sums[images[k]] += weights[s];
  }
}

function numbered(
  clusters: ArrayLike<number> | undefined,
  n: number,
): { clusterOf: Uint32Array; count: number } {
  if (clusters === undefined) return { clusterOf: Uint32Array.from({ length: n }, (_, i) => i), count: n };
  const numbers = new Map<number, number>();
  const clusterOf = Uint32Array.from(clusters, (cluster) => {
    const known = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, known);
    return known;
  });
  return { clusterOf, count: numbers.size };
}
