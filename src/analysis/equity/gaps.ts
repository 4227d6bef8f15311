import type { GroupRates } from '../../stats/crossedRates.ts';
import { quantile, standardDeviation } from '../../stats/describe.ts';
import { holm } from '../../stats/holm.ts';
import { studentFactor, twoSidedT } from '../../stats/satterthwaite.ts';
import { wilson } from '../../stats/wilson.ts';
import { degreesOfFreedom, effectiveImages, isExtreme, isLargeEnough } from './rates.ts';
import type { Sampling, Side } from './rates.ts';

type Interval = readonly [low: number, high: number];

/** How much more often a slice's images are misread than all others. */
export interface Gap {
  /** Error rate of the slice less that of all other images; null where there are none. */
  readonly difference: number | null;
  readonly differenceInterval: Interval | null;
  /** The one over the other; null where the others have no error. */
  readonly ratio: number | null;
  readonly ratioInterval: Interval | null;
  /** Two-sided, of no difference; null without an interval. */
  readonly p: number | null;
  /** Corrected for all gaps of the family given to `gapsOf`. */
  readonly holm: number | null;
}

/** From here on a corrected p counts as no evidence of a gap. */
export const LEVEL = 0.05;

/**
 * The gaps of groups against all images outside each: difference and ratio with the 95 % percentile intervals of the crossed
 * resamples, and p = 2·T(−|difference| / se), se the standard deviation of the resampled differences, T Student's distribution at its
 * degrees of freedom (`degreesOfFreedom`). The intervals are as much wider than the resamples' as Student's is than the normal one.
 *
 * Where a side has no image misread, or every one, all its resamples are equal, and would make of 0 errors among 40 images a certain
 * zero. Then the intervals are made from Wilson's of both sides (`rateOf`): by square and add for the difference (Newcombe 1998, method
 * 10), for the ratio by Donner & Zou 2012 (Stat. Methods Med. Res. 21:347); and se = √(p̄(1 − p̄)(1/n + 1/n′)), p̄ the rate of all and n,
 * n′ the effective numbers of images.
 *
 * p is corrected by Holm over all gaps given. A group, or a rest, too small for an interval has none, and no p.
 */
export function gapsOf(groups: readonly GroupRates[], all: GroupRates, sampling: Sampling): Gap[] {
  const gaps = groups.map((group): Omit<Gap, 'holm'> => {
    const { rate, rest, images } = group;
    const others = all.images - images;
    if (images === 0 || others === 0) {
      return { difference: null, differenceInterval: null, ratio: null, ratioInterval: null, p: null };
    }
    const known = {
      difference: rate - rest,
      ratio: rest === 0 ? null : rate / rest,
    };
    const outside: Side = {
      images: others,
      clusters: group.restClusters,
      rate: rest,
      rates: group.rests,
      seedRates: group.seedRests,
    };
    const enough = [group, outside].every((side) =>
      isLargeEnough({ images: side.images, writers: sampling.clustered ? side.clusters : null }),
    );
    if (!enough) return { ...known, differenceInterval: null, ratioInterval: null, p: null };
    return isExtreme(rate) || isExtreme(rest)
      ? { ...known, ...withoutResamples(group, outside, all.rate) }
      : { ...known, ...fromResamples(group) };
  });
  const tested = gaps.flatMap(({ p }) => (p === null ? [] : [p]));
  const corrected = holm(tested);
  let next = 0;
  return gaps.map((gap) => ({ ...gap, holm: gap.p === null ? null : corrected[next++] }));
}

type Uncertain = Pick<Gap, 'differenceInterval' | 'ratioInterval' | 'p'>;

function fromResamples({
  rate,
  rest,
  rates,
  rests,
  seedRates,
  seedRests,
  clusters,
  restClusters,
}: GroupRates): Uncertain {
  const kept = Array.from(rates.keys()).filter((b) => !Number.isNaN(rates[b]) && !Number.isNaN(rests[b]));
  const differences = kept.map((b) => rates[b] - rests[b]);
  const ratios = kept.map((b) => rates[b] / rests[b]);
  const se = standardDeviation(differences);
  const degrees = degreesOfFreedom(
    se,
    seedRates.map((own, s) => own - seedRests[s]),
    Math.min(clusters, restClusters),
  );
  const factor = studentFactor(degrees);
  return {
    differenceInterval: widened(rate - rest, differences, factor),
    ratioInterval: ratios.every(Number.isFinite) ? widenedRatio(rate / rest, ratios, factor) : null,
    p: twoSidedT(rate - rest, se, degrees),
  };
}

function withoutResamples(a: Side, b: Side, all: number): Uncertain {
  const [n, m] = [a, b].map(effectiveImages);
  const [p, q] = [a.rate, b.rate];
  const [first, second] = [wilson(p * n, n), wilson(q * m, m)];
  const apart = (x: number, y: number): number => Math.sqrt(x * x + y * y);
  return {
    differenceInterval: [
      p - q - apart(p - first.low, second.high - q),
      p - q + apart(first.high - p, q - second.low),
    ],
    ratioInterval: ratioBounds(p, first, q, second),
    p: twoSidedT(p - q, Math.sqrt(all * (1 - all) * (1 / n + 1 / m)), Infinity),
  };
}

type Bounds = ReturnType<typeof wilson>;

/** (pq ∓ √((pq)² − ab(2p − a)(2q − b))) / (b(2q − b)), a and b the lower and upper bounds, then the upper and lower. */
function ratioBounds(p: number, own: Bounds, q: number, other: Bounds): Interval | null {
  if (q === 0 || other.low === 0) return null;
  const bound = (sign: 1 | -1, a: number, b: number): number => {
    const root = Math.sqrt(Math.max(0, p * q * p * q - a * b * (2 * p - a) * (2 * q - b)));
    return (p * q + sign * root) / (b * (2 * q - b));
  };
  const interval = [bound(-1, own.low, other.high), bound(1, own.high, other.low)] as const;
  return interval.every(Number.isFinite) ? interval : null;
}

/** The 95 % percentile interval, both distances from the estimate times `factor`. */
export function widened(estimate: number, replicates: readonly number[], factor: number): Interval {
  return [
    estimate - factor * (estimate - quantile(replicates, 0.025)),
    estimate + factor * (quantile(replicates, 0.975) - estimate),
  ];
}

/** The same of a ratio; below it the reciprocal is widened, so that the end stays above 0. */
function widenedRatio(estimate: number, replicates: readonly number[], factor: number): Interval {
  const low = quantile(replicates, 0.025);
  return [
    low === 0 ? 0 : estimate / (1 + factor * (estimate / low - 1)),
    estimate + factor * (quantile(replicates, 0.975) - estimate),
  ];
}
