import { mean } from '../stats/describe.ts';
import { differing } from '../stats/differing.ts';
import { haveSpread } from '../stats/moments.ts';
import { nadeauBengio } from '../stats/nadeauBengio.ts';
import { studentInterval } from '../stats/student.ts';
import { anytimeInterval } from '../stats/sequential.ts';
import { pairedT } from '../stats/pairedT.ts';

export const STATES = [
  'supported',
  'contradicted',
  'undecided',
  'equivalent',
  'not measured',
  'no fair measure',
  'not applicable',
] as const;

export type State = (typeof STATES)[number];

/** What each state says of one statement, and of several. */
export const STATE_WORDS: Readonly<Record<State, readonly [string, string]>> = {
  supported: ['is supported by these runs', 'are supported by these runs'],
  contradicted: ['is contradicted', 'are contradicted'],
  undecided: ['stays undecided', 'stay undecided'],
  equivalent: [
    'comes out as a difference too small to matter',
    'come out as differences too small to matter',
  ],
  'not measured': ['is not measured in these runs', 'are not measured in these runs'],
  'no fair measure': ['has no fair measure', 'have no fair measure'],
  'not applicable': ['does not apply', 'do not apply'],
};

/** Of every decision, and of Holm's correction. */
export const LEVEL = 0.05;

/** From so many pairs that differ on a mean is said to have a sign: the fewest k with which labels that are exchanged within pairs can reach the level, 2 / 2ᵏ < .05. Tied pairs carry nothing. */
export const FEWEST_SEEDS = 6;

/**
 * Paired differences: mean, and from two on the standard deviation, the 95 % interval and the p of the t-test behind it. Equal ones give no measure
 * of chance: sd 0, an interval of no width, p 1.
 */
export interface PairedSummary {
  readonly n: number;
  /** How many of them are not zero. */
  readonly differ: number;
  readonly mean: number;
  readonly spread: {
    readonly sd: number;
    readonly low: number;
    readonly high: number;
    readonly p: number;
  } | null;
}

/** How the differences came about. */
export interface Sampling {
  /** Images tested over images trained on, where the training sets of folds overlap; else 0. */
  readonly overlap: number;
  /** Whether it was looked at after every seed whether there are enough. */
  readonly sequential: boolean;
}

const FIXED: Sampling = { overlap: 0, sequential: false };

/**
 * Student's interval of the mean difference; of overlapping folds the one of Nadeau and Bengio's corrected t-test; after
 * sequential looks the always-valid one with its p (`anytimeInterval`), which may be the whole line.
 */
export function summarise(
  differences: readonly number[],
  { overlap, sequential }: Sampling = FIXED,
): PairedSummary {
  const n = differences.length;
  const differ = differing(differences);
  if (n < 2) return { n, differ, mean: mean(differences), spread: null };
  if (!haveSpread(differences)) {
    const [value] = differences;
    return { n, differ, mean: value, spread: { sd: 0, low: value, high: value, p: 1 } };
  }
  const { mean: centre, sd, low, high } = studentInterval(differences);
  if (sequential) {
    const anytime = anytimeInterval(differences);
    return { n, differ, mean: centre, spread: { sd, low: anytime.low, high: anytime.high, p: anytime.p } };
  }
  if (overlap === 0) return { n, differ, mean: centre, spread: { sd, low, high, p: pairedT(differences).p } };
  const corrected = nadeauBengio(differences, { trainSize: 1, testSize: overlap });
  return {
    n,
    differ,
    mean: centre,
    spread: { sd, low: corrected.low, high: corrected.high, p: corrected.p },
  };
}

/** The p of the mean lying above `bound`, two-sided as the interval is; 1 where the sample's mean does not, or where there is no measure of chance. */
export function pAbove(values: readonly number[], bound: number, sampling: Sampling = FIXED): number {
  const { mean, spread } = summarise(
    values.map((value) => value - bound),
    sampling,
  );
  return spread !== null && mean > 0 ? spread.p : 1;
}

/** The p of the mean lying within ±`margin`, by two one-sided tests, each at half the level: below .05 where the 95 % interval lies inside. */
export function pWithin(values: readonly number[], margin: number, sampling: Sampling = FIXED): number {
  const below = values.map((value) => -value);
  return Math.max(pAbove(values, -margin, sampling), pAbove(below, -margin, sampling));
}

/** The p of the mean lying beyond ±`margin`, on either side. */
export function pBeyond(values: readonly number[], margin: number, sampling: Sampling = FIXED): number {
  const below = values.map((value) => -value);
  return Math.min(pAbove(values, margin, sampling), pAbove(below, margin, sampling));
}

/** Whether the interval has a sign that so few pairs that differ do not decide. */
export function isOfTooFew({
  differ,
  spread,
}: {
  readonly differ: number;
  readonly spread: { readonly low: number; readonly high: number } | null;
}): boolean {
  return (
    differ < FEWEST_SEEDS && spread !== null && spread.low !== spread.high && spread.low * spread.high > 0
  );
}

/**
 * Decides 'the mean difference is positive' by the 95 % interval: inside [−rope, rope]: equivalent; else, from six pairs that differ on, above zero:
 * supported; below zero: contradicted; anything else and an interval of no width: undecided.
 */
export function decide(
  summary: PairedSummary,
  rope?: number,
): 'supported' | 'contradicted' | 'undecided' | 'equivalent' {
  if (summary.spread === null) return 'undecided';
  const { low, high } = summary.spread;
  if (low === high) return 'undecided';
  if (rope !== undefined && low >= -rope && high <= rope) return 'equivalent';
  if (isOfTooFew(summary)) return 'undecided';
  if (low > 0) return 'supported';
  if (high < 0) return 'contradicted';
  return 'undecided';
}
