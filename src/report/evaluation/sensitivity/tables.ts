import type { Sensitivity } from '../../../analysis/sensitivity/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { fixed, grouped, percent } from '../../../study/wording.ts';
import type { Table } from '../../table.ts';
import type { SensitiveArm } from './summary.ts';
import { deadShare, flatShare, medianRelativeSlope } from '../../../analysis/sensitivity/measures.ts';
import { significant } from './summary.ts';

const share = (value: number): string => percent(value, 1);

export function slopesTable(arms: readonly SensitiveArm[], result: Sensitivity): Table {
  const { images, lipschitzImages, settings } = result;
  return {
    name: 'sensitivity',
    caption: `How strongly the answer depends on the pixels, for every network. Slopes are Euclidean norms over pixels counted from 0 (paper) to 1 (ink), means over ${grouped(images)} test images; the steepest slope nearby is the largest found within ${settings.lipschitz.radius} of each of ${grouped(lipschitzImages)} images (a local Lipschitz estimate, from below), and, divided by the lead at the image, the share of its lead that an answer can lose per unit of change.`,
    columns: [
      { label: 'Arm' },
      { label: 'Seed', format: String },
      { label: 'Slope of the loss', format: significant },
      { label: 'Slope of the lead', format: (value) => fixed(value, 2) },
      { label: 'Steepest nearby', format: (value) => fixed(value, 2) },
      { label: 'Steepest nearby over lead, median', format: (value) => fixed(value, 2) },
      { label: 'Straight-line distance, median', format: (value) => fixed(value, 2) },
      { label: 'Without a slope', format: share },
      { label: 'Flat outputs', format: share },
      { label: 'Dead units', format: share },
    ],
    rows: arms.flatMap(({ label, subjects }) =>
      subjects.map((subject) => {
        const { gradients, lipschitz, seed } = subject;
        return [
          label,
          seed,
          gradients.loss.mean,
          gradients.margin.mean,
          lipschitz.around.mean,
          medianRelativeSlope(subject),
          gradients.distance?.quantiles[2] ?? null,
          gradients.zero / images,
          flatShare(subject),
          deadShare(subject),
        ];
      }),
    ),
  };
}

export function unitsTable(arms: readonly SensitiveArm[], { images }: Sensitivity): Table {
  return {
    name: 'hidden-units',
    caption: `Hidden units on ${grouped(images)} test images, means over the networks of each arm. Flat: the activation’s slope is below 2 % of its largest (ReLU: the unit is off; Tanh: beyond ±.99). Dead: flat at the same end for every image.`,
    columns: [
      { label: 'Arm' },
      { label: 'Hidden layer', format: String },
      { label: 'Units', format: String },
      { label: 'Flat at the lower end', format: share },
      { label: 'Flat at the upper end', format: share },
      { label: 'Dead units', format: (value) => String(Number(value.toFixed(2))) },
    ],
    rows: arms.flatMap(({ label, subjects }) =>
      subjects[0].layers.map(({ layer, units }, k) => {
        const over = (of: 'low' | 'high' | 'dead'): number | null => {
          const values = subjects.flatMap(({ layers }) => layers[k][of] ?? []);
          return values.length === 0 ? null : mean(values);
        };
        return [label, layer, units, over('low'), over('high'), over('dead')];
      }),
    ),
  };
}
