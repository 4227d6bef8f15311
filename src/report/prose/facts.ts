import type { Arm } from '../../study/arm.ts';
import { armsOf, bestArm, meanOf, pairedDifferences } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { decide, summarise } from '../../study/decision.ts';
import type { Results, TrialResult } from '../../study/results.ts';
import type { Scale } from '../../study/verdict.ts';
import { ACCURACY, intervalText } from '../../study/verdict.ts';
import { activationName, listOf } from '../../study/wording.ts';

/** What every prose section starts from. */
export interface Facts {
  readonly results: Results;
  readonly arms: readonly Arm[];
  readonly names: readonly string[];
  /** Most runs of an arm. */
  readonly seeds: number;
  readonly testImages: number;
}

export function factsOf(results: Results): Facts {
  const arms = armsOf(results);
  return {
    results,
    arms,
    names: arms.map(({ activation }) => activationName(activation)),
    seeds: Math.max(...arms.map(({ trials }) => trials.length)),
    testImages: arms[0].trials[0].confusionMatrix.flat().reduce((sum, count) => sum + count, 0),
  };
}

/** A paragraph of prose with its own small heading. */
export interface Passage {
  readonly title: string;
  readonly text: string;
}

/** One arm against another in one measure. */
export interface Contrast {
  readonly first: Arm;
  readonly second: Arm;
  readonly summary: PairedSummary;
  readonly outcome: 'first' | 'second' | 'equivalent' | 'undecided';
}

/** `better` is 1 where larger values are better. Null where no seed was finished with both. */
export function contrast(
  first: Arm,
  second: Arm,
  of: (trial: TrialResult) => number,
  better: 1 | -1,
  rope?: number,
): Contrast | null {
  const differences = pairedDifferences(first, second, of).map(({ difference }) => difference);
  if (differences.length === 0) return null;
  const state = decide(summarise(differences.map((difference) => better * difference)), rope);
  const outcome = state === 'supported' ? 'first' : state === 'contradicted' ? 'second' : state;
  return { first, second, summary: summarise(differences), outcome };
}

/** Test accuracy of the leading arm against each other one, in the order of the arms. */
export function leaderContrasts({ arms }: Facts): { leader: Arm; contrasts: Contrast[] } {
  const leader = bestArm(arms);
  const contrasts = arms
    .filter((arm) => arm !== leader)
    .map((arm) => contrast(leader, arm, (trial) => trial.testAccuracy, 1, ACCURACY.rope))
    .filter((one) => one !== null);
  return { leader, contrasts };
}

export function nameOf({ activation }: Arm): string {
  return activationName(activation);
}

/** '97.62 % with ReLU and 97.48 % with Tanh' */
export function levels(arms: readonly Arm[], of: (trial: TrialResult) => number, scale: Scale): string {
  return listOf(arms.map((arm) => `${scale.level(meanOf(arm, of))} with ${nameOf(arm)}`));
}

/** 'a paired difference of +0.14 points (95 % interval …)' */
export function differenceText({ summary }: Contrast, scale: Scale): string {
  return `a paired difference of ${scale.difference(summary.mean)} (${intervalText(summary, scale)})`;
}
