import { armsOf, trialLabel } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { fixed, percent } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** Every run, its last epoch and its time. */
export function runsTable(results: Results): Table {
  const accuracy = (value: number) => percent(value);
  const loss = (value: number) => fixed(value, 4);
  const what = results.study.split.kind === 'folds' ? 'Kept-out' : 'Test';
  return {
    name: 'runs',
    caption: 'Every run after its last epoch',
    columns: [
      { label: 'Arm' },
      { label: 'Run' },
      { label: `${what} accuracy`, format: accuracy },
      { label: `${what} loss`, format: loss },
      { label: 'Training accuracy', format: accuracy },
      { label: 'Training loss', format: loss },
      { label: 'Validation accuracy', format: accuracy },
      { label: 'Validation loss', format: loss },
      { label: 'Seconds', format: (value) => fixed(value, 1) },
    ],
    rows: armsOf(results).flatMap(({ label, trials }) =>
      trials.map(({ seed, fold, testAccuracy, testLoss, history, seconds }) => [
        label,
        trialLabel({ seed, fold }, results.study),
        testAccuracy,
        testLoss,
        history.accuracy[history.accuracy.length - 1],
        history.loss[history.loss.length - 1],
        history.val_accuracy[history.val_accuracy.length - 1],
        history.val_loss[history.val_loss.length - 1],
        seconds,
      ]),
    ),
  };
}
