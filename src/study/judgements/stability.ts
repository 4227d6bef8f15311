import { standardDeviation } from '../../stats/describe.ts';
import { epochsOf, meanOf } from '../arm.ts';
import { PAPER } from '../paper.ts';
import type { StudyTrial } from '../results.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { judgeDifference, LOSS, notMeasured, tooFewEpochs } from '../verdict.ts';
import { fixed, signed } from '../wording.ts';

export const FLUCTUATION: Scale = {
  level: (value) => `${fixed(100 * value, 3)}\u00a0points`,
  difference: (value) => `${signed(100 * value, 3)}\u00a0points`,
  plain: (value) => signed(100 * value, 3),
};

/** Standard deviation (n − 1) of the changes from one epoch to the next, from the end of epoch `from` on: the initial climb is left out. */
export function fluctuation(values: readonly number[], from: number): number {
  return standardDeviation(values.slice(from).map((value, i) => value - values[from - 1 + i]));
}

/** C4, which the paper says both ways: each way is judged, so at most one of the two can be supported. */
export function judgeStability(arms: PaperArms): Verdict[] {
  const from = arms.study.rules.stabilityFrom;
  const epochs = epochsOf([arms.relu, arms.tanh]);
  const statements = [
    { statement: 'Tanh is the more stable', direction: 1 },
    { statement: 'ReLU is the more stable', direction: -1 },
  ] as const;
  const measure = `Standard deviation of the changes of validation accuracy from epoch to epoch, after epoch ${from}`;
  if (epochs < from + 2) {
    return statements.map(({ statement }) => notMeasured(statement, measure, tooFewEpochs(from + 2, epochs)));
  }
  const loss = (trial: StudyTrial) => fluctuation(trial.history.val_loss, from);
  const verdicts = statements.map(({ statement, direction }) =>
    judgeDifference(arms, {
      test: 'C4',
      statement,
      quantity: `the fluctuation of validation accuracy after epoch ${from}`,
      measure,
      scale: FLUCTUATION,
      direction,
      of: (trial) => fluctuation(trial.history.val_accuracy, from),
      numbers: [
        {
          label: 'the same of validation loss',
          value: `${LOSS.level(meanOf(arms.relu, loss))} v ${LOSS.level(meanOf(arms.tanh, loss))}`,
        },
        ...paperFluctuation(from),
      ],
    }),
  );
  const [first, second] = verdicts;
  return [first, { ...second, sentence: `The same comparison for the opposite statement: ${second.state}.` }];
}

function paperFluctuation(from: number): Verdict['numbers'] {
  const { relu, tanh } = PAPER.history;
  if (relu.val_accuracy.length < from + 2) return [];
  const [a, b] = [relu, tanh].map((history) => fluctuation(history.val_accuracy, from));
  return [{ label: 'paper, same window', value: `${fixed(100 * a, 3)} v ${FLUCTUATION.level(b)}` }];
}
