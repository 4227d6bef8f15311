import { bootstrap } from '../../stats/bca.ts';
import { mean } from '../../stats/describe.ts';
import type { EffectSize } from '../../stats/effectSize.ts';
import { effectSize } from '../../stats/effectSize.ts';
import type { Equivalence } from '../../stats/equivalence.ts';
import { tost } from '../../stats/equivalence.ts';
import type { FTest } from '../../stats/fiveByTwo.ts';
import { alpaydinF } from '../../stats/fiveByTwo.ts';
import { haveSpread } from '../../stats/moments.ts';
import type { PermutationTest } from '../../stats/permutation.ts';
import { pairedPermutation } from '../../stats/permutation.ts';
import type { Superiority } from '../../stats/superiority.ts';
import { pairedSuperiority } from '../../stats/superiority.ts';
import type { Arm } from '../../study/arm.ts';
import { armsOf, samplingOf, pairedDifferences } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { decide, summarise } from '../../study/decision.ts';
import type { Results } from '../../study/results.ts';
import { Random } from '../../util/random.ts';

/** Up to so many arms every two are compared; beyond, the first with each other one. */
const MOST_FOR_ALL_PAIRS = 4;
/** Below so many values a BCa interval covers too little to be shown. */
const ENOUGH_FOR_BCA = 20;

export interface ArmPair {
  readonly first: Arm;
  readonly second: Arm;
}

/** The comparisons of a report, fixed by the order of the arms and not by their results. */
export function pairsOf(results: Results): ArmPair[] {
  const arms = armsOf(results);
  const all = arms.flatMap((first, i) => arms.slice(i + 1).map((second) => ({ first, second })));
  const shown = arms.length > MOST_FOR_ALL_PAIRS ? all.filter(({ first }) => first === arms[0]) : all;
  return shown.filter(({ first, second }) => differencesOf({ first, second }, 'testAccuracy').length > 0);
}

export type Outcome = 'testAccuracy' | 'testLoss';

function differencesOf({ first, second }: ArmPair, outcome: Outcome): number[] {
  return pairedDifferences(first, second, (trial) => trial[outcome]).map(({ difference }) => difference);
}

/** All that is said of one paired difference; null where it takes more pairs, or independent ones. */
export interface PairStatistics extends ArmPair {
  readonly outcome: Outcome;
  readonly summary: PairedSummary;
  readonly bca: { readonly low: number; readonly high: number } | null;
  /** Not for folds, which are not independent, nor where the number of seeds was not fixed. */
  readonly permutation: PermutationTest | null;
  readonly superiority: Superiority;
  readonly effect: EffectSize | null;
  /** Of accuracies, against the study's region; not for folds. */
  readonly equivalence: Equivalence | null;
  /** By the rule of the study. */
  readonly verdict: 'first' | 'second' | 'equivalent' | 'undecided';
  /** Of five repeats of two folds. */
  readonly fTest: FTest | null;
}

export function pairStatistics(results: Results): PairStatistics[] {
  const { rules } = results.study;
  return pairsOf(results).flatMap((pair) =>
    (['testAccuracy', 'testLoss'] as const).map((outcome): PairStatistics => {
      const differences = differencesOf(pair, outcome);
      const sampling = samplingOf(results.study);
      const independent = sampling.overlap === 0 && !sampling.sequential;
      const varied = haveSpread(differences);
      const sign = outcome === 'testLoss' ? -1 : 1;
      const rope = outcome === 'testAccuracy' ? rules.rope : undefined;
      const state = decide(
        summarise(
          differences.map((difference) => sign * difference),
          sampling,
        ),
        rope,
      );
      const random = new Random(0, `report/${outcome}`);
      const { low, high } =
        independent && differences.length >= ENOUGH_FOR_BCA
          ? bootstrap(differences, mean, { random })
          : { low: 0, high: 0 };
      return {
        ...pair,
        outcome,
        summary: summarise(differences, sampling),
        bca: independent && differences.length >= ENOUGH_FOR_BCA ? { low, high } : null,
        permutation: independent ? pairedPermutation(differences, { random, resamples: 20_000 }) : null,
        superiority: pairedSuperiority(differences.map((difference) => sign * difference)),
        effect: varied && independent ? effectSize(differences) : null,
        equivalence: varied && independent && rope !== undefined && rope > 0 ? tost(differences, rope) : null,
        verdict: state === 'supported' ? 'first' : state === 'contradicted' ? 'second' : state,
        fTest: outcome === 'testAccuracy' ? fiveByTwo(results, differences) : null,
      };
    }),
  );
}

function fiveByTwo({ study: { split } }: Results, differences: readonly number[]): FTest | null {
  if (split.kind !== 'folds' || split.folds !== 2 || split.repeats !== 5 || differences.length !== 10)
    return null;
  return alpaydinF(
    Array.from({ length: 5 }, (_, i) => [differences[2 * i], differences[2 * i + 1]] as const),
  );
}
