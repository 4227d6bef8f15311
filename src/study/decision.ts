import { mean } from '../stats/describe.ts';
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
  'not applicable',
] as const;

export type State = (typeof STATES)[number];

/** Paired differences: mean, and from two on the standard deviation, the 95 % interval and the p of the t-test behind it. */
export interface PairedSummary {
  readonly n: number;
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
  if (differences.length < 2) return { n: differences.length, mean: mean(differences), spread: null };
  const { mean: centre, sd, low, high } = studentInterval(differences);
  const n = differences.length;
  if (sequential) {
    const anytime = anytimeInterval(differences);
    return { n, mean: centre, spread: { sd, low: anytime.low, high: anytime.high, p: anytime.p } };
  }
  if (overlap === 0) return { n, mean: centre, spread: { sd, low, high, p: pairedT(differences).p } };
  const corrected = nadeauBengio(differences, { trainSize: 1, testSize: overlap });
  return { n, mean: centre, spread: { sd, low: corrected.low, high: corrected.high, p: corrected.p } };
}

/**
 * Decides 'the mean difference is positive' by the 95 % interval: inside [−rope, rope]: equivalent; else above zero:
 * supported; below zero: contradicted; anything else, and a single seed: undecided.
 */
export function decide(
  summary: PairedSummary,
  rope?: number,
): 'supported' | 'contradicted' | 'undecided' | 'equivalent' {
  if (summary.spread === null) return 'undecided';
  const { low, high } = summary.spread;
  if (rope !== undefined && low >= -rope && high <= rope) return 'equivalent';
  if (low > 0) return 'supported';
  if (high < 0) return 'contradicted';
  return 'undecided';
}
