import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { meanOf } from '../arm.ts';
import type { Rules } from '../configuration.ts';
import type { StudyTrial } from '../results.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { intervalRule, judgeDifference } from '../verdict.ts';
import { fixed, percent, signed } from '../wording.ts';

/** Times in epochs. */
export const EPOCHS: Scale = {
  level: (value) => `${fixed(value, 2)}\u00a0epochs`,
  difference: (value) => `${signed(value, 2)}\u00a0epochs`,
  plain: (value) => signed(value, 2),
};

/**
 * Epochs until a curve first reaches `threshold`, linear between the ends of two epochs; 1 where the first epoch does
 * already; null where no epoch does.
 */
export function epochsTo(values: readonly number[], threshold: number): number | null {
  const at = values.findIndex((value) => value >= threshold);
  if (at <= 0) return at === 0 ? 1 : null;
  return at + (threshold - values[at - 1]) / (values[at] - values[at - 1]);
}

/** C3: epochs to the two training accuracies of the rules; the validation threshold and the area under the curve stand beside. */
export function judgeConvergence(arms: PaperArms): Verdict[] {
  return thresholdsOf(arms.rules).map((threshold) => judgeTime(arms, threshold));
}

function thresholdsOf({ convergenceAccuracy, lateAccuracy }: Rules): number[] {
  return [...new Set([convergenceAccuracy, lateAccuracy])];
}

/** Where the two times of C3 are decided opposite ways in the end, after Holm's correction, both say so. */
export function tellTurn<V extends Pick<Verdict, 'state' | 'sentence'>>(
  verdicts: readonly V[],
  rules: Rules,
): readonly V[] {
  const states = verdicts.map(({ state }) => state);
  if (!states.includes('supported') || !states.includes('contradicted')) return verdicts;
  const [early, late] = thresholdsOf(rules).map(thresholdText);
  return verdicts.map((verdict) => ({
    ...verdict,
    sentence: `${verdict.sentence} The order turns between ${early} and ${late}, so which is the faster depends on how far.`,
  }));
}

/** Runs that do not arrive count with all their epochs (a mean restricted to the time observed). */
function judgeTime(arms: PaperArms, threshold: number): Verdict {
  const { validationAccuracy } = arms.rules;
  const text = thresholdText(threshold);
  const statement = `ReLU reaches ${text} training accuracy sooner`;
  const measure = `Epochs until the training accuracy reaches ${text}, linear between epochs; all epochs of the run where it does not`;
  const training = (trial: StudyTrial) => epochsTo(trial.history.accuracy, threshold);
  const validation = (trial: StudyTrial) => epochsTo(trial.history.val_accuracy, validationAccuracy);
  const area = (arm: Arm) => percent(meanOf(arm, (trial) => mean(trial.history.accuracy)));
  const arrived = (arm: Arm) => arm.trials.filter((trial) => training(trial) !== null).length;
  const numbers: Verdict['numbers'] = [
    {
      label: 'runs that reach it',
      value: [arms.relu, arms.tanh].map((arm) => `${arrived(arm)} of ${arm.trials.length}`).join(' v '),
    },
    {
      label: `epochs to ${thresholdText(validationAccuracy)} validation accuracy`,
      value: `${meanEpochs(arms.relu, validation)} v ${meanEpochs(arms.tanh, validation)}`,
    },
    {
      label: 'training accuracy, mean over all epochs',
      value: `${area(arms.relu)} v ${area(arms.tanh)}`,
    },
  ];
  if (arrived(arms.relu) + arrived(arms.tanh) === 0) {
    return {
      test: `C3 ${threshold}`,
      statement,
      measure,
      rule: intervalRule(arms.study, -1),
      state: 'undecided',
      numbers,
      sentence: `No run reaches a training accuracy of ${text}, so the time to it cannot be compared.`,
      p: null,
    };
  }
  return judgeDifference(arms, {
    test: `C3 ${threshold}`,
    statement,
    quantity: `the time to ${text} training accuracy`,
    measure,
    scale: EPOCHS,
    direction: -1,
    of: (trial) => training(trial) ?? trial.history.accuracy.length,
    numbers,
  });
}

/** '98 %', with as many decimals as it has. */
export function thresholdText(share: number): string {
  return `${Number((100 * share).toPrecision(6))}\u00a0%`;
}

function meanEpochs(arm: Arm, of: (trial: StudyTrial) => number | null): string {
  const values = arm.trials.map(of).filter((value) => value !== null);
  if (values.length === 0) return 'never';
  const note = values.length < arm.trials.length ? ` (${values.length} of ${arm.trials.length} runs)` : '';
  return fixed(mean(values), 2) + note;
}
