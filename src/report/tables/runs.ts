import { armsOf } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { activationName, fixed, percent } from '../../study/wording.ts';
import type { Table } from '../table.ts';

/** Every run, its last epoch and its time. */
export function runsTable(results: Results): Table {
  const accuracy = (value: number) => percent(value);
  const loss = (value: number) => fixed(value, 4);
  return {
    name: 'runs',
    caption: 'Every run after its last epoch',
    columns: [
      { label: 'Activation' },
      { label: 'Seed', format: (value) => fixed(value, 0) },
      { label: 'Test accuracy', format: accuracy },
      { label: 'Test loss', format: loss },
      { label: 'Training accuracy', format: accuracy },
      { label: 'Training loss', format: loss },
      { label: 'Validation accuracy', format: accuracy },
      { label: 'Validation loss', format: loss },
      { label: 'Seconds', format: (value) => fixed(value, 1) },
    ],
    rows: armsOf(results).flatMap(({ activation, trials }) =>
      trials.map(({ seed, testAccuracy, testLoss, history, seconds }) => [
        activationName(activation),
        seed,
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
