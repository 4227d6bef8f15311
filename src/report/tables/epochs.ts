import { armsOf, meanCurve, unitOf } from '../../study/arm.ts';
import { paperHistory } from '../../study/paper.ts';
import type { Results, StudyTrial } from '../../study/results.ts';
import { fixed, percent } from '../../study/wording.ts';
import type { Column, Table } from '../table.ts';

const CURVES = [
  'accuracy',
  'loss',
  'val_accuracy',
  'val_loss',
] as const satisfies (keyof StudyTrial['history'])[];

/** Means over the ${unitOf(results.study)}s after each epoch, beside the paper's reported run where it is comparable. */
export function epochsTable(results: Results): Table {
  const arms = armsOf(results);
  const histories = arms.map((arm) => paperHistory(arm, results));
  const means = arms.map(({ trials }) =>
    CURVES.map((curve) => meanCurve(trials.map(({ history }) => history[curve]))),
  );
  const withPaper = histories.some((history) => history !== null);
  const column = (label: string, loss: boolean): Column => ({
    label,
    format: loss ? (value) => fixed(value, 4) : (value) => percent(value),
  });
  const labels = ['Accuracy', 'Loss', 'Val. accuracy', 'Val. loss'];
  return {
    name: 'epochs',
    caption: `Means over the ${unitOf(results.study)}s after each epoch${withPaper ? ", and the paper's one run" : ''}`,
    columns: [
      { label: 'Arm' },
      { label: 'Epoch', format: (value) => fixed(value, 0) },
      ...labels.map((label, i) => column(label, i % 2 === 1)),
      ...(withPaper ? labels.map((label, i) => column(`Paper: ${label.toLowerCase()}`, i % 2 === 1)) : []),
    ],
    rows: arms.flatMap((arm, a) =>
      Array.from({ length: means[a][0].length }, (_, epoch) => [
        arm.label,
        epoch + 1,
        ...means[a].map((curve) => curve[epoch]),
        ...(withPaper ? CURVES.map((curve) => histories[a]?.[curve][epoch] ?? null) : []),
      ]),
    ),
  };
}
