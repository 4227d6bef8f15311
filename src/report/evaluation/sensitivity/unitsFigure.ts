import * as Plot from '@observablehq/plot';
import { mean } from '../../../stats/describe.ts';
import { countOf, grouped, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin, TEXT_SIZE } from '../../figures/figure.ts';
import { seedsText } from '../adversarial/arms.ts';
import { flatKind, type SensitiveArm } from './summary.ts';

const ROW = 34;

/** Share of flat outputs in each hidden layer, lower and upper end, and of dead units. */
export function unitsFigure(arms: readonly SensitiveArm[], images: number, context: FigureContext): Figure {
  const { theme } = context;
  const rows = arms.flatMap((arm) =>
    arm.subjects[0].layers.flatMap(({ low }, layer) => {
      if (low === null) return [];
      const over = (of: 'low' | 'high' | 'dead') =>
        mean(arm.subjects.map(({ layers }) => layers[layer][of] ?? 0));
      const { units } = arm.subjects[0].layers[layer];
      return {
        row: `${arm.label}, layer ${layer + 1}`,
        colour: theme.arm(arm.colour),
        low: over('low'),
        total: over('low') + over('high'),
        dead: over('dead'),
        units,
      };
    }),
  );
  return compose(context, {
    name: 'flat-units',
    title: 'How often a hidden unit passes on no change',
    subtitle: `Share of the outputs where the unit hardly reacts to its input. ${meaningOf(arms)} ${grouped(images)} test images, ${seedsText(arms)}.`,
    alt: `Outputs of hidden units that hardly react: ${listOf(
      rows.map(
        ({ row, low, total, dead, units }) =>
          `${row} ${percent(total, 0)}${total > low ? ` (${percent(low, 0)} at the lower end)` : ''}, ${Number(dead.toFixed(1))} of ${countOf(units, 'unit')} on every image`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: 54 + ROW * rows.length,
    plot: {
      marginTop: 6,
      marginBottom: 46,
      marginLeft: labelMargin(
        rows.map(({ row }) => row),
        90,
      ),
      marginRight: 104,
      x: { domain: [0, 1], label: null },
      y: { domain: rows.map(({ row }) => row), label: null, type: 'band', padding: 0.3 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 4,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
          label: 'share of all outputs, units × images',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: TEXT_SIZE }),
        Plot.barX(rows, { x1: 0, x2: 'low', y: 'row', fill: 'colour' }),
        Plot.barX(rows, { x1: 'low', x2: 'total', y: 'row', fill: 'colour', fillOpacity: 0.45 }),
        Plot.text(rows, {
          x: () => 1,
          y: 'row',
          text: ({ dead, units }: { dead: number; units: number }) =>
            `${Number(dead.toFixed(1))} of ${units} dead`,
          textAnchor: 'start',
          dx: 8,
          fontSize: 12,
          fill: theme.muted,
        }),
      ],
    },
  });
}

/** What flat means for these arms. */
function meaningOf(arms: readonly SensitiveArm[]): string {
  const [open, bounded, both] = (['open', 'bounded', 'both'] as const).map((kind) =>
    listOf(arms.filter((arm) => flatKind(arm) === kind).map(({ label }) => label)),
  );
  return [
    ...(open === '' ? [] : [`${open}: switched off, which is how it works.`]),
    ...(bounded === '' ? [] : [`${bounded}: saturated at the lower (full colour) or the upper end (pale).`]),
    ...(both === '' ? [] : [`${both}: switched off or saturated, as the activation of the layer has it.`]),
  ].join(' ');
}
