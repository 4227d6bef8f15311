import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { meanOf } from '../arm.ts';
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

/** C3: epochs to the training accuracy of the rules; the validation threshold and the area under the curve stand beside it. */
export function judgeConvergence(arms: PaperArms): Verdict[] {
  const { convergenceAccuracy: threshold, validationAccuracy } = arms.study.rules;
  const statement = 'ReLU converges faster';
  const measure = `Epochs until the training accuracy reaches ${thresholdText(threshold)}, linear between epochs`;
  const training = (trial: StudyTrial) => epochsTo(trial.history.accuracy, threshold);
  const validation = (trial: StudyTrial) => epochsTo(trial.history.val_accuracy, validationAccuracy);
  const area = (arm: Arm) => percent(meanOf(arm, (trial) => mean(trial.history.accuracy)));
  const beside: Verdict['numbers'] = [
    {
      label: `epochs to ${thresholdText(validationAccuracy)} validation accuracy`,
      value: `${meanEpochs(arms.relu, validation)} v ${meanEpochs(arms.tanh, validation)}`,
    },
    {
      label: 'training accuracy, mean over all epochs',
      value: `${area(arms.relu)} v ${area(arms.tanh)}`,
    },
  ];
  const trials = [...arms.relu.trials, ...arms.tanh.trials];
  const reached = trials.filter((trial) => training(trial) !== null).length;
  if (reached < trials.length) {
    return [
      {
        statement,
        measure,
        rule: intervalRule(arms.study, -1, false),
        state: 'undecided',
        numbers: beside,
        sentence: `Only ${reached} of ${trials.length} runs reach a training accuracy of ${thresholdText(threshold)}, so the number of epochs to it cannot be compared.`,
        tests: [],
      },
    ];
  }
  return [
    judgeDifference(arms, {
      test: 'C3',
      statement,
      quantity: `the time to ${thresholdText(threshold)} training accuracy`,
      measure,
      scale: EPOCHS,
      direction: -1,
      of: (trial) => training(trial) ?? Number.NaN,
      numbers: beside,
    }),
  ];
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
