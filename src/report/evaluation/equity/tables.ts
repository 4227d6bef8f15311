import type { LabelledErrors } from '../../../analysis/equity/labelledErrors.ts';
import type { Equity } from '../../../analysis/equity/measure.ts';
import type { CrossedChange, PairedChange, RecipeEffect } from '../../../analysis/equity/mitigation.ts';
import { fixed, grouped, percent, signed } from '../../../study/wording.ts';
import type { Cell, Column, Table } from '../../table.ts';
import { pText } from '../../tables/statistics.ts';
import type { ShownArm, Sources } from './words.ts';
import { conditionsText, familyTitle, intervalText, seedsText, sliceName, tooFewText } from './words.ts';
import type { Worded } from '../../dataWords.ts';

const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const points = (label: string): Column => ({ label, format: (value) => signed(100 * value, 2) });
const plain = (label: string): Column => ({ label, format: (value) => fixed(value, 2) });
const p = (label: string): Column => ({ label, format: pText });
const change = (label: string): Column => ({ label, format: (value) => signed(value, 2) });
const count = (label: string): Column => ({ label, format: grouped });

/** Every group of every arm, by original and by corrected labels, with gap and ratio. */
export function groupsTable(equity: Equity & Worded, arms: readonly ShownArm[]): Table {
  const rowsOf = (arm: ShownArm, labels: string, errors: LabelledErrors): Cell[][] =>
    equity.families.flatMap(({ name }, f) =>
      errors.rates[f].map((rate, s) => {
        const gap = errors.gaps[f][s] as LabelledErrors['gaps'][number][number] | undefined;
        return [
          arm.label,
          labels,
          familyTitle(name, equity),
          sliceName(name, s, equity),
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

export function worstTable(arms: readonly ShownArm[], worded: Worded = {}): Table {
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
        conditionsText(conditions, worded),
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

export function mitigationTable(
  effects: readonly RecipeEffect[],
  arms: readonly ShownArm[],
  { writers }: Sources,
): Table {
  const labelOf = (name: string) => arms.find(({ arm }) => arm === name)!.label;
  const units = writers === null ? 'images' : 'writers';
  return {
    name: 'equity-mitigation',
    caption: `What another recipe changes, paired by seed, in percentage points (the ratio of error rates: as it is), with 95 % intervals over seeds and ${units} at once and over seeds alone, on these images; a range is the worst slice of a family less the best, of each network`,
    columns: [
      { label: 'Recipe' },
      { label: 'Instead of' },
      { label: 'Change of' },
      count('Pairs'),
      change('Before'),
      change('After'),
      change('Mean'),
      change(`Low, seeds and ${units}`),
      change('High'),
      change('Low, seeds'),
      change('High'),
    ],
    rows: effects.flatMap(({ arm, baseline, pairs, error, population, ranges }) => {
      const named = (what: string): Cell[] => [labelOf(arm), labelOf(baseline), what, pairs];
      const row = (
        what: string,
        { mean, interval, crossed }: PairedChange & Partial<CrossedChange>,
        span = ends(null),
      ): Cell[] => [
        ...named(what),
        ...[...span, mean, ...ends(crossed), ...ends(interval)].map((value) => value && 100 * value),
      ];
      return [
        row('error, all images', error),
        ...(population === null
          ? []
          : [
              row('error, students', population.students),
              row('error, employees', population.employees),
              row('gap, students − employees', population.gap, [population.gapBefore, population.gapAfter]),
              ...(population.ratio === null
                ? []
                : [
                    [
                      ...named('ratio, students ÷ employees'),
                      population.ratio.before,
                      population.ratio.after,
                      population.ratio.after - population.ratio.before,
                      ...ends(population.ratio.crossed),
                      ...ends(null),
                    ],
                  ]),
            ]),
        ...ranges.flatMap((range) =>
          range.change === null || range.family === 'population'
            ? []
            : [row(`range by ${familyTitle(range.family).toLowerCase()}`, range.change)],
        ),
      ];
    }),
  };
}

function ends(interval: readonly [number, number] | null | undefined): readonly (number | null)[] {
  return interval ?? [null, null];
}
