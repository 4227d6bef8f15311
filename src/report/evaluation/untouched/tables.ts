import type { Untouched } from '../../../analysis/untouched/measure.ts';
import { fixed, grouped, percent, signed } from '../../../study/wording.ts';
import type { Cell, Column, Table } from '../../table.ts';
import { networksText, shownArms, unitsText } from './words.ts';

const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const points = (label: string): Column => ({ label, format: (value) => signed(100 * value, 2) });
const loss = (label: string): Column => ({ label, format: (value) => fixed(value, 4) });

export function armsTable(untouched: Untouched): Table {
  return {
    name: 'untouched-arms',
    caption: `Read correctly, and mean loss: ${grouped(untouched.testImages)} published test images and ${grouped(untouched.images)} by ${grouped(untouched.writers)} writers that nobody tuned on; ${networksText(untouched)}, 95 % intervals over ${unitsText(untouched)}`,
    columns: [
      { label: 'Arm' },
      { label: 'Networks', format: grouped },
      share('Published'),
      share('Untouched'),
      share('Low'),
      share('High'),
      points('Change, points'),
      points('Change, low'),
      points('Change, high'),
      loss('Loss, published'),
      loss('Loss, untouched'),
      loss('Loss, low'),
      loss('Loss, high'),
    ],
    rows: shownArms(untouched).map((arm): Cell[] => [
      arm.label,
      arm.networks.length,
      arm.testAccuracy,
      arm.accuracy,
      arm.error.interval && 1 - arm.error.interval[1],
      arm.error.interval && 1 - arm.error.interval[0],
      arm.change.mean,
      arm.change.low,
      arm.change.high,
      arm.testLoss,
      arm.loss.mean,
      arm.loss.low,
      arm.loss.high,
    ]),
  };
}
