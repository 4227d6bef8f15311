import { holm } from '../../stats/holm.ts';
import { type Arm, armsOf, pairedDifferences, samplingOf } from '../../study/arm.ts';
import { summarise } from '../../study/decision.ts';
import { distinctVerdicts, type Judgement } from '../../study/judge.ts';
import type { Results } from '../../study/results.ts';
import type { Outcome } from './pairs.ts';

/** All tests between two arms of a study, of accuracy and of loss: the family that is corrected for its number where no claim is tested. */
export interface PairFamily {
  readonly tests: number;
  /** p by Holm of a difference, whichever arm comes first; null where there are too few pairs for a test. */
  holmOf(first: Arm, second: Arm, outcome: Outcome): number | null;
}

const known = new WeakMap<Results, PairFamily>();

/** Null where the claims test something, for then theirs is the family, and where there is nothing to correct. */
export function pairFamily(results: Results, judgements: readonly Judgement[]): PairFamily | null {
  if (distinctVerdicts(judgements).some(({ p }) => p !== null)) return null;
  const family = known.get(results) ?? familyOf(results);
  known.set(results, family);
  return family.tests < 2 ? null : family;
}

/** Every two arms, also those that no table shows: which are shown first may depend on the results. */
function familyOf(results: Results): PairFamily {
  const arms = armsOf(results);
  const sampling = samplingOf(results.study);
  const tests = arms.flatMap((first, i) =>
    arms.slice(i + 1).flatMap((second) =>
      (['testAccuracy', 'testLoss'] as const).flatMap((outcome) => {
        const pairs = pairedDifferences(first, second, (trial) => trial[outcome]);
        const p =
          pairs.length < 2
            ? undefined
            : summarise(
                pairs.map(({ difference }) => difference),
                sampling,
              ).spread?.p;
        return p === undefined ? [] : [{ key: keyOf(first, second, outcome), p }];
      }),
    ),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  const byKey = new Map(tests.map(({ key }, i) => [key, adjusted[i]]));
  return {
    tests: tests.length,
    holmOf: (first, second, outcome) => byKey.get(keyOf(first, second, outcome)) ?? null,
  };
}

function keyOf(first: Arm, second: Arm, outcome: Outcome): string {
  return JSON.stringify([[first.name, second.name].sort(), outcome]);
}
