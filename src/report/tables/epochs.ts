import { armsOf, meanOf } from '../../study/arm.ts';
import { paperHistory } from '../../study/paper.ts';
import type { Results, TrialResult } from '../../study/results.ts';
import { activationName, fixed, percent } from '../../study/wording.ts';
import type { Column, Table } from '../table.ts';

const CURVES = [
  'accuracy',
  'loss',
  'val_accuracy',
  'val_loss',
] as const satisfies (keyof TrialResult['history'])[];

/** Means over the seeds after each epoch, beside the paper's reported run where it is comparable. */
export function epochsTable({ configuration, ...rest }: Results): Table {
  const arms = armsOf({ configuration, ...rest });
  const histories = arms.map(({ activation }) => paperHistory(activation, configuration));
  const withPaper = histories.some((history) => history !== null);
  const column = (label: string, loss: boolean): Column => ({
    label,
    format: loss ? (value) => fixed(value, 4) : (value) => percent(value),
  });
  const labels = ['Accuracy', 'Loss', 'Val. accuracy', 'Val. loss'];
  return {
    name: 'epochs',
    caption: `Means over the seeds after each epoch${withPaper ? ", and the paper's one run" : ''}`,
    columns: [
      { label: 'Activation' },
      { label: 'Epoch', format: (value) => fixed(value, 0) },
      ...labels.map((label, i) => column(label, i % 2 === 1)),
      ...(withPaper ? labels.map((label, i) => column(`Paper: ${label.toLowerCase()}`, i % 2 === 1)) : []),
    ],
    rows: arms.flatMap((arm, a) =>
      Array.from({ length: configuration.epochs }, (_, epoch) => [
        activationName(arm.activation),
        epoch + 1,
        ...CURVES.map((curve) => meanOf(arm, (trial) => trial.history[curve][epoch])),
        ...(withPaper ? CURVES.map((curve) => histories[a]?.[curve][epoch] ?? null) : []),
      ]),
    ),
  };
}
