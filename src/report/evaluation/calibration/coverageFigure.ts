import * as Plot from '@observablehq/plot';
import { capitalised, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from '../../figures/figure.ts';
import { shortName, wordsIn } from '../../dataWords.ts';
import { type ArmRuns, type Estimate, MAIN_ALPHA, setsOfArm } from './arms.ts';

const ROW = 24;

interface Row {
  readonly row: string;
  readonly x: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Share of sets that hold the true class, for all images, each class and each population: one quantile for all, and one for each class. */
export function coverageFigure(arm: ArmRuns, groups: readonly string[], context: FigureContext): Figure {
  const { theme } = context;
  const colour = theme.arm(arm.activation);
  const words = wordsIn(arm);
  const { one } = words;
  const plain = setsOfArm(arm, 'lac', MAIN_ALPHA)!;
  const byClass = setsOfArm(arm, 'lac-by-class', MAIN_ALPHA)!;
  const rowsOf = ({ coverage, byClass: classes, byGroup }: typeof plain): Row[] => {
    const row = (name: string, { mean, low, high }: Estimate): Row => ({ row: name, x: mean, low, high });
    return [
      row('all images', coverage),
      ...classes.map((covered, label) =>
        row(one === 'digit' ? `digit ${label}` : shortName(words, label), covered),
      ),
      ...(groups.length > 1 ? byGroup.map((one, g) => row(groups[g], one)) : []),
    ].filter(({ x }) => !Number.isNaN(x));
  };
  const first = rowsOf(plain);
  const second = rowsOf(byClass);
  const ends = [...first, ...second].flatMap(({ x, low, high }) => [x, low ?? x, high ?? x]);
  const low = Math.min(1 - MAIN_ALPHA, ...ends);
  const high = Math.max(...ends);
  const pad = 0.04 * (high - low || 0.01);
  const dot = { x: 'x', y: 'row', r: 4.5, stroke: theme.surface, strokeWidth: 1.25 } as const;
  return compose(context, {
    name: `coverage-${arm.arm}`,
    title: `Is the promise of ${percent(1 - MAIN_ALPHA, 0)} kept for everybody? ${arm.label}`,
    subtitle: `Share of sets that hold the true ${one}. Left of the line: less often than promised. Lines: 95\u00a0% for as many images as there are; where they cross the line, it may be chance.`,
    alt: `Share of the sets of ${arm.label} that hold the true ${one}, promised ${percent(1 - MAIN_ALPHA, 0)}. With one threshold: ${listOf(first.map(({ row, x }) => `${row} ${percent(x, 1)}`))}. With a threshold for each ${one}: ${listOf(second.map(({ row, x }) => `${row} ${percent(x, 1)}`))}.`,
    width: FIGURE_WIDTH,
    height: 62 + ROW * first.length,
    legend: [
      { kind: 'mark', label: 'one threshold for all', colour, shape: 'dot' },
      { kind: 'mark', label: `a threshold for each ${one}`, colour: theme.ink, shape: 'dot' },
    ],
    plot: {
      marginTop: 8,
      marginBottom: 44,
      marginLeft: labelMargin(
        first.map(({ row }) => row),
        88,
      ),
      marginRight: 14,
      x: { domain: [low - pad, Math.min(1.002, high + pad)], label: null },
      y: { domain: first.map(({ row }) => row), label: null, type: 'band', padding: 0 },
      marks: [
        Plot.gridX({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX([1 - MAIN_ALPHA], { stroke: theme.ink, strokeWidth: 1.25 }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, high - low < 0.05 ? 1 : 0),
          label: `share of sets that hold the true ${one}`,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 13, tickFormat: capitalised }),
        ...[
          { rows: first, fill: colour, dy: -4 },
          { rows: second, fill: theme.ink, dy: 4 },
        ].flatMap(({ rows, fill, dy }) => [
          Plot.link(rows, {
            x1: 'low',
            x2: 'high',
            y1: 'row',
            y2: 'row',
            stroke: fill,
            strokeWidth: 1.5,
            dy,
          }),
          Plot.dot(rows, { ...dot, fill, dy }),
        ]),
      ],
    },
  });
}
