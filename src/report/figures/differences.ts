import * as Plot from '@observablehq/plot';
import type { Arm } from '../../study/arm.ts';
import { samplingOf, pairedDifferences, pairUnit } from '../../study/arm.ts';
import type { Study } from '../../study/configuration.ts';
import { summarise } from '../../study/decision.ts';
import { countOf, listOf, points, signed } from '../../study/wording.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from './figure.ts';

export interface DifferencesData {
  readonly study: Study;
  readonly first: Arm;
  /** Each is compared with `first`. */
  readonly others: readonly Arm[];
  /** The paper's single difference, first − other, for the one other arm; null where there is none. */
  readonly paper: number | null;
}

const MEAN_ROW = 'mean';
const PAPER_ROW = 'paper';
const ROW = 30;
/** Many dots of one row lie on this many levels, so that few of them meet. */
const LEVELS = 5;
const MOST_ROWS = 12;

/**
 * Test accuracy of `first` minus another arm, seed by seed, with the 95 % interval of the mean, zero, and the region
 * of practical equivalence. One other arm: a row for each seed. Several, or many seeds: a row for each arm.
 */
export function differencesFigure(
  { study, first, others, paper }: DifferencesData,
  context: FigureContext,
): Figure {
  const { rope } = study.rules;
  const unit = pairUnit(study);
  const { theme } = context;
  const firstName = first.label;
  const rows = others.map((other) => {
    const differences = pairedDifferences(first, other, (trial) => trial.testAccuracy);
    return {
      other,
      name: other.label,
      row: others.length === 1 ? `each ${unit}` : other.label,
      differences,
      summary: summarise(
        differences.map(({ difference }) => difference),
        samplingOf(study),
      ),
    };
  });
  const bySeed = rows.length === 1 && rows[0].differences.length <= MOST_ROWS;
  const dots = rows.flatMap(({ row, differences }) =>
    differences.map(({ label, difference }) => ({ row: bySeed ? label : row, x: 100 * difference })),
  );
  const means = rows.map(({ row, summary }) => ({
    row: bySeed ? MEAN_ROW : row,
    x: 100 * summary.mean,
    low: summary.spread === null ? null : 100 * summary.spread.low,
    high: summary.spread === null ? null : 100 * summary.spread.high,
  }));
  const shownPaper = rows.length === 1 && paper !== null ? 100 * paper : null;
  const domain = bySeed
    ? [...dots.map(({ row }) => row), MEAN_ROW, ...(shownPaper === null ? [] : [PAPER_ROW])]
    : [...rows.map(({ row }) => row), ...(shownPaper === null ? [] : [PAPER_ROW])];
  const levels = !bySeed && dots.length > MOST_ROWS * rows.length ? LEVELS : 1;
  const rowHeight = bySeed ? ROW : levels === 1 ? ROW + 8 : ROW + 8 * LEVELS;
  const extent = [
    0,
    100 * rope,
    -100 * rope,
    ...dots.map(({ x }) => x),
    ...means.flatMap(({ low, high }) => [low ?? 0, high ?? 0]),
    ...(shownPaper === null ? [] : [shownPaper]),
  ];
  const low = Math.min(...extent);
  const high = Math.max(...extent);
  const pad = 0.06 * (high - low);
  const intervals = means.filter(({ low }) => low !== null);
  const height = 66 + rowHeight * domain.length;
  const against = rows.length === 1 ? rows[0].name : 'another arm';
  return compose(context, {
    name: 'accuracy-differences',
    title: `${unit === 'seed' ? 'Test accuracy' : 'Accuracy on kept-out folds'}, ${firstName} minus ${rows.length === 1 ? rows[0].name : 'each other arm'}`,
    subtitle: `Paired by ${unit}, in percentage points; right of zero ${firstName} is better, left of it ${against}.`,
    alt:
      listOf(
        rows.map(
          ({ name, differences, summary }) =>
            `${firstName} minus ${name} over ${countOf(differences.length, unit)}: mean difference ${points(summary.mean)}${
              summary.spread === null
                ? ', no interval'
                : `, 95\u00a0% interval ${signed(100 * summary.spread.low, 2)} to ${points(summary.spread.high)}`
            }${bySeed ? `; by ${unit} ${listOf(differences.map(({ difference }) => signed(100 * difference, 2)))}` : ''}`,
        ),
      ) +
      (shownPaper === null
        ? '.'
        : `. The paper's single pair of runs: ${signed(shownPaper, 2)}\u00a0points.`),
    width: FIGURE_WIDTH,
    height,
    legend: [
      {
        kind: 'mark',
        label: bySeed ? `one ${unit}` : `each ${unit}`,
        colour: theme.ink,
        shape: 'dot',
        opacity: 0.55,
      },
      ...(intervals.length > 0
        ? ([{ kind: 'mark', label: 'mean and 95\u00a0% interval', colour: theme.ink, shape: 'bar' }] as const)
        : []),
      {
        kind: 'mark',
        label: `within ±${Number((100 * rope).toPrecision(6))}: equivalent`,
        colour: theme.band,
        shape: 'band',
      },
      ...(shownPaper === null
        ? []
        : ([{ kind: 'mark', label: "the paper's one pair", colour: theme.ink, shape: 'diamond' }] as const)),
    ],
    plot: {
      marginTop: 10,
      marginBottom: 44,
      marginLeft: labelMargin(domain, bySeed ? 62 : 88),
      marginRight: 14,
      x: { domain: [low - pad, high + pad], label: null },
      y: { domain, label: null, type: 'band', padding: 0 },
      marks: [
        Plot.rect([0], { x1: -100 * rope, x2: 100 * rope, fill: theme.band }),
        Plot.gridX({ ticks: 6, stroke: theme.rule, strokeOpacity: 1 }),
        ...(bySeed ? [Plot.ruleY([MEAN_ROW], { stroke: theme.rule, dy: -ROW / 2 })] : []),
        Plot.ruleX([0], { stroke: theme.ink, strokeWidth: 1.25 }),
        Plot.axisX({
          ticks: 6,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => signed(value, high - low < 0.5 ? 2 : 1),
          label: 'difference in percentage points',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 13 }),
        ...Array.from({ length: levels }, (_, level) =>
          Plot.dot(
            dots.filter((_, i) => i % levels === level),
            {
              x: 'x',
              y: 'row',
              r: bySeed ? 5 : 3.5,
              fill: (dot: { x: number }) => side(dot.x, first, rows[0].other, rows.length, theme),
              fillOpacity: bySeed ? 0.9 : 0.55,
              stroke: theme.surface,
              strokeWidth: 1,
              dy: bySeed ? 0 : -7 - 8 * level + 4 * (levels - 1),
            },
          ),
        ),
        Plot.link(intervals, {
          x1: 'low',
          x2: 'high',
          y1: 'row',
          y2: 'row',
          stroke: theme.ink,
          strokeWidth: 3,
          dy: bySeed ? 0 : 6 + 4 * (levels - 1),
        }),
        Plot.dot(means, {
          x: 'x',
          y: 'row',
          r: 5.5,
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 1.5,
          dy: bySeed ? 0 : 6 + 4 * (levels - 1),
        }),
        ...(shownPaper === null
          ? []
          : [
              Plot.dot([{ x: shownPaper, row: PAPER_ROW }], {
                x: 'x',
                y: 'row',
                symbol: 'diamond2',
                r: 6.5,
                stroke: theme.ink,
                strokeWidth: 1.5,
                fill: theme.surface,
              }),
            ]),
      ],
      color: { type: 'identity' },
    },
  });
}

/** A dot has the colour of the arm it speaks for. */
function side(x: number, first: Arm, other: Arm, comparisons: number, theme: FigureContext['theme']): string {
  if (x === 0 || comparisons > 1) return theme.muted;
  return theme.arm((x > 0 ? first : other).colour);
}
