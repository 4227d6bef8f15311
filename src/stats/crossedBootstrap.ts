import { DactylError } from '../util/errors.ts';
import type { Random } from '../util/random.ts';
import { checkOptions, requireArray } from '../util/options.ts';
import { quantile, standardDeviation } from './describe.ts';
import { requireConfidence, requireCount } from './requirements.ts';
import { satterthwaite, studentFactor, twoSidedT, type VarianceComponent } from './satterthwaite.ts';

export interface CrossedBootstrapOptions {
  readonly random: Pick<Random, 'integer'>;
  /**
   * For each image a number that it shares with the images drawn together with it, such as its writer's. Default:
   * each its own.
   */
  readonly clusters?: ArrayLike<number>;
  /** Whether seed s of one arm belongs with seed s of the other. Default true. */
  readonly paired?: boolean;
  /**
   * For each seed a number that is taken from its difference and drawn with it, such as the same difference on other images, which stay as
   * they are. Paired only; default 0.
   */
  readonly shift?: readonly number[];
  /** Default 2,000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

export interface CrossedBootstrap {
  /** The first arm's mean accuracy over seeds and images less the second's. */
  readonly difference: number;
  readonly standardError: number;
  /** The percentile interval, widened by the quotient of Student's and the normal quantile. */
  readonly low: number;
  readonly high: number;
  /** Of the standard error, by Satterthwaite from seeds and clusters; infinite where nothing varies. */
  readonly degreesOfFreedom: number;
  /** Two-sided, of no difference, by Student's t. */
  readonly p: number;
  readonly resamples: number;
  readonly images: number;
  readonly clusters: number;
}

/** The cells of a matrix clusters × columns that are not 0, cluster by cluster. */
interface Cells {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/**
 * The crossed ('pigeonhole') bootstrap of McCullagh 2000 and Owen 2007 over seeds × images, or seeds × clusters of
 * images such as writers: each resample draws seeds and, independently, clusters, both with replacement, and takes
 * the difference of the arms' mean accuracies, Σ wₛ·v_c·(a − b)ₛ_c / (Σ wₛ · Σ v_c·size_c). It answers for other seeds
 * and other images at once, and is slightly conservative: it counts the interaction of seed and image about three
 * times. Of S seeds S − 1 are drawn, of C clusters C − 1 (at least one): drawing all of them would understate the variance
 * by (S − 1)/S (Rao & Wu 1988). Both distances from the estimate to the percentile interval's ends are then multiplied by
 * t₍ν₎/z, ν of Satterthwaite from the variances over seeds and over clusters. One seed or one cluster is not resampled: it
 * stands for itself only.
 *
 * `first` and `second` hold for each seed a vector of n answers, 1 right and 0 wrong, over the same images. A
 * resample draws the seeds (paired: once; else the first arm's, then the second's), then the clusters, numbered in
 * order of first appearance. Throws E_SHAPE for vectors of unequal lengths, unequal numbers of paired seeds or
 * clusters that do not match the images; E_ARGUMENT for no seed, no image, an answer that is neither 0 nor 1, or
 * options out of range.
 */
export function crossedBootstrap(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  options: CrossedBootstrapOptions,
): CrossedBootstrap {
  requireArray('crossedBootstrap: first', first);
  requireArray('crossedBootstrap: second', second);
  return crossed(first, second, options, (value) => value === 0 || value === 1);
}

/**
 * `crossedBootstrap` of any finite numbers, such as the loss of each image, instead of right and wrong answers: the first arm's mean less the second's. Throws as
 * it, E_ARGUMENT for a number that is not finite.
 */
export function crossedMeans(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  options: CrossedBootstrapOptions,
): CrossedBootstrap {
  return crossed(first, second, options, Number.isFinite);
}

function crossed(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  options: CrossedBootstrapOptions,
  isValue: (value: number) => boolean,
): CrossedBootstrap {
  checkOptions(
    'crossedBootstrap',
    ['random', 'clusters', 'paired', 'shift', 'resamples', 'confidence'],
    options,
  );
  const { random, paired = true, shift, resamples = 2_000, confidence = 0.95 } = options;
  requireCount(resamples, 2, 'The resamples of a crossed bootstrap');
  requireConfidence(confidence);
  const images = requireAnswers(first, second, paired, isValue);
  if (shift !== undefined && !(paired && shift.length === first.length && shift.every(Number.isFinite))) {
    throw new DactylError(
      'E_SHAPE',
      `crossedBootstrap: expected a finite shift for each of ${first.length} paired seeds, received [${shift.join(', ')}]${paired ? '' : ' unpaired'}.`,
    );
  }
  const { clusterOf, sizes } = number(options.clusters, images);

  const cells = gather(first, second, paired, clusterOf, sizes.length);
  const seeds = paired ? [first.length] : [first.length, second.length];
  const weights = new Float64Array(seeds.reduce((sum, count) => sum + count));
  let at = 0;
  for (const count of seeds) weights.fill(1 / count, at, (at += count));
  const perCluster = weigh(cells, weights);
  const unshifted = perCluster.reduce((sum, value) => sum + value) / images;
  const shifted = (): number => (shift ? shift.reduce((sum, value, s) => sum + weights[s] * value, 0) : 0);
  const difference = unshifted - shifted();
  const degreesOfFreedom = satterthwaite([
    ...overSeeds(cells, seeds, images, shift),
    ...overClusters(perCluster, sizes, unshifted),
  ]);

  const replicates = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    weights.fill(0);
    let offset = 0;
    for (const count of seeds) {
      const drawn = oneLess(count);
      for (let draw = 0; draw < drawn; draw++) weights[offset + random.integer(count)] += 1 / drawn;
      offset += count;
    }
    weigh(cells, weights, perCluster);
    let total = 0;
    let size = 0;
    for (let draw = 0; draw < oneLess(sizes.length); draw++) {
      const cluster = random.integer(sizes.length);
      total += perCluster[cluster];
      size += sizes[cluster];
    }
    replicates[r] = total / size - shifted();
  }
  const tail = (1 - confidence) / 2;
  const factor = studentFactor(degreesOfFreedom, confidence);
  const standardError = standardDeviation(replicates);
  return {
    difference,
    standardError,
    low: difference - factor * (difference - quantile(replicates, tail)),
    high: difference + factor * (quantile(replicates, 1 - tail) - difference),
    degreesOfFreedom,
    p: twoSidedT(difference, standardError, degreesOfFreedom),
    resamples,
    images,
    clusters: sizes.length,
  };
}

/** How many of so many are drawn. */
export function oneLess(count: number): number {
  return Math.max(1, count - 1);
}

/** Of each group of columns the variance of their mean, all images as they are. */
function overSeeds(
  { columns, values }: Cells,
  seeds: readonly number[],
  images: number,
  shift: readonly number[] | undefined,
): VarianceComponent[] {
  const sums = new Float64Array(seeds.reduce((sum, count) => sum + count));
  shift?.forEach((value, s) => (sums[s] = -value));
  for (let k = 0; k < columns.length; k++) sums[columns[k]] += values[k] / images;
  let offset = 0;
  return seeds.flatMap((count) => {
    const own = sums.subarray(offset, (offset += count));
    if (count < 2) return [];
    const sd = standardDeviation(own);
    return { variance: (sd * sd) / count, degreesOfFreedom: count - 1 };
  });
}

/** The variance of the ratio Σ sums / Σ sizes over clusters, linearised; none of a single one. */
function overClusters(sums: Float64Array, sizes: Uint32Array, ratio: number): VarianceComponent[] {
  const count = sums.length;
  if (count < 2) return [];
  let squares = 0;
  let images = 0;
  for (let c = 0; c < count; c++) {
    const residual = sums[c] - ratio * sizes[c];
    squares += residual * residual;
    images += sizes[c];
  }
  return [{ variance: ((squares / (images * images)) * count) / (count - 1), degreesOfFreedom: count - 1 }];
}

/**
 * Per cluster and column what the arms differ in, in images. Paired, column s holds right answers of the first less
 * those of the second; unpaired, the first arm's columns hold its errors negated, the second's its errors. Either way
 * most cells are 0.
 */
function gather(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  paired: boolean,
  clusterOf: Uint32Array,
  clusters: number,
): Cells {
  const width = paired ? first.length : first.length + second.length;
  const dense = new Float64Array(clusters * width);
  const shift = paired ? 0 : first.length;
  first.forEach((answers, s) => {
    for (let i = 0; i < clusterOf.length; i++) dense[clusterOf[i] * width + s] += answers[i] - 1;
  });
  second.forEach((answers, s) => {
    for (let i = 0; i < clusterOf.length; i++) dense[clusterOf[i] * width + shift + s] += 1 - answers[i];
  });
  const filled = dense.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  const cells = {
    starts: new Uint32Array(clusters + 1),
    columns: new Uint32Array(filled),
    values: new Float64Array(filled),
  };
  let next = 0;
  for (let cell = 0; cell < dense.length; cell++) {
    if (dense[cell] !== 0) {
      cells.columns[next] = cell % width;
      cells.values[next++] = dense[cell];
    }
    if (cell % width === width - 1) cells.starts[(cell + 1) / width] = next;
  }
  return cells;
}

/** Σ over columns of weight × cell, for each cluster. */
function weigh(
  cells: Cells,
  weights: Float64Array,
  sums: Float64Array = new Float64Array(cells.starts.length - 1),
): Float64Array {
  for (let cluster = 0; cluster < sums.length; cluster++) {
    let sum = 0;
    for (let cell = cells.starts[cluster]; cell < cells.starts[cluster + 1]; cell++) {
      sum += weights[cells.columns[cell]] * cells.values[cell];
    }
    sums[cluster] = sum;
  }
  return sums;
}

/** Clusters by number from 0 in order of first appearance, and the images in each. */
function number(
  clusters: ArrayLike<number> | undefined,
  images: number,
): { clusterOf: Uint32Array; sizes: Uint32Array } {
  if (clusters === undefined) {
    return {
      clusterOf: Uint32Array.from({ length: images }, (_, i) => i),
      sizes: new Uint32Array(images).fill(1),
    };
  }
  if (clusters.length !== images) {
    throw new DactylError(
      'E_SHAPE',
      `A crossed bootstrap: expected a cluster for each of ${images} images, received ${clusters.length}.`,
    );
  }
  const numbers = new Map<number, number>();
  const clusterOf = Uint32Array.from(clusters, (cluster) => {
    const known = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, known);
    return known;
  });
  const sizes = new Uint32Array(numbers.size);
  for (const cluster of clusterOf) sizes[cluster]++;
  return { clusterOf, sizes };
}

/** The number of images, after checking every answer. */
function requireAnswers(
  first: readonly ArrayLike<number>[],
  second: readonly ArrayLike<number>[],
  paired: boolean,
  isValue: (value: number) => boolean,
): number {
  requireCount(first.length, 1, "A crossed bootstrap, the first arm's seeds");
  requireCount(second.length, 1, "A crossed bootstrap, the second arm's seeds");
  if (paired && first.length !== second.length) {
    throw new DactylError(
      'E_SHAPE',
      `A crossed bootstrap: expected as many seeds in both arms, received ${first.length} and ${second.length}. Pass { paired: false } if they do not belong together.`,
    );
  }
  const images = first[0].length;
  requireCount(images, 1, 'A crossed bootstrap, images');
  for (const answers of [...first, ...second]) {
    if (answers.length !== images) {
      throw new DactylError(
        'E_SHAPE',
        `A crossed bootstrap: expected ${images} answers from every seed, received ${answers.length}.`,
      );
    }
    for (let i = 0; i < images; i++) {
      if (!isValue(answers[i])) {
        throw new DactylError(
          'E_ARGUMENT',
          `A crossed bootstrap: expected ${isValue === Number.isFinite ? 'finite numbers' : 'answers 0 or 1'}, received ${answers[i]} at image ${i}.`,
        );
      }
    }
  }
  return images;
}
