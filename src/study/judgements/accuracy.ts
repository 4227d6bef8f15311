import { PAPER, type PaperActivation } from '../paper.ts';
import type { Arm } from '../arm.ts';
import { meanOf } from '../arm.ts';
import { PAPER_RECIPE } from '../recipe.ts';
import type { StudyTrial, TrialResult } from '../results.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import { ACCURACY, judgeDifference, LOSS } from '../verdict.ts';
import { countOf, fixed, grouped, percent } from '../wording.ts';
import { judgeShare, shareRule } from './share.ts';

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
      rope: arms.rules.rope,
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
      rope: arms.rules.rope,
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
      rope: arms.rules.lossRope,
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
      rope: arms.rules.lossRope,
      direction: -1,
      of: lastOf('val_loss'),
      numbers: paperLast('val_loss', write),
    }),
  ];
}

/** C11, in whole percents as the paper writes it: in most runs, is every epoch's validation accuracy within the range of the rules? One run counts once. */
export function judgeGoodEnough(arms: PaperArms): Verdict[] {
  const { relu, tanh } = arms;
  const errors = (arm: Arm) => percent(1 - meanOf(arm, (trial) => trial.testAccuracy));
  return [
    judgeRange(relu, 'relu', arms),
    judgeRange(tanh, 'tanh', arms),
    {
      test: 'C11 good',
      statement: 'Both models are good enough',
      state: 'no fair measure',
      measure: 'Accuracy, calibration and the cost of errors',
      rule: '',
      numbers: [],
      sentence: `No rule decides this fairly. ReLU errs on ${errors(relu)} and Tanh on ${errors(tanh)} of the images kept out; whether that is good enough depends on the use and on what an error costs, and needs calibration and costs beside accuracy; the critical evaluation gives both, and does not say what is enough.`,
      p: null,
    },
  ];
}

function judgeRange(arm: Arm, activation: PaperActivation, { study, rules }: PaperArms): Verdict {
  // 100 · .285 comes out a little below 28.5.
  const whole = (share: number) => Math.round(Number((100 * share).toPrecision(12)));
  const [from, to] = [whole(rules.goodFrom), whole(rules.goodTo)];
  const inside = (value: number) => whole(value) >= from && whole(value) <= to;
  const runs = arm.trials.map(({ history }) => history.val_accuracy);
  const values = runs.flat();
  const within = runs.filter((run) => run.every(inside)).length;
  const shares = judgeShare(within, runs.length, study);
  const count = grouped(values.filter(inside).length);
  return {
    test: `C11 ${activation}`,
    statement: `${arm.label}'s validation accuracy lies between ${from} and ${to}\u00a0%`,
    state: shares.state,
    measure: `Whether the validation accuracy after every epoch of a run, rounded to whole percents, is from ${from} to ${to}`,
    rule: shareRule('runs for which that is so', study),
    numbers: [
      { label: 'lowest', value: percent(Math.min(...values)) },
      { label: 'highest', value: percent(Math.max(...values)) },
      { label: 'values in range', value: `${count} of ${grouped(values.length)}` },
      { label: 'share of runs', value: shares.text },
    ],
    sentence: `${grouped(within)} of ${countOf(runs.length, 'run')} stay in the range, rounded to whole percents, in every epoch (${shares.text}), as do ${count} of all ${countOf(values.length, 'value')}; the lowest is ${percent(Math.min(...values))} and the highest ${percent(Math.max(...values))}.`,
    p: shares.p,
  };
}
