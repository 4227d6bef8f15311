import { standardDeviation } from '../../stats/describe.ts';
import { epochsOf } from '../arm.ts';
import { PAPER } from '../paper.ts';
import type { PaperArms, Scale, Verdict } from '../verdict.ts';
import { judgeDifference, notMeasured, tooFewEpochs } from '../verdict.ts';
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

const LOSS_FLUCTUATION: Scale = {
  level: (value) => `${fixed(value, 4)}\u00a0nats`,
  difference: (value) => `${signed(value, 4)}\u00a0nats`,
  plain: (value) => signed(value, 4),
};

const CURVES = [
  { curve: 'val_accuracy', of: 'accuracy', scale: FLUCTUATION },
  { curve: 'val_loss', of: 'loss', scale: LOSS_FLUCTUATION },
] as const;

/** C4, which the paper says both ways, of accuracy and of loss. The two ways are one test: the second is the first turned round. */
export function judgeStability(arms: PaperArms): Verdict[] {
  return CURVES.flatMap((one) => judgeCurve(arms, one));
}

function judgeCurve(arms: PaperArms, { curve, of, scale }: (typeof CURVES)[number]): Verdict[] {
  const from = arms.rules.stabilityFrom;
  const epochs = epochsOf([arms.relu, arms.tanh]);
  const ways = [
    { statement: `Tanh is the more stable in validation ${of}`, direction: 1 },
    { statement: `ReLU is the more stable in validation ${of}`, direction: -1 },
  ] as const;
  const shared = {
    test: `C4 ${of}`,
    measure: `Standard deviation of the changes of validation ${of} from epoch to epoch, after epoch ${from}`,
  };
  if (epochs < from + 2) {
    return ways.map(({ statement }) => notMeasured({ ...shared, statement }, tooFewEpochs(from + 2, epochs)));
  }
  const [first, second] = ways.map((way) =>
    judgeDifference(arms, {
      ...shared,
      ...way,
      quantity: `the fluctuation of validation ${of} after epoch ${from}`,
      scale,
      of: ({ history }) => fluctuation(history[curve], from),
      numbers: paperFluctuation(curve, from, scale),
    }),
  );
  return [first, { ...second, sentence: 'The same test as above, of the opposite statement.' }];
}

function paperFluctuation(
  curve: 'val_accuracy' | 'val_loss',
  from: number,
  scale: Scale,
): Verdict['numbers'] {
  const { relu, tanh } = PAPER.history;
  if (relu[curve].length < from + 2) return [];
  const [a, b] = [relu, tanh].map((history) => scale.level(fluctuation(history[curve], from)));
  return [{ label: 'paper, same window', value: `${a} v ${b}` }];
}
