import { decide, isOfTooFew } from './decision.ts';

export type PairState = 'supported' | 'contradicted' | 'equivalent' | 'undecided';

/** Fewer images, or groups of images, than this decide nothing: an interval from so few is not what it says. */
export const FEWEST_IMAGES = 30;
export const FEWEST_GROUPS = 10;

/** Of n images without an event up to 3/n of all may have it, at 95 % (rule of three: 1 − .05^(1/n) < 3/n). */
const RULE_OF_THREE = 3;
const LEVEL = 0.05;

/** Why a pair is undecided whatever its interval says. */
export interface OpenReason {
  /**
   * `alike`: no image tells the two apart; `images`, `groups`: too few; `spread`: an interval of width zero; `discordant`: so few
   * images, or groups, tell them apart that the exact test does not reach 5 %; `copies`: all runs of one of the two give the same answers; `seeds`: fewer than six that differ decide no sign.
   */
  readonly kind: 'alike' | 'images' | 'groups' | 'spread' | 'discordant' | 'copies' | 'seeds';
  /** The share of images that a difference may still be about where none was seen; null for other reasons. */
  readonly bound: number | null;
}

export interface PairEvidence {
  readonly mean: number;
  /** That decides; null where the runs have no spread. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** How many pairs of runs that are not equally accurate the interval is over; null where it is over images. */
  readonly differ: number | null;
  /** Whether several runs of one of the two give the same answers, of which no spread over seeds follows. */
  readonly copies: boolean;
  readonly images: number;
  readonly groups: number | null;
  /** Over all pairs of runs: images that only one of the two got right. */
  readonly discordant: number;
  /** Of two single trained models: McNemar's, or that of a permutation test of groups; null for several. */
  readonly exactP: number | null;
  readonly rope: number;
}

/**
 * `decide`, where the interval is one: not from fewer than 30 images or 10 groups, not of width zero. Where no image tells the two apart, 3/n of
 * the n images (or groups) bounds what stays open, and they are equivalent if that is within the region. Two single models: the interval is at least three images
 * wide to either side, and a sign needs an exact p (McNemar's, or of groups) below .05. Of several it needs six pairs of runs that differ.
 */
export function decidePair(evidence: PairEvidence): {
  readonly state: PairState;
  readonly open: OpenReason | null;
} {
  const { mean, interval, differ, copies, images, groups, discordant, exactP, rope } = evidence;
  if (discordant === 0) {
    const bound = Math.min(1, RULE_OF_THREE / (groups ?? images));
    return bound <= rope
      ? { state: 'equivalent', open: null }
      : { state: 'undecided', open: { kind: 'alike', bound } };
  }
  const undecided = (kind: OpenReason['kind']) =>
    ({ state: 'undecided', open: { kind, bound: null } }) as const;
  if (images < FEWEST_IMAGES) return undecided('images');
  if (groups !== null && groups < FEWEST_GROUPS) return undecided('groups');
  if (interval === null || interval.low === interval.high) return undecided('spread');
  if (copies) return undecided('copies');
  const { low, high } = exactP === null || groups !== null ? interval : atLeastThree(interval, mean, images);
  const summary = { n: Infinity, differ: differ ?? Infinity, mean, spread: { low, high, sd: 0, p: 1 } };
  const state = decide(summary, rope);
  if (state === 'undecided' && isOfTooFew(summary)) return undecided('seeds');
  const signed = state === 'supported' || state === 'contradicted';
  return signed && exactP !== null && exactP >= LEVEL ? undecided('discordant') : { state, open: null };
}

/** The interval of two single models over images, at least three images wide to either side. */
export function atLeastThree(
  { low, high }: { readonly low: number; readonly high: number },
  mean: number,
  images: number,
): { readonly low: number; readonly high: number } {
  const least = RULE_OF_THREE / images;
  return { low: Math.min(low, mean - least), high: Math.max(high, mean + least) };
}
