import { differing } from '../../stats/differing.ts';
import { holm } from '../../stats/holm.ts';
import { haveSpread } from '../../stats/moments.ts';
import { pairedT } from '../../stats/pairedT.ts';
import type { TTest } from '../../stats/tTest.ts';
import { robustnessMeasures } from './measures.ts';
import type { RobustnessCounts } from './reference.ts';
import type { Robustness } from './result.ts';

/** First minus second arm over the seeds that both have, in shares. */
export interface RobustnessPair {
  readonly first: string;
  readonly second: string;
  readonly seeds: number;
  readonly clean: PairTest;
  readonly suite: PairTest;
  readonly noise: PairTest;
  /** By corruption at its published level; `holm` is p corrected for their number. */
  readonly corruptions: readonly (PairTest & { readonly holm: number })[];
}

/** `differ`: how many of the pairs are not equal. */
export type PairTest = TTest & { readonly differ: number };

/** Paired t-tests between two arms; null below two common seeds. */
export function pairArms(
  robustness: RobustnessCounts & Pick<Robustness, 'reference'>,
  first: string,
  second: string,
): RobustnessPair | null {
  const { subjects, corruptions, images } = robustness;
  const measures = robustnessMeasures(robustness);
  const pairs = subjects.flatMap(({ arm, seed }, i) => {
    if (arm !== first) return [];
    const j = subjects.findIndex((other) => other.arm === second && other.seed === seed);
    return j < 0 ? [] : [[i, j] as const];
  });
  if (pairs.length < 2) return null;
  const test = (value: (subject: number) => number) => testOf(pairs.map(([i, j]) => value(i) - value(j)));
  const tests = corruptions.map(({ published }, c) =>
    test((subject) => subjects[subject].correct[c][published] / images),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  return {
    first,
    second,
    seeds: pairs.length,
    clean: test((subject) => measures[subject].cleanAccuracy),
    suite: test((subject) => measures[subject].suiteAccuracy),
    noise: test((subject) => measures[subject].noiseAccuracy),
    corruptions: tests.map((one, c) => ({ ...one, holm: adjusted[c] })),
  };
}

/** Equal differences give no measure of chance: an interval of no width, p 1. */
function testOf(differences: readonly number[]): PairTest {
  const differ = differing(differences);
  if (haveSpread(differences)) return { ...pairedT(differences), differ };
  return { ...pairedT(differences.map(() => differences[0])), p: 1, differ };
}
