import type { LabelledErrors } from '../../../analysis/equity/labelledErrors.ts';
import type { Equity } from '../../../analysis/equity/measure.ts';
import type { RecipeEffect } from '../../../analysis/equity/mitigation.ts';
import { fixed, grouped, percent, signed } from '../../../study/wording.ts';
import type { Cell, Column, Table } from '../../table.ts';
import { pText } from '../../tables/statistics.ts';
import type { ShownArm } from './words.ts';
import { conditionsText, familyTitle, intervalText, seedsText, sliceName, tooFewText } from './words.ts';

const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const points = (label: string): Column => ({ label, format: (value) => signed(100 * value, 2) });
const plain = (label: string): Column => ({ label, format: (value) => fixed(value, 2) });
const p = (label: string): Column => ({ label, format: pText });
const count = (label: string): Column => ({ label, format: grouped });

/** Every group of every arm, by original and by corrected labels, with gap and ratio. */
export function groupsTable(equity: Equity, arms: readonly ShownArm[]): Table {
  const rowsOf = (arm: ShownArm, labels: string, errors: LabelledErrors): Cell[][] =>
    equity.families.flatMap(({ name }, f) =>
      errors.rates[f].map((rate, s) => {
        const gap = errors.gaps[f][s] as LabelledErrors['gaps'][number][number] | undefined;
        return [
          arm.label,
          labels,
          familyTitle(name),
          sliceName(name, s),
          rate.images,
          ...(equity.writers === null ? [] : [rate.writers]),
          rate.rate,
          rate.interval?.[0] ?? null,
          rate.interval?.[1] ?? null,
          gap?.difference ?? null,
          gap?.differenceInterval?.[0] ?? null,
          gap?.differenceInterval?.[1] ?? null,
          gap?.ratio ?? null,
          gap?.ratioInterval?.[0] ?? null,
          gap?.ratioInterval?.[1] ?? null,
          gap?.p ?? null,
          gap?.holm ?? null,
          rate.interval === null ? tooFewText(rate) : '',
        ];
      }),
    );
  return {
    name: 'equity-groups',
    caption: `Error rates by group, ${seedsText(equity)}, and each group against all other images; 95 % intervals over ${intervalText(equity)}; p by Holm is corrected for all comparisons of an arm and its labels. The populations are compared once, students less employees`,
    columns: [
      { label: 'Arm' },
      { label: 'Labels' },
      { label: 'By' },
      { label: 'Group' },
      count('Images'),
      ...(equity.writers === null ? [] : [count('Writers')]),
      share('Error'),
      share('Low'),
      share('High'),
      points('Gap, points'),
      points('Gap low'),
      points('Gap high'),
      plain('Ratio'),
      plain('Ratio low'),
      plain('Ratio high'),
      p('p'),
      p('p, Holm'),
      { label: 'Note' },
    ],
    rows: arms.flatMap((arm) => [
      ...rowsOf(arm, 'original', arm.original),
      ...(arm.corrected === null ? [] : rowsOf(arm, 'corrected', arm.corrected)),
    ]),
  };
}

export function worstTable(arms: readonly ShownArm[]): Table {
  return {
    name: 'equity-worst',
    caption:
      'The worst slices found by a decision tree on one half of the test images, and measured on the other half; what the search saw is too high by selection',
    columns: [
      { label: 'Arm' },
      { label: 'Slice' },
      count('Found on'),
      share('Error there'),
      count('Held out'),
      share('Error'),
      share('Low'),
      share('High'),
      points('Gap, points'),
      points('Gap low'),
      points('Gap high'),
      p('p, Holm'),
      { label: 'Holds up' },
      share('Error, corrected labels'),
      share('Others, corrected labels'),
    ],
    rows: arms.flatMap(({ label, worst }) =>
      worst.slices.map(({ conditions, found, heldOut, corrected, gap, real }) => [
        label,
        conditionsText(conditions),
        found.images,
        found.rate,
        heldOut.images,
        heldOut.rate,
        heldOut.interval?.[0] ?? null,
        heldOut.interval?.[1] ?? null,
        gap.difference,
        gap.differenceInterval?.[0] ?? null,
        gap.differenceInterval?.[1] ?? null,
        gap.holm,
        gap.holm === null ? 'too few images' : real ? 'yes' : 'no',
        corrected?.rate ?? null,
        corrected?.others ?? null,
      ]),
    ),
  };
}

export function mitigationTable(effects: readonly RecipeEffect[], arms: readonly ShownArm[]): Table {
  const labelOf = (name: string) => arms.find(({ arm }) => arm === name)!.label;
  return {
    name: 'equity-mitigation',
    caption:
      'What another recipe changes, paired by seed, in percentage points, with 95 % intervals over seeds; a range is the worst slice of a family less the best, of each network',
    columns: [
      { label: 'Recipe' },
      { label: 'Instead of' },
      { label: 'Change of' },
      count('Pairs'),
      points('Mean'),
      points('Low'),
      points('High'),
    ],
    rows: effects.flatMap(({ arm, baseline, pairs, error, population, ranges }) => {
      const row = (what: string, change: typeof error): Cell[] => [
        labelOf(arm),
        labelOf(baseline),
        what,
        pairs,
        change.mean,
        change.interval?.[0] ?? null,
        change.interval?.[1] ?? null,
      ];
      return [
        row('error, all images', error),
        ...(population === null
          ? []
          : [
              row('error, students', population.students),
              row('error, employees', population.employees),
              row('gap, students − employees', population.gap),
            ]),
        ...ranges.flatMap(({ family, change }) =>
          change === null || family === 'population'
            ? []
            : [row(`range by ${familyTitle(family).toLowerCase()}`, change)],
        ),
      ];
    }),
  };
}
