import type { Arm } from '../../study/arm.ts';
import { armsOf, bestArm, meanOf, samplingOf, pairedDifferences, pairUnit, unitOf } from '../../study/arm.ts';
import type { PairedSummary } from '../../study/decision.ts';
import { decide, summarise } from '../../study/decision.ts';
import type { Results, StudyTrial } from '../../study/results.ts';
import type { Scale } from '../../study/verdict.ts';
import { intervalText } from '../../study/verdict.ts';
import { activationName, listOf } from '../../study/wording.ts';
import { DactylError } from '../../util/errors.ts';

/** What every prose section starts from. */
export interface Facts {
  readonly results: Results;
  readonly arms: readonly Arm[];
  readonly names: readonly string[];
  /** What an arm is called: 'activation' where every arm is named after its own. */
  readonly noun: 'activation' | 'arm';
  /** Most runs of an arm. */
  readonly seeds: number;
  /** What runs are called, and what is paired. */
  readonly unit: 'seed' | 'fold' | 'run';
  readonly pairs: 'seed' | 'fold';
  /** What each network was judged on in the end, and how many they are. */
  readonly keptOut: 'test images' | 'images kept out';
  readonly testImages: number;
}

const NOTHING = 'A report: expected at least one finished run, received none. Resume the study first.';

export function factsOf(results: Results): Facts {
  const arms = armsOf(results);
  if (arms.length === 0) throw new DactylError('E_ARGUMENT', NOTHING);
  return {
    results,
    arms,
    names: arms.map(({ label }) => label),
    seeds: Math.max(...arms.map(({ trials }) => trials.length)),
    noun: arms.every(({ label, activation }) => label === activationName(activation)) ? 'activation' : 'arm',
    unit: unitOf(results.study),
    pairs: pairUnit(results.study),
    keptOut: results.study.split.kind === 'folds' ? 'images kept out' : 'test images',
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
  { study }: Pick<Results, 'study'>,
  first: Arm,
  second: Arm,
  of: (trial: StudyTrial) => number,
  better: 1 | -1,
  rope?: number,
): Contrast | null {
  const differences = pairedDifferences(first, second, of).map(({ difference }) => difference);
  if (differences.length === 0) return null;
  const state = decide(
    summarise(
      differences.map((difference) => better * difference),
      samplingOf(study),
    ),
    rope,
  );
  const outcome = state === 'supported' ? 'first' : state === 'contradicted' ? 'second' : state;
  return { first, second, summary: summarise(differences, samplingOf(study)), outcome };
}

/** Test accuracy of the leading arm against each other one, in the order of the arms. */
export function leaderContrasts({ arms, results }: Facts): { leader: Arm; contrasts: Contrast[] } {
  const leader = bestArm(arms);
  const contrasts = arms
    .filter((arm) => arm !== leader)
    .map((arm) => contrast(results, leader, arm, (trial) => trial.testAccuracy, 1, results.study.rules.rope))
    .filter((one) => one !== null);
  return { leader, contrasts };
}

/** The arms that share the highest mean test accuracy, but for what rounding does to a mean: one, or several that tie. */
export function leadersOf(arms: readonly Arm[]): Arm[] {
  const accuracy = (arm: Arm) => meanOf(arm, (trial) => trial.testAccuracy);
  const best = accuracy(bestArm(arms));
  return arms.filter((arm) => best - accuracy(arm) < 1e-12);
}

/** '97.62 % with ReLU and 97.48 % with Tanh' */
export function levels(arms: readonly Arm[], of: (trial: StudyTrial) => number, scale: Scale): string {
  return listOf(arms.map((arm) => `${scale.level(meanOf(arm, of))} with ${arm.label}`));
}

/** 'a paired difference of +0.14 points (95 % interval …)' */
export function differenceText({ summary }: Contrast, scale: Scale): string {
  return `a paired difference of ${scale.difference(summary.mean)} (${intervalText(summary, scale)})`;
}
