import { mean, standardDeviation } from '../../stats/describe.ts';
import { armsOf, unitOf } from '../../study/arm.ts';
import { paperTestAccuracy } from '../../study/paper.ts';
import type { Results } from '../../study/results.ts';
import { fixed, percent } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** Test accuracy and loss of each activation over the seeds, the paper's single number beside them. */
export function summaryTable(results: Results): Table {
  const { study } = results;
  const arms = armsOf(results);
  const withPaper = arms.some((arm) => paperTestAccuracy(arm, results) !== null);
  const accuracy = (value: number) => percent(value);
  const points = (value: number) => percent(value);
  const loss = (value: number) => fixed(value, 4);
  return {
    name: 'summary',
    caption: `${study.split.kind === 'folds' ? 'Accuracy and loss on the images kept out' : 'Test accuracy and test loss'} by arm, over the ${unitOf(study)}s`,
    columns: [
      { label: 'Arm' },
      { label: 'Runs', format: (value) => fixed(value, 0) },
      { label: 'Mean accuracy', format: accuracy },
      { label: 'SD', format: points },
      { label: 'Min', format: accuracy },
      { label: 'Max', format: accuracy },
      { label: 'Mean loss', format: loss },
      { label: 'SD of loss', format: loss },
      ...(withPaper ? [{ label: 'Paper (one run)', format: accuracy }] : []),
    ],
    rows: arms.map((arm) => {
      const { label, trials } = arm;
      const accuracies = trials.map((trial) => trial.testAccuracy);
      const losses = trials.map((trial) => trial.testLoss);
      const spread = (values: readonly number[]) => (values.length < 2 ? null : standardDeviation(values));
      return [
        label,
        trials.length,
        mean(accuracies),
        spread(accuracies),
        Math.min(...accuracies),
        Math.max(...accuracies),
        mean(losses),
        spread(losses),
        ...(withPaper ? [paperTestAccuracy(arm, results)] : []),
      ];
    }),
  };
}
