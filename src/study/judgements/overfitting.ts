import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { epochsOf, meanOf, samplingOf, pairedDifferences, unitOf } from '../arm.ts';
import type { Study } from '../configuration.ts';
import { decide, summarise } from '../decision.ts';
import type { PairedSummary, State } from '../decision.ts';
import type { StudyTrial } from '../results.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import {
  ACCURACY,
  intervalText,
  LOSS,
  needText,
  notMeasured,
  ropeText,
  testOf,
  tooFewEpochs,
} from '../verdict.ts';
import { countOf, fixed } from '../wording.ts';
import { last } from './accuracy.ts';

/** Last value minus the smallest one: never negative, so by itself it is no evidence of overfitting. */
export function riseFromMinimum(values: readonly number[]): number {
  return values[values.length - 1] - Math.min(...values);
}

type Curve = 'val_loss' | 'val_accuracy';

/** Change of a validation curve from the end of epoch `from` to the last, over seeds. A fixed window selects nothing. */
function changeSince(arm: Arm, curve: Curve, from: number, study: Study, sign = 1): PairedSummary {
  return summarise(
    arm.trials.map((trial) => sign * (last(trial, curve) - trial.history[curve][from - 1])),
    samplingOf(study),
  );
}

function describeChange(arm: Arm, change: PairedSummary, curve: Curve, from: number, scale: Scale): string {
  const what = curve === 'val_loss' ? 'validation loss' : 'validation accuracy';
  return `${arm.label}'s ${what} changes by ${scale.difference(change.mean)} from epoch ${from} to the last (${intervalText(change, scale)})`;
}

/** C5, said both ways. */
export function judgeOverfitting({ relu, tanh, study }: PaperArms): Verdict[] {
  const from = study.rules.overfittingFrom;
  const epochs = epochsOf([relu, tanh]);
  const measure = `Change of the validation loss from epoch ${from} to the last, in each run`;
  const reluStatement = `ReLU overfits after epoch 4 or 5 while Tanh stays stable`;
  const tanhStatement = 'Tanh overfits towards the end';
  if (epochs <= from) {
    const why = tooFewEpochs(from + 1, epochs);
    return [notMeasured(reluStatement, measure, why), notMeasured(tanhStatement, measure, why)];
  }
  const reluChange = changeSince(relu, 'val_loss', from, study);
  const tanhChange = changeSince(tanh, 'val_loss', from, study);
  const contrast = summarise(
    pairedDifferences(relu, tanh, (trial) => last(trial, 'val_loss') - trial.history.val_loss[from - 1]).map(
      ({ difference }) => difference,
    ),
    samplingOf(study),
  );
  const risesMore = decide(contrast);
  const reluRises = decide(reluChange);
  const tanhRises = decide(tanhChange);
  const reluText = describeChange(relu, reluChange, 'val_loss', from, LOSS);
  const tanhText = describeChange(tanh, tanhChange, 'val_loss', from, LOSS);
  return [
    {
      statement: reluStatement,
      state: onlyReluRises(reluRises, tanhRises, risesMore),
      measure,
      rule: "Supported if the 95 % intervals of ReLU's change and of ReLU's minus Tanh's are above zero and Tanh's is not; contradicted if ReLU's is below zero or Tanh's above; else undecided.",
      numbers: [relu, tanh].flatMap(details),
      sentence: `${reluText}; ${tanhText}; ReLU's minus Tanh's is ${LOSS.difference(contrast.mean)} (${intervalText(contrast, LOSS)}). ${reluConclusion(reluRises, tanhRises, risesMore)}`,
      tests: [
        ...testOf('C5 ReLU', reluChange, tanhRises !== 'supported' || reluRises === 'contradicted'),
        ...testOf('C5 Tanh', tanhChange, tanhRises === 'supported'),
        ...testOf('C5 contrast', contrast, reluRises === 'supported' && tanhRises !== 'supported'),
      ],
    },
    {
      statement: tanhStatement,
      state: tanhRises,
      measure,
      rule: "Supported if the 95 % interval of Tanh's change over seeds is above zero, contradicted if below, else undecided.",
      numbers: details(tanh),
      sentence: `${tanhText}. ${RISE_WORDS[tanhRises]}`,
      tests: testOf('C5 Tanh', tanhChange),
    },
  ];
}

const RISE_WORDS: Readonly<Record<ReturnType<typeof decide>, string>> = {
  supported: 'It rises: overfitting in the sense of the paper.',
  contradicted: 'It still falls, so there is no overfitting in the sense of the paper.',
  undecided: 'Whether it rises is not settled by these seeds.',
  equivalent: '',
};

function onlyReluRises(reluRises: State, tanhRises: State, risesMore: State): State {
  if (reluRises === 'contradicted' || tanhRises === 'supported') return 'contradicted';
  return reluRises === 'supported' && risesMore === 'supported' ? 'supported' : 'undecided';
}

function reluConclusion(reluRises: State, tanhRises: State, risesMore: State): string {
  if (reluRises === 'supported' && tanhRises === 'supported') {
    return 'Both turn upwards, so the contrast between them that the paper draws is not there.';
  }
  if (reluRises === 'contradicted') return "ReLU's does not turn upwards in this window.";
  if (tanhRises === 'supported') return 'Tanh is the one that turns upwards for certain.';
  if (reluRises === 'supported' && risesMore === 'supported') {
    return 'ReLU turns upwards, and more than Tanh, which does not for certain.';
  }
  return 'The contrast is not settled by these seeds.';
}

function details(arm: Arm): Verdict['numbers'] {
  const minimumAt = (trial: StudyTrial) =>
    1 + trial.history.val_loss.indexOf(Math.min(...trial.history.val_loss));
  const gap = (trial: StudyTrial) => last(trial, 'accuracy') - last(trial, 'val_accuracy');
  return [
    {
      label: `${arm.label}: epoch of the lowest validation loss`,
      value: fixed(meanOf(arm, minimumAt), 1),
    },
    {
      label: `${arm.label}: rise from there`,
      value: LOSS.level(meanOf(arm, (trial) => riseFromMinimum(trial.history.val_loss))),
    },
    {
      label: `${arm.label}: training minus validation accuracy, last epoch`,
      value: ACCURACY.difference(meanOf(arm, gap)),
    },
  ];
}

/** C6: Tanh's validation accuracy and loss, last epoch against the one that the rules name. */
export function judgeDecline({ tanh, study }: PaperArms): Verdict[] {
  const from = study.rules.declineFrom;
  const epochs = epochsOf([tanh]);
  const unit = unitOf(study);
  const accuracyStatement = 'The accuracy of Tanh declines towards the end';
  const errorStatement = 'The error of Tanh grows towards the end';
  const accuracyMeasure = `Validation accuracy of the last epoch minus that of epoch ${from}`;
  const errorMeasure = `Validation loss of the last epoch minus that of epoch ${from}`;
  if (epochs <= from) {
    const why = tooFewEpochs(from + 1, epochs);
    const window = 'Last epoch against an earlier one';
    return [notMeasured(accuracyStatement, window, why), notMeasured(errorStatement, window, why)];
  }
  const accuracy = changeSince(tanh, 'val_accuracy', from, study);
  const loss = changeSince(tanh, 'val_loss', from, study);
  const { rope } = study.rules;
  const declines = decide(changeSince(tanh, 'val_accuracy', from, study, -1), rope);
  const grows = decide(loss);
  const best = mean(tanh.trials.map((trial) => Math.max(...trial.history.val_accuracy)));
  const end = meanOf(tanh, (trial) => last(trial, 'val_accuracy'));
  return [
    {
      statement: accuracyStatement,
      state: declines,
      measure: accuracyMeasure,
      rule: `The 95 % interval over ${unit}s: below zero supports the statement, above zero contradicts it, within ${ropeText(study.rules)} counts as equivalent, else undecided.`,
      numbers: [
        { label: 'best epoch', value: ACCURACY.level(best) },
        { label: 'last epoch', value: ACCURACY.level(end) },
      ],
      sentence: join(
        `${describeChange(tanh, accuracy, 'val_accuracy', from, ACCURACY)}: ${DECLINE_WORDS[declines]}`,
        `On average over ${countOf(tanh.trials.length, unit)} the best epoch has ${ACCURACY.level(best)} and the last ${ACCURACY.level(end)}; the best of several noisy values is never below the last, so that gap alone shows nothing.`,
        declines === 'undecided' ? needText(accuracy, ACCURACY, study, rope) : '',
      ),
      tests: testOf('C6 accuracy', accuracy),
    },
    {
      statement: errorStatement,
      state: grows,
      measure: errorMeasure,
      rule: `The 95 % interval over ${unit}s: above zero supports the statement, below zero contradicts it, else undecided.`,
      numbers: [{ label: 'change', value: LOSS.difference(loss.mean) }],
      sentence: `${describeChange(tanh, loss, 'val_loss', from, LOSS)}. ${GROWTH_WORDS[grows]}${grows === 'undecided' ? ` ${needText(loss, LOSS, study)}`.trimEnd() : ''}`,
      tests: testOf('C6 error', loss),
    },
  ];
}

const DECLINE_WORDS: Readonly<Record<ReturnType<typeof decide>, string>> = {
  supported: 'a decline.',
  contradicted: 'an increase, not a decline.',
  undecided: 'not settled by these seeds.',
  equivalent: 'no change that matters.',
};

const GROWTH_WORDS: Readonly<Record<ReturnType<typeof decide>, string>> = {
  supported: 'It grows.',
  contradicted: 'It falls.',
  undecided: 'Whether it grows is not settled by these seeds.',
  equivalent: '',
};

function join(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
