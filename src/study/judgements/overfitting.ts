import { mean } from '../../stats/describe.ts';
import { differing } from '../../stats/differing.ts';
import type { Arm } from '../arm.ts';
import { epochsOf, meanOf, samplingOf, unitOf } from '../arm.ts';
import type { Rules, Study } from '../configuration.ts';
import { decide, FEWEST_SEEDS, isOfTooFew, LEVEL, pAbove, pBeyond, pWithin, summarise } from '../decision.ts';
import type { PairedSummary, State } from '../decision.ts';
import type { StudyTrial } from '../results.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import {
  ACCURACY,
  intervalText,
  LOSS,
  marginText,
  needText,
  notMeasured,
  tooFewEpochs,
  tooFewText,
  fewReason,
} from '../verdict.ts';
import { countOf, fixed } from '../wording.ts';
import { last } from './accuracy.ts';

/** Last value minus the smallest one: never negative, so by itself it is no evidence of overfitting. */
export function riseFromMinimum(values: readonly number[]): number {
  return values[values.length - 1] - Math.min(...values);
}

type Curve = 'val_loss' | 'val_accuracy';

/** A curve of validation: `worse` is the sign of a change for the worse. */
interface Direction {
  readonly curve: Curve;
  readonly of: 'accuracy' | 'loss';
  readonly worse: 1 | -1;
  readonly scale: typeof ACCURACY;
  readonly margin: number;
}

function directions({ rope, lossRope }: Rules): Direction[] {
  return [
    { curve: 'val_accuracy', of: 'accuracy', worse: -1, scale: ACCURACY, margin: rope },
    { curve: 'val_loss', of: 'loss', worse: 1, scale: LOSS, margin: lossRope },
  ];
}

/** Change of a validation curve from the end of epoch `from` to the last, in each run. A fixed window selects nothing. */
function changesSince(arm: Arm, curve: Curve, from: number): number[] {
  return arm.trials.map((trial) => last(trial, curve) - trial.history[curve][from - 1]);
}

const turned = (values: readonly number[], sign: 1 | -1) => values.map((value) => sign * value);

function describeChange(
  arm: Arm,
  changes: readonly number[],
  from: number,
  one: Direction,
  study: Study,
): string {
  const change = summarise(changes, samplingOf(study));
  return `${arm.label}'s validation ${one.of} changes by ${one.scale.difference(change.mean)} from epoch ${from} to the last (${intervalText(change, one.scale)})`;
}

/** C5, said both ways, each of validation accuracy and of validation loss. */
export function judgeOverfitting(arms: PaperArms): Verdict[] {
  const both = directions(arms.rules);
  return [...both.map((one) => judgeReluAlone(arms, one)), ...both.map((one) => judgeTanhTurns(arms, one))];
}

const TURNS = { accuracy: 'falls', loss: 'rises' } as const;

/** Two parts: ReLU's curve turns for the worse, and Tanh's stays where it is. */
function judgeReluAlone({ relu, tanh, study, rules }: PaperArms, one: Direction): Verdict {
  const { curve, of, worse, scale, margin } = one;
  const from = rules.overfittingFrom;
  const sampling = samplingOf(study);
  const within = marginText(scale, margin);
  const verdict = {
    test: `C5 ReLU ${of}`,
    statement: `ReLU overfits after epoch 4 or 5 while Tanh stays stable: its validation ${of} ${TURNS[of]}`,
    measure: `Change of the validation ${of} from epoch ${from} to the last, in each run`,
  };
  const epochs = epochsOf([relu, tanh]);
  if (epochs <= from) return notMeasured(verdict, tooFewEpochs(from + 1, epochs));
  const [reluChanges, tanhChanges] = [relu, tanh].map((arm) => changesSince(arm, curve, from));
  const worsening = turned(reluChanges, worse);
  const reluChange = summarise(worsening, sampling);
  const reluState = decide(reluChange, margin);
  const tanhState = decide(summarise(turned(tanhChanges, worse), sampling), margin);
  const forIt = Math.max(pAbove(worsening, 0, sampling), pWithin(tanhChanges, margin, sampling));
  const beyond = pBeyond(tanhChanges, margin, sampling);
  const isBeyond = beyond < LEVEL;
  // Exchanged about the end of the margin that is passed.
  const passed = tanhChanges.map((change) => change - Math.sign(mean(tanhChanges)) * margin);
  const tanhCount = { n: passed.length, differ: differing(passed) };
  const parts = [
    { p: reluState === 'equivalent' ? 1 : pAbove(turned(worsening, -1), 0, sampling), of: reluChange },
    { p: beyond, of: tanhCount },
  ];
  const against = Math.min(1, parts.length * Math.min(...parts.map(({ p }) => p)));
  const isAgainst = parts.some(({ p, of: { differ } }) => parts.length * p < LEVEL && differ >= FEWEST_SEEDS);
  const state: State =
    reluState === 'supported' && tanhState === 'equivalent'
      ? 'supported'
      : isAgainst && Math.min(reluChange.n, tanhChanges.length) >= FEWEST_SEEDS
        ? 'contradicted'
        : reluState === 'equivalent'
          ? 'equivalent'
          : 'undecided';
  return {
    ...verdict,
    state,
    rule: `Two parts, by 95 % intervals over ${unitOf(study)}s: ReLU's change is for the worse, and Tanh's lies within ${within}. Supported if both hold; contradicted if ReLU's is for the better or Tanh's lies beyond ${within}, each at half the level, since either would do, from six ${unitOf(study)}s on in which it is another than zero, or than the margin; equivalent if ReLU's lies within ${within}; else undecided.`,
    numbers: [relu, tanh].flatMap(details),
    sentence: `${describeChange(relu, reluChanges, from, one, study)}: ${changeWords(reluState, reluChange)}; ${describeChange(tanh, tanhChanges, from, one, study)}: ${STABILITY[tanhState === 'equivalent' ? 'within' : isBeyond ? 'beyond' : 'open']} of ${scale.margin(margin)}${isBeyond && tanhCount.differ < FEWEST_SEEDS ? `, but ${fewReason(tanhCount)}` : ''}.`,
    p: relu.trials.length < 2 || tanh.trials.length < 2 ? null : Math.min(forIt, against),
  };
}

const STABILITY = {
  within: 'stable within the margin',
  beyond: 'not stable, a change beyond the margin',
  open: 'not shown to be stable within the margin',
} as const;

function judgeTanhTurns({ tanh, study, rules }: PaperArms, one: Direction): Verdict {
  return judgeChange(tanh, study, one, {
    test: `C5 Tanh ${one.of}`,
    statement: `Tanh overfits towards the end: its validation ${one.of} ${TURNS[one.of]}`,
    from: rules.overfittingFrom,
    numbers: details(tanh),
  });
}

/** C6: Tanh's validation accuracy and loss, last epoch against the one that the rules name. */
export function judgeDecline({ tanh, study, rules }: PaperArms): Verdict[] {
  const best = mean(tanh.trials.map((trial) => Math.max(...trial.history.val_accuracy)));
  const end = meanOf(tanh, (trial) => last(trial, 'val_accuracy'));
  const from = rules.declineFrom;
  const [accuracy, loss] = directions(rules);
  return [
    judgeChange(tanh, study, accuracy, {
      test: 'C6 accuracy',
      statement: 'The accuracy of Tanh declines towards the end',
      from,
      numbers: [
        { label: 'best epoch', value: ACCURACY.level(best) },
        { label: 'last epoch', value: ACCURACY.level(end) },
      ],
      note: `On average over ${countOf(tanh.trials.length, unitOf(study))} the best epoch has ${ACCURACY.level(best)} and the last ${ACCURACY.level(end)}; the best of several noisy values is never below the last, so that gap alone shows nothing.`,
    }),
    judgeChange(tanh, study, loss, {
      test: 'C6 error',
      statement: 'The error of Tanh grows towards the end',
      from,
      numbers: [],
    }),
  ];
}

/** Whether one arm's curve turns for the worse between two epochs. */
function judgeChange(
  arm: Arm,
  study: Study,
  one: Direction,
  {
    test,
    statement,
    from,
    numbers,
    note = '',
  }: {
    readonly test: string;
    readonly statement: string;
    readonly from: number;
    readonly numbers: Verdict['numbers'];
    readonly note?: string;
  },
): Verdict {
  const { curve, of, worse, scale, margin } = one;
  const measure = `Validation ${of} of the last epoch minus that of epoch ${from}, in each run`;
  const epochs = epochsOf([arm]);
  if (epochs <= from) return notMeasured({ test, statement, measure }, tooFewEpochs(from + 1, epochs));
  const changes = changesSince(arm, curve, from);
  const change = summarise(turned(changes, worse), samplingOf(study));
  const state = decide(change, margin);
  const [supports, contradicts] = worse === 1 ? ['above', 'below'] : ['below', 'above'];
  const sentences = [
    `${describeChange(arm, changes, from, one, study)}: ${changeWords(state, change)}.`,
    note,
    state === 'undecided' ? needText(change, scale, study, margin) : '',
  ];
  return {
    test,
    statement,
    state,
    measure,
    rule: `The 95 % interval over ${unitOf(study)}s: ${supports} zero supports the statement, ${contradicts} zero contradicts it, from six ${unitOf(study)}s on in which it is not zero; within ${marginText(scale, margin)} counts as equivalent, else undecided.`,
    numbers,
    sentence: sentences.filter((sentence) => sentence !== '').join(' '),
    p: change.spread?.p ?? null,
  };
}

const CHANGE_WORDS: Readonly<Record<ReturnType<typeof decide>, string>> = {
  supported: 'clear of zero, for the worse',
  contradicted: 'clear of zero, for the better',
  undecided: 'which way is not settled by these seeds',
  equivalent: 'no change that matters',
};

function changeWords(state: ReturnType<typeof decide>, change: PairedSummary): string {
  return state === 'undecided' && isOfTooFew(change) ? tooFewText(change) : CHANGE_WORDS[state];
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
