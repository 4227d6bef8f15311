import type { Equivalence } from '../stats/equivalence.ts';
import type { McNemar } from '../stats/mcnemar.ts';
import type { Superiority } from '../stats/superiority.ts';
import type { PairedSummary } from './decision.ts';
import type { OpenReason, PairState } from './pairDecision.ts';
import type { SeedsNeeded } from './verdict.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * What belongs together: `seeds`: seed by seed; `one against seeds`: a single trained model with every run of the other one;
 * `single`: two trained models.
 */
export type PairDesign = 'seeds' | 'one against seeds' | 'single';

/** Two models; every difference is the first's less the second's, a share of the images. */
export interface JudgedPair {
  readonly first: string;
  readonly second: string;
  readonly design: PairDesign;
  /** The pairs; runs that have no partner are left out of all of this. */
  readonly differences: readonly { readonly seed: string | null; readonly difference: number }[];
  readonly leftOut: number;
  readonly mean: number;
  /** Student's over seeds; `low`, `high` and `p` are null where the differences are all equal. */
  readonly seeds: {
    readonly sd: number;
    readonly student: (Range & { readonly p: number }) | null;
    readonly bca: Range | null;
    readonly permutation: { readonly p: number; readonly smallestP: number; readonly exact: boolean };
    readonly superiority: Superiority;
    readonly equivalence: Equivalence | null;
    /** To find a difference of the size of the margin, where the question is undecided. */
    readonly needed: SeedsNeeded | null;
  } | null;
  /** Over images, and over seeds and groups where there are any, together. */
  readonly bootstrap: Range & {
    readonly standardError: number;
    readonly resamples: number;
    readonly over: 'images' | 'groups' | 'seeds and images' | 'seeds and groups';
  };
  /** One for each pair of trained models. */
  readonly mcnemar: readonly (McNemar & { readonly seed: string | null })[];
  /** The first's log loss less the second's; below 0 is better for the first. */
  readonly logLoss: PairedSummary | null;
  /** Of 'the first is more accurate': by Student's interval over seeds, or from single runs by the bootstrap over images (`decidePair`). */
  readonly state: PairState;
  /** Why it is undecided whatever the interval says; else null. */
  readonly open: OpenReason | null;
  /** Behind the state: Student's t over seeds (permutation where it has none); of single runs McNemar's exact, or with groups the permutation test of their differences. */
  readonly p: number;
  readonly holm: number;
  /** Whether a state decided by sign would be open if the Holm-adjusted p were held to the 5 % level. */
  readonly opens: boolean;
}

/** Before all pairs are a family. */
export type OpenPair = Omit<JudgedPair, 'holm' | 'opens'>;

/** The same pair the other way round: every difference with the other sign. */
export function mirrored(pair: OpenPair): OpenPair {
  const turn = (value: number): number => 0 - value;
  const flip = <T extends Range>(range: T): T => ({ ...range, low: turn(range.high), high: turn(range.low) });
  const { seeds, logLoss, state } = pair;
  return {
    ...pair,
    first: pair.second,
    second: pair.first,
    differences: pair.differences.map(({ seed, difference }) => ({ seed, difference: turn(difference) })),
    mean: turn(pair.mean),
    seeds: seeds && {
      ...seeds,
      student: seeds.student && flip(seeds.student),
      bca: seeds.bca && flip(seeds.bca),
      superiority: {
        probability: 1 - seeds.superiority.probability,
        low: 1 - seeds.superiority.high,
        high: 1 - seeds.superiority.low,
      },
      equivalence: seeds.equivalence && {
        ...flip(seeds.equivalence),
        difference: turn(seeds.equivalence.difference),
        pAboveLower: seeds.equivalence.pBelowUpper,
        pBelowUpper: seeds.equivalence.pAboveLower,
        verdict: OPPOSITE_PLACE[seeds.equivalence.verdict],
      },
    },
    bootstrap: flip(pair.bootstrap),
    mcnemar: pair.mcnemar.map((one) => ({ ...one, onlyFirst: one.onlySecond, onlySecond: one.onlyFirst })),
    logLoss: logLoss && {
      ...logLoss,
      mean: turn(logLoss.mean),
      spread: logLoss.spread && flip(logLoss.spread),
    },
    state: state === 'supported' ? 'contradicted' : state === 'contradicted' ? 'supported' : state,
  };
}

const OPPOSITE_PLACE = {
  above: 'below',
  below: 'above',
  equivalent: 'equivalent',
  undecided: 'undecided',
} as const;
