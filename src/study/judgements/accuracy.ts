import { PAPER } from '../paper.ts';
import type { Arm } from '../arm.ts';
import { meanOf } from '../arm.ts';
import { PAPER_RECIPE } from '../recipe.ts';
import type { StudyTrial, TrialResult } from '../results.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import { ACCURACY, judgeDifference, LOSS, notMeasured } from '../verdict.ts';
import { countOf, fixed, grouped, percent } from '../wording.ts';

type Curve = keyof TrialResult['history'];

export function last(trial: StudyTrial, curve: Curve): number {
  return trial.history[curve][trial.history[curve].length - 1];
}

const lastOf = (curve: Curve) => (trial: StudyTrial) => last(trial, curve);

function paperLast(curve: Curve, write: (value: number) => string): Verdict['numbers'] {
  const { relu, tanh } = PAPER.history;
  const end = PAPER_RECIPE.epochs - 1;
  return [{ label: 'paper', value: `${write(relu[curve][end])} v ${write(tanh[curve][end])}` }];
}

/** C1: test accuracy after the last epoch. */
export function judgeTestAccuracy(arms: PaperArms): Verdict[] {
  return [
    judgeDifference(arms, {
      test: 'C1',
      statement: 'ReLU has the higher test accuracy',
      rope: arms.study.rules.rope,
      quantity: 'the mean test accuracy',
      measure: 'Share of the images kept out that is classified correctly after the last epoch',
      scale: ACCURACY,
      direction: 1,
      of: (trial) => trial.testAccuracy,
      numbers: [
        {
          label: 'paper',
          value: `${percent(PAPER.testAccuracy.relu)} v ${percent(PAPER.testAccuracy.tanh)}`,
        },
      ],
    }),
  ];
}

/** C12: training accuracy in the last epoch. */
export function judgeTrainingAccuracy(arms: PaperArms): Verdict[] {
  return [
    judgeDifference(arms, {
      test: 'C12',
      statement: 'ReLU has the higher training accuracy',
      rope: arms.study.rules.rope,
      quantity: 'the training accuracy of the last epoch',
      measure: 'Training accuracy averaged over the batches of the last epoch',
      scale: ACCURACY,
      direction: 1,
      of: lastOf('accuracy'),
      numbers: paperLast('accuracy', (value) => percent(value)),
    }),
  ];
}

/** C13: losses of the last epoch, in nats; a lower one of ReLU supports the claim. */
export function judgeLosses(arms: PaperArms): Verdict[] {
  const write = (value: number) => fixed(value, 4);
  return [
    judgeDifference(arms, {
      test: 'C13 training',
      statement: 'ReLU has the lower training loss',
      quantity: 'the training loss of the last epoch',
      measure: 'Mean cross-entropy of the last epoch on the training images',
      scale: LOSS,
      direction: -1,
      of: lastOf('loss'),
      numbers: paperLast('loss', write),
    }),
    judgeDifference(arms, {
      test: 'C13 validation',
      statement: 'ReLU has the lower validation loss',
      quantity: 'the validation loss of the last epoch',
      measure: 'Mean cross-entropy after the last epoch on the validation images',
      scale: LOSS,
      direction: -1,
      of: lastOf('val_loss'),
      numbers: paperLast('val_loss', write),
    }),
  ];
}

/** C11: is every epoch's validation accuracy within the range of the rules? A fact about these runs, so no interval. */
export function judgeGoodEnough({ relu, tanh, study }: PaperArms): Verdict[] {
  const { goodFrom, goodTo } = study.rules;
  const values = [relu, tanh].flatMap((arm) => arm.trials.flatMap((trial) => trial.history.val_accuracy));
  const inside = values.filter((value) => value >= goodFrom && value <= goodTo).length;
  const all = inside === values.length;
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  const errors = (arm: Arm) => percent(1 - meanOf(arm, (trial) => trial.testAccuracy));
  const write = (share: number) => String(Number((100 * share).toPrecision(6)));
  return [
    {
      statement: `Validation accuracy lies between ${write(goodFrom)} and ${write(goodTo)} %`,
      state: all ? 'supported' : 'contradicted',
      measure: 'Validation accuracy after every epoch of every run',
      rule: 'Supported if every value lies in the range, contradicted otherwise.',
      numbers: [
        { label: 'lowest', value: percent(lowest) },
        { label: 'highest', value: percent(highest) },
        { label: 'in range', value: `${grouped(inside)} of ${grouped(values.length)}` },
      ],
      sentence: all
        ? `All ${countOf(values.length, 'value')} lie in the range; the lowest is ${percent(lowest)} and the highest ${percent(highest)}.`
        : `${grouped(inside)} of ${countOf(values.length, 'value')} lie in the range; the lowest is ${percent(lowest)} and the highest ${percent(highest)}. The paper's own lowest values, 95.61\u00a0% and 95.98\u00a0%, lie outside it too.`,
      tests: [],
    },
    notMeasured(
      'Both models are good enough',
      'Accuracy, calibration and the cost of errors',
      `Not judged by a rule. ReLU errs on ${errors(relu)} and Tanh on ${errors(tanh)} of the images kept out; whether that is good enough depends on the use and on what an error costs, and needs calibration and costs beside accuracy; the critical evaluation gives both, and does not say what is enough.`,
    ),
  ];
}
