import { grouped, percent, signed } from '../../../study/wording.ts';
import type { Cell, Column, Table } from '../../table.ts';
import { pText } from '../../tables/statistics.ts';
import { groupName, shownGroups } from './groupsFigure.ts';
import { type Drawings, networksText, type ShownArm, unitsText } from './words.ts';

const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const points = (label: string): Column => ({ label, format: (value) => signed(100 * value, 2) });
const count = (label: string): Column => ({ label, format: grouped });

export function armsTable(drawings: Drawings, arms: readonly ShownArm[]): Table {
  return {
    name: 'drawings-arms',
    caption: `Read correctly: ${grouped(drawings.testImages)} test images and ${grouped(drawings.images)} drawings by ${grouped(drawings.writers)} people, and what is lost in percentage points; ${networksText(drawings)}, 95 % intervals over ${unitsText(drawings)}, the test images being given`,
    columns: [
      { label: 'Arm' },
      count('Networks'),
      share('Test images'),
      share('Drawings'),
      share('Low'),
      share('High'),
      points('Lost'),
      points('Lost, low'),
      points('Lost, high'),
      share('Median writer'),
    ],
    rows: arms.map(({ label, networks, testError, error, loss, byWriter }): Cell[] => [
      label,
      networks.length,
      1 - testError,
      1 - (error.rate ?? 1),
      error.interval && 1 - error.interval[1],
      error.interval && 1 - error.interval[0],
      loss.mean,
      loss.low,
      loss.high,
      byWriter && 1 - byWriter.quantiles[1],
    ]),
  };
}

export function groupsTable(drawings: Drawings, arms: readonly ShownArm[]): Table {
  const kinds = ['digits', 'sources'] as const;
  return {
    name: 'drawings-groups',
    caption: `Misread drawings by digit and by place of collection, and each group against all other drawings; ${networksText(drawings)}, 95 % intervals over ${unitsText(drawings)}; p by Holm is corrected for all comparisons of an arm`,
    columns: [
      { label: 'Arm' },
      { label: 'By' },
      { label: 'Group' },
      count('Drawings'),
      count('Writers'),
      share('Misread'),
      share('Low'),
      share('High'),
      points('Gap, points'),
      { label: 'p by Holm', format: pText },
    ],
    rows: arms.flatMap((arm) =>
      kinds.flatMap((kind) =>
        shownGroups(drawings, kind).map((g): Cell[] => {
          const { images, writers, rate, interval } = arm[kind][g];
          const { difference, holm } = arm.gaps[kind][g];
          return [
            arm.label,
            kind === 'digits' ? 'digit' : 'place',
            groupName(drawings, kind, g),
            images,
            writers,
            rate,
            interval?.[0] ?? null,
            interval?.[1] ?? null,
            difference,
            holm,
          ];
        }),
      ),
    ),
  };
}
