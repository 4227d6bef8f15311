import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { meanOf } from '../arm.ts';
import { decide, ROPE, summarise } from '../decision.ts';
import type { PairedSummary, State } from '../decision.ts';
import type { TrialResult } from '../results.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { ACCURACY, armName, intervalText, LOSS, needText, notMeasured } from '../verdict.ts';
import { countOf, fixed } from '../wording.ts';
import { last } from './accuracy.ts';

/** Fewest epochs for which a late window differs from an early one. */
const ENOUGH_EPOCHS = 6;

/** Last value minus the smallest one: never negative, so by itself it is no evidence of overfitting. */
export function riseFromMinimum(values: readonly number[]): number {
  return values[values.length - 1] - Math.min(...values);
}

type Curve = 'val_loss' | 'val_accuracy';

/** Change of a validation curve from the end of epoch `from` to the last, over seeds. A fixed window selects nothing. */
function changeSince(arm: Arm, curve: Curve, from: number): PairedSummary {
  return summarise(arm.trials.map((trial) => last(trial, curve) - trial.history[curve][from - 1]));
}

function describeChange(arm: Arm, change: PairedSummary, curve: Curve, from: number, scale: Scale): string {
  const what = curve === 'val_loss' ? 'validation loss' : 'validation accuracy';
  return `${armName(arm)}'s ${what} changes by ${scale.difference(change.mean)} from epoch ${from} to the last (${intervalText(change, scale)})`;
}

/** C5, said both ways. */
export function judgeOverfitting({ relu, tanh, configuration }: PaperArms): Verdict[] {
  const from = Math.ceil(configuration.epochs / 2);
  const measure = `Change of the validation loss from epoch ${from} to the last, in each run`;
  const reluStatement = `ReLU overfits after epoch 4 or 5 while Tanh stays stable`;
  const tanhStatement = 'Tanh overfits towards the end';
  if (configuration.epochs < ENOUGH_EPOCHS) {
    const why = `Needs at least ${ENOUGH_EPOCHS} epochs; these runs have ${configuration.epochs}.`;
    return [notMeasured(reluStatement, measure, why), notMeasured(tanhStatement, measure, why)];
  }
  const reluChange = changeSince(relu, 'val_loss', from);
  const tanhChange = changeSince(tanh, 'val_loss', from);
  const reluRises = decide(reluChange);
  const tanhRises = decide(tanhChange);
  const reluText = describeChange(relu, reluChange, 'val_loss', from, LOSS);
  const tanhText = describeChange(tanh, tanhChange, 'val_loss', from, LOSS);
  return [
    {
      statement: reluStatement,
      state: onlyReluRises(reluRises, tanhRises),
      measure,
      rule: "Supported if the 95 % interval over seeds is above zero for ReLU and below zero for Tanh; contradicted if ReLU's is below zero or Tanh's above; else undecided.",
      numbers: [reluChange, tanhChange].flatMap((_, i) => details(i === 0 ? relu : tanh)),
      sentence: `${reluText}; ${tanhText}. ${reluConclusion(reluRises, tanhRises)}`,
    },
    {
      statement: tanhStatement,
      state: tanhRises,
      measure,
      rule: "Supported if the 95 % interval of Tanh's change over seeds is above zero, contradicted if below, else undecided.",
      numbers: details(tanh),
      sentence: `${tanhText}. ${RISE_WORDS[tanhRises]}`,
    },
  ];
}

const RISE_WORDS: Readonly<Record<ReturnType<typeof decide>, string>> = {
  supported: 'It rises while the training loss still falls: overfitting in the sense of the paper.',
  contradicted: 'It still falls, so there is no overfitting in the sense of the paper.',
  undecided: 'Whether it rises is not settled by these seeds.',
  equivalent: '',
};

function onlyReluRises(reluRises: State, tanhRises: State): State {
  if (reluRises === 'contradicted' || tanhRises === 'supported') return 'contradicted';
  return reluRises === 'supported' && tanhRises === 'contradicted' ? 'supported' : 'undecided';
}

function reluConclusion(reluRises: State, tanhRises: State): string {
  if (reluRises === 'supported' && tanhRises === 'supported') {
    return 'Both turn upwards, so the contrast between them that the paper draws is not there.';
  }
  if (reluRises === 'contradicted') return "ReLU's does not turn upwards in this window.";
  if (tanhRises === 'supported') return 'Tanh is the one that turns upwards for certain.';
  if (reluRises === 'supported' && tanhRises === 'contradicted') {
    return 'ReLU turns upwards and Tanh does not.';
  }
  return 'The contrast is not settled by these seeds.';
}

function details(arm: Arm): Verdict['numbers'] {
  const minimumAt = (trial: TrialResult) =>
    1 + trial.history.val_loss.indexOf(Math.min(...trial.history.val_loss));
  const gap = (trial: TrialResult) => last(trial, 'accuracy') - last(trial, 'val_accuracy');
  return [
    {
      label: `${armName(arm)}: epoch of the lowest validation loss`,
      value: fixed(meanOf(arm, minimumAt), 1),
    },
    {
      label: `${armName(arm)}: rise from there`,
      value: LOSS.level(meanOf(arm, (trial) => riseFromMinimum(trial.history.val_loss))),
    },
    {
      label: `${armName(arm)}: training minus validation accuracy, last epoch`,
      value: ACCURACY.difference(meanOf(arm, gap)),
    },
  ];
}

/** C6: Tanh's validation accuracy and loss, last epoch against the one four epochs before. */
export function judgeDecline({ tanh, configuration }: PaperArms): Verdict[] {
  const from = configuration.epochs - 4;
  const accuracyStatement = 'The accuracy of Tanh declines towards the end';
  const errorStatement = 'The error of Tanh grows towards the end';
  const accuracyMeasure = `Validation accuracy of the last epoch minus that of epoch ${from}`;
  const errorMeasure = `Validation loss of the last epoch minus that of epoch ${from}`;
  if (configuration.epochs < ENOUGH_EPOCHS) {
    const why = `Needs at least ${ENOUGH_EPOCHS} epochs; these runs have ${configuration.epochs}.`;
    const window = 'Last epoch against an earlier one';
    return [notMeasured(accuracyStatement, window, why), notMeasured(errorStatement, window, why)];
  }
  const accuracy = changeSince(tanh, 'val_accuracy', from);
  const loss = changeSince(tanh, 'val_loss', from);
  const declines = decide(
    summarise(tanh.trials.map((t) => t.history.val_accuracy[from - 1] - last(t, 'val_accuracy'))),
    ROPE,
  );
  const grows = decide(loss);
  const best = mean(tanh.trials.map((trial) => Math.max(...trial.history.val_accuracy)));
  const end = meanOf(tanh, (trial) => last(trial, 'val_accuracy'));
  return [
    {
      statement: accuracyStatement,
      state: declines,
      measure: accuracyMeasure,
      rule: 'The 95 % Student interval over seeds: below zero supports the statement, above zero contradicts it, within ±0.1 points counts as equivalent, else undecided.',
      numbers: [
        { label: 'best epoch', value: ACCURACY.level(best) },
        { label: 'last epoch', value: ACCURACY.level(end) },
      ],
      sentence: join(
        `${describeChange(tanh, accuracy, 'val_accuracy', from, ACCURACY)}: ${DECLINE_WORDS[declines]}`,
        `On average over ${countOf(tanh.trials.length, 'seed')} the best epoch has ${ACCURACY.level(best)} and the last ${ACCURACY.level(end)}; the best of several noisy values is never below the last, so that gap alone shows nothing.`,
        declines === 'undecided' ? needText(accuracy, ACCURACY) : '',
      ),
    },
    {
      statement: errorStatement,
      state: grows,
      measure: errorMeasure,
      rule: 'The 95 % Student interval over seeds: above zero supports the statement, below zero contradicts it, else undecided.',
      numbers: [{ label: 'change', value: LOSS.difference(loss.mean) }],
      sentence: `${describeChange(tanh, loss, 'val_loss', from, LOSS)}. ${GROWTH_WORDS[grows]}`,
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
