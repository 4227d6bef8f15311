import * as Plot from '@observablehq/plot';
import { capitalised, countOf, listOf, percent } from '../../study/wording.ts';
import type { TuningResults } from '../../study/tuning/results.ts';
import { PARAMETER_NAMES } from '../../study/tuning/space.ts';
import { compose, type Figure, type FigureContext, FIGURE_WIDTH, labelMargin } from '../figures/figure.ts';
import type { SearchedArm } from './facts.ts';

const ROW = 26;

const share = (x: number): string => percent(x / 100, x < 10 ? 1 : 0);

/** Share of the order of the configurations that goes with each parameter alone, an arm, with what chance reaches. */
export function importanceFigure(results: TuningResults, arm: SearchedArm, context: FigureContext): Figure {
  const { theme } = context;
  const { parameters, shares, chance, points } = arm.importance!;
  const colour = theme.arm(arm.colour);
  const rows = parameters
    .map((parameter, k) => ({
      name: PARAMETER_NAMES[parameter],
      x: 100 * shares[k],
      chance: 100 * chance[k],
    }))
    .sort((a, b) => b.x - a.x);
  const high = Math.max(...rows.flatMap((row) => [row.x, row.chance])) * 1.15;
  return compose(context, {
    name: `importance-${arm.name}`,
    title: `${arm.label}: what mattered`,
    subtitle: `Share of the order of ${countOf(points, 'configuration')} after ${countOf(results.tuning.rungs[0], 'epoch')} that goes with each parameter alone. A dot left of its tick, or near it, may be chance.`,
    alt: `Importance for ${arm.label}: ${capitalised(listOf(rows.map(({ name, x }) => `${name} ${percent(x / 100, 0)}`)))}.`,
    width: FIGURE_WIDTH,
    height: 48 + ROW * rows.length,
    legend: [
      { kind: 'mark', label: 'parameter', colour, shape: 'dot' },
      { kind: 'mark', label: 'chance stays below, 19 times of 20', colour: theme.ink, shape: 'tick' },
    ],
    plot: {
      marginTop: 6,
      marginBottom: 40,
      marginLeft: labelMargin(
        rows.map(({ name }) => name),
        96,
      ),
      marginRight: 40,
      x: { domain: [0, high], label: null },
      y: { domain: rows.map(({ name }) => name), label: null, type: 'band', padding: 0 },
      marks: [
        Plot.gridX({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 4,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, 0),
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 13 }),
        Plot.ruleY(rows, { y: 'name', x1: 0, x2: 'x', stroke: colour, strokeWidth: 2 }),
        Plot.tickX(rows, {
          x: 'chance',
          y: 'name',
          stroke: theme.ink,
          strokeWidth: 2.5,
          insetTop: 5,
          insetBottom: 5,
        }),
        Plot.dot(rows, { x: 'x', y: 'name', r: 5, fill: colour }),
        Plot.text(rows, {
          x: ({ x, chance: tick }: { x: number; chance: number }) => Math.max(x, tick),
          y: 'name',
          text: ({ x }: { x: number }) => share(x),
          dx: 9,
          textAnchor: 'start',
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 3,
          fontSize: 12,
        }),
      ],
    },
  });
}
