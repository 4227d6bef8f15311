import { standardDeviation } from '../../stats/describe.ts';
import { meanOf } from '../arm.ts';
import type { TrialResult } from '../results.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { judgeDifference, LOSS, notMeasured } from '../verdict.ts';
import { fixed, signed } from '../wording.ts';

/** The initial climb is left out: only changes from the end of this epoch on count. */
export const SETTLED_FROM = 4;

export const FLUCTUATION: Scale = {
  level: (value) => `${fixed(100 * value, 3)}\u00a0points`,
  difference: (value) => `${signed(100 * value, 3)}\u00a0points`,
  plain: (value) => signed(100 * value, 3),
};

/** Standard deviation (n − 1) of the changes from one epoch to the next, from the end of epoch `from` on. */
export function fluctuation(values: readonly number[], from = SETTLED_FROM): number {
  return standardDeviation(values.slice(from).map((value, i) => value - values[from - 1 + i]));
}

/** C4, which the paper says both ways: each way is judged, so at most one of the two can be supported. */
export function judgeStability(arms: PaperArms): Verdict[] {
  const { epochs } = arms.configuration;
  const statements = [
    { statement: 'Tanh is the more stable', direction: 1 },
    { statement: 'ReLU is the more stable', direction: -1 },
  ] as const;
  const measure = `Standard deviation of the changes of validation accuracy from epoch to epoch, after epoch ${SETTLED_FROM}`;
  if (epochs < SETTLED_FROM + 2) {
    return statements.map(({ statement }) =>
      notMeasured(
        statement,
        measure,
        `Needs at least ${SETTLED_FROM + 2} epochs; these runs have ${epochs}.`,
      ),
    );
  }
  const loss = (trial: TrialResult) => fluctuation(trial.history.val_loss);
  const verdicts = statements.map(({ statement, direction }) =>
    judgeDifference(arms, {
      statement,
      quantity: `the fluctuation of validation accuracy after epoch ${SETTLED_FROM}`,
      measure,
      scale: FLUCTUATION,
      direction,
      of: (trial) => fluctuation(trial.history.val_accuracy),
      numbers: [
        {
          label: 'the same of validation loss',
          value: `${LOSS.level(meanOf(arms.relu, loss))} v ${LOSS.level(meanOf(arms.tanh, loss))}`,
        },
        { label: 'paper, same window', value: '0.305 v 0.378\u00a0points' },
      ],
    }),
  );
  const [first, second] = verdicts;
  return [first, { ...second, sentence: `The same comparison for the opposite statement: ${second.state}.` }];
}
