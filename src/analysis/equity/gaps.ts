import type { GroupRates } from '../../stats/crossedRates.ts';
import { quantile, standardDeviation } from '../../stats/describe.ts';
import { holm } from '../../stats/holm.ts';
import { normalCdf } from '../../stats/normal.ts';
import { isLargeEnough } from './rates.ts';
import type { Sampling } from './rates.ts';

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
 * resamples, and p = 2·Φ(−|difference| / se), se the standard deviation of the resampled differences; where they do not differ
 * (every image of the group misread, none outside, say) se = √(p̄(1 − p̄)(1/n + 1/n′)), the pooled one of two proportions. p is
 * corrected by Holm over all gaps given. A group, or a rest, too small for an interval has none, and no p.
 */
export function gapsOf(groups: readonly GroupRates[], all: GroupRates, { clustered }: Sampling): Gap[] {
  const gaps = groups.map((group): Omit<Gap, 'holm'> => {
    const { rate, rest, images } = group;
    const others = all.images - images;
    if (images === 0 || others === 0) {
      return { difference: null, differenceInterval: null, ratio: null, ratioInterval: null, p: null };
    }
    const difference = rate - rest;
    const ratio = rest === 0 ? null : rate / rest;
    const writersOf = (count: number): number | null => (clustered ? count : null);
    const enough =
      isLargeEnough({ images, writers: writersOf(group.clusters) }) &&
      isLargeEnough({ images: others, writers: writersOf(group.restClusters) });
    if (!enough) return { difference, differenceInterval: null, ratio, ratioInterval: null, p: null };
    const kept = Array.from(group.rates).flatMap((value, b) =>
      Number.isNaN(value) || Number.isNaN(group.rests[b]) ? [] : [b],
    );
    const differences = kept.map((b) => group.rates[b] - group.rests[b]);
    const ratios = kept.map((b) => group.rates[b] / group.rests[b]);
    return {
      difference,
      differenceInterval: percentiles(differences),
      ratio,
      ratioInterval: ratio === null || !ratios.every(Number.isFinite) ? null : percentiles(ratios),
      p: twoSided(difference, differences, { images, others, mean: all.rate }),
    };
  });
  const tested = gaps.flatMap(({ p }) => (p === null ? [] : [p]));
  const corrected = holm(tested);
  let next = 0;
  return gaps.map((gap) => ({ ...gap, holm: gap.p === null ? null : corrected[next++] }));
}

function percentiles(values: readonly number[]): Interval {
  return [quantile(values, 0.025), quantile(values, 0.975)];
}

function twoSided(
  difference: number,
  resampled: readonly number[],
  { images, others, mean }: { images: number; others: number; mean: number },
): number {
  const spread = standardDeviation(resampled);
  const se = spread > 1e-12 ? spread : Math.sqrt(mean * (1 - mean) * (1 / images + 1 / others));
  return Math.abs(difference) < 1e-12 || !(se > 0)
    ? 1
    : Math.min(1, 2 * normalCdf(-Math.abs(difference) / se));
}
