import { type CrossedRates, crossedRates, type CrossedRatesOptions } from '../../stats/crossedRates.ts';
import { mean, standardDeviation } from '../../stats/describe.ts';
import { differing } from '../../stats/differing.ts';
import { studentFactor } from '../../stats/satterthwaite.ts';
import { studentInterval } from '../../stats/student.ts';
import { Random } from '../../util/random.ts';
import { widened } from './gaps.ts';
import { degreesOfFreedom } from './rates.ts';
import type { FamilyName, SliceFamily } from './slices.ts';

/** A mean over pairs of one seed, with 95 % intervals; null with one pair. */
export interface PairedChange {
  readonly mean: number;
  /** Student's over the seeds: the images are the given ones. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** A change with its interval over seeds and writers (or images with their design effect) at once. */
export interface CrossedChange extends PairedChange {
  /** How many of the pairs are not equal; results of before it was counted leave it out. */
  readonly differ?: number;
  readonly crossed: readonly [low: number, high: number] | null;
}

/** One recipe against the first of the same activation, network by network of the same seed. All are changes of rates, new less old. */
export interface RecipeEffect {
  readonly arm: string;
  readonly baseline: string;
  readonly activation: string;
  readonly pairs: number;
  /** What it costs: above 0 is a loss of accuracy. */
  readonly error: CrossedChange;
  /** Of students, of employees, and of students less employees; null where populations are not known. */
  readonly population: {
    readonly students: CrossedChange;
    readonly employees: CrossedChange;
    readonly gap: CrossedChange;
    /** The gap itself, as a mean over these networks: without and with the recipe. */
    readonly gapBefore: number;
    readonly gapAfter: number;
    /** Mean error of students over that of employees, without and with the recipe; null where employees have none. */
    readonly ratio: {
      readonly before: number;
      readonly after: number;
      /** Of the one less the other. */
      readonly crossed: readonly [low: number, high: number] | null;
    } | null;
  } | null;
  /** The range of a family, worst slice less best, of each network; null where a family has fewer than two slices. */
  readonly ranges: readonly { readonly family: FamilyName; readonly change: PairedChange | null }[];
}

interface Network {
  readonly seed: number;
  /** For each family the worst slice less the best. */
  readonly ranges: readonly (number | null)[];
}

/** An arm with the answers of its networks. */
export interface AnsweredArm {
  readonly arm: string;
  readonly activation: string;
  readonly networks: readonly Network[];
  /** The class that each network gives each image. */
  readonly predicted: readonly Uint8Array[];
}

export interface RecipeInput {
  readonly labels: Uint8Array;
  readonly families: readonly SliceFamily[];
  readonly populations: Uint8Array | null;
  /** How images are drawn anew. */
  readonly drawing: Pick<CrossedRatesOptions, 'clusters' | 'designEffects'>;
  readonly resamples: number;
}

/**
 * What other recipes do to the gaps and to the accuracy: each arm against the first one with its activation, over the seeds
 * that both have. Empty where no two arms share activation and seed. Both arms of an effect are resampled alike (`crossedRates`), so
 * that the crossed intervals, widened by Student's quantile, answer for other seeds and other writers at once.
 */
export function recipeEffects(arms: readonly AnsweredArm[], input: RecipeInput): RecipeEffect[] {
  return arms.flatMap((arm) => {
    const baseline = arms.find(({ activation }) => activation === arm.activation)!;
    const pairs = baseline === arm ? [] : pairsOf(baseline, arm);
    return pairs.length === 0 ? [] : [effectOf(baseline, arm, pairs, input)];
  });
}

/** Places of the networks of one seed in both arms. */
type Pair = readonly [before: number, after: number];

function pairsOf(before: AnsweredArm, after: AnsweredArm): Pair[] {
  return before.networks.flatMap(({ seed }, b): Pair[] => {
    const a = after.networks.findIndex((network) => network.seed === seed);
    return a < 0 ? [] : [[b, a]];
  });
}

/** A number of each network, and of the arm as a whole in each resample. */
interface Measured {
  readonly perSeed: readonly number[];
  readonly resampled: Float64Array;
  /** Of the smaller side. */
  readonly clusters: number;
}

function effectOf(
  baseline: AnsweredArm,
  arm: AnsweredArm,
  pairs: readonly Pair[],
  { labels, families, populations, drawing, resamples }: RecipeInput,
): RecipeEffect {
  const sides = [baseline, arm].map(({ networks, predicted }, side) => {
    const places = pairs.map((pair) => pair[side]);
    const rates = crossedRates(
      places.map((k) => Uint8Array.from(labels, (label, i) => (predicted[k][i] === label ? 0 : 1))),
      populations === null ? [] : [{ count: 2, of: populations }],
      // The same stream for both: the same seeds and writers in every resample.
      { random: new Random(0, 'equity/mitigation'), resamples, ...drawing },
    );
    return { networks: places.map((k) => networks[k]), rates };
  });
  const crossed = (of: (rates: CrossedRates) => Measured): CrossedChange => {
    const [before, after] = sides.map(({ rates }) => of(rates));
    const differences = after.perSeed.map((value, k) => value - before.perSeed[k]);
    const replicates = Array.from(after.resampled, (value, b) => value - before.resampled[b]);
    return {
      ...changeOf(differences),
      differ: differing(differences),
      crossed: crossedInterval(differences, replicates, after.clusters),
    };
  };
  const measure = (of: (network: Network) => number | null): PairedChange | null => {
    const [before, after] = sides.map(({ networks }) => networks.map(of));
    if ([...before, ...after].includes(null)) return null;
    return changeOf(after.map((value, k) => value! - before[k]!));
  };
  return {
    arm: arm.arm,
    baseline: baseline.arm,
    activation: arm.activation,
    pairs: pairs.length,
    error: crossed(({ all }) => ({
      perSeed: [...all.seedRates],
      resampled: all.rates,
      clusters: all.clusters,
    })),
    population: populations === null || !bothThere(populations) ? null : populationEffect(sides, crossed),
    ranges: families.map(({ name }, f) => ({ family: name, change: measure(({ ranges }) => ranges[f]) })),
  };
}

function bothThere(populations: Uint8Array): boolean {
  return populations.includes(0) && populations.includes(1);
}

function populationEffect(
  sides: readonly { readonly rates: CrossedRates }[],
  crossed: (of: (rates: CrossedRates) => Measured) => CrossedChange,
): RecipeEffect['population'] {
  const one =
    (population: 0 | 1) =>
    (rates: CrossedRates): Measured => {
      const { seedRates, rates: resampled, clusters } = rates.groups[0][population];
      return { perSeed: [...seedRates], resampled, clusters };
    };
  const gap = (rates: CrossedRates): Measured => {
    const [students, employees] = [one(0)(rates), one(1)(rates)];
    return {
      perSeed: students.perSeed.map((rate, s) => rate - employees.perSeed[s]),
      resampled: students.resampled.map((rate, b) => rate - employees.resampled[b]),
      clusters: Math.min(students.clusters, employees.clusters),
    };
  };
  const [gapBefore, gapAfter] = sides.map(({ rates }) => mean(gap(rates).perSeed));
  return {
    students: crossed(one(0)),
    employees: crossed(one(1)),
    gap: crossed(gap),
    gapBefore,
    gapAfter,
    ratio: ratioChange(sides.map(({ rates }) => rates.groups[0])),
  };
}

type Populations = CrossedRates['groups'][number];

function ratioChange(sides: readonly Populations[]): NonNullable<RecipeEffect['population']>['ratio'] {
  const ratios = sides.map(([students, employees]) => students.rate / employees.rate);
  if (!ratios.every(Number.isFinite)) return null;
  const [before, after] = sides.map(([students, employees]) =>
    students.rates.map((rate, b) => rate / employees.rates[b]),
  );
  const replicates = Array.from(after, (ratio, b) => ratio - before[b]);
  // A ratio of single networks may be infinite; about their mean, to the first order, it is this.
  const linear = (side: number): number[] => {
    const [students, employees] = sides[side];
    return Array.from(
      students.seedRates,
      (rate, s) => (rate - ratios[side] * employees.seedRates[s]) / employees.rate,
    );
  };
  const [first, second] = [linear(0), linear(1)];
  const perSeed = second.map((value, s) => value - first[s]);
  const [{ clusters, restClusters }] = sides[0];
  return {
    before: ratios[0],
    after: ratios[1],
    crossed: replicates.every(Number.isFinite)
      ? crossedInterval(perSeed, replicates, Math.min(clusters, restClusters), ratios[1] - ratios[0])
      : null,
  };
}

function crossedInterval(
  perSeed: readonly number[],
  replicates: readonly number[],
  clusters: number,
  estimate = mean(perSeed),
): CrossedChange['crossed'] {
  const known = replicates.filter((value) => !Number.isNaN(value));
  if (perSeed.length < 2 || known.length < 2) return null;
  const se = standardDeviation(known);
  return widened(estimate, known, studentFactor(degreesOfFreedom(se, perSeed, clusters)));
}

function changeOf(differences: readonly number[]): PairedChange {
  if (differences.length < 2) return { mean: mean(differences), interval: null };
  const { mean: centre, low, high } = studentInterval(differences);
  return { mean: centre, interval: [low, high] };
}
