import { mean } from '../stats/describe.ts';
import type { Results, TrialResult } from './results.ts';

/** All runs with one activation, in the order of the configuration's seeds. */
export interface Arm {
  readonly activation: string;
  readonly trials: readonly TrialResult[];
}

export interface SeedDifference {
  readonly seed: number;
  readonly difference: number;
}

/** One arm for each activation of the configuration that has at least one finished run. */
export function armsOf(results: Results): Arm[] {
  const { activations, seeds } = results.configuration;
  return activations
    .map((activation) => ({
      activation,
      trials: results.trials
        .filter((trial) => trial.activation === activation)
        .sort((a, b) => seeds.indexOf(a.seed) - seeds.indexOf(b.seed)),
    }))
    .filter((arm) => arm.trials.length > 0);
}

/** first − second for each seed that both arms have. */
export function pairedDifferences(
  first: Arm,
  second: Arm,
  measure: (trial: TrialResult) => number,
): SeedDifference[] {
  const bySeed = new Map(second.trials.map((trial) => [trial.seed, trial]));
  return first.trials.flatMap((trial) => {
    const partner = bySeed.get(trial.seed);
    return partner === undefined ? [] : [{ seed: trial.seed, difference: measure(trial) - measure(partner) }];
  });
}

export function meanOf(arm: Arm, measure: (trial: TrialResult) => number): number {
  return mean(arm.trials.map(measure));
}

/** Counts [true class][predicted class] as means over the arm's runs. */
export function meanConfusion(arm: Arm): number[][] {
  const { length } = arm.trials[0].confusionMatrix;
  return Array.from({ length }, (_, t) =>
    Array.from({ length }, (_, p) => meanOf(arm, (trial) => trial.confusionMatrix[t][p])),
  );
}

/** The arm with the highest mean test accuracy; the earlier one where they tie. */
export function bestArm(arms: readonly Arm[]): Arm {
  const accuracy = (arm: Arm) => meanOf(arm, (trial) => trial.testAccuracy);
  return arms.reduce((best, arm) => (accuracy(arm) > accuracy(best) ? arm : best));
}
