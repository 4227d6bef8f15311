import * as Plot from '@observablehq/plot';
import { listOf, points, signed } from '../../study/wording.ts';
import type { SetComparison } from '../statistics/imageSets.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from './figure.ts';

export interface ImageSetsData {
  /** Of one first arm. */
  readonly comparisons: readonly SetComparison[];
  readonly rope: number;
  /** What the wider intervals are over beside seeds. */
  readonly over: 'images' | 'writers';
}

const ROW = 34;
const MOST_ROWS = 16;

/** Differences of accuracy on all images, by population and with corrected labels, with both intervals. */
export function imageSetsFigure({ comparisons, rope, over }: ImageSetsData, context: FigureContext): Figure {
  const { theme } = context;
  const rows =
    comparisons.length <= MOST_ROWS
      ? comparisons
      : comparisons.filter(({ set }) => set === comparisons[0].set);
  const [{ first, second }] = rows;
  const single = rows.every((row) => row.second === second);
  const data = rows.map((row) => ({
    row: single ? row.set.name : `${row.second.label}, ${row.set.name}`,
    x: 100 * row.summary.mean,
    low: row.summary.spread === null ? null : 100 * row.summary.spread.low,
    high: row.summary.spread === null ? null : 100 * row.summary.spread.high,
    outerLow: row.crossed === null ? null : 100 * row.crossed.low,
    outerHigh: row.crossed === null ? null : 100 * row.crossed.high,
  }));
  const extent = [
    -100 * rope,
    100 * rope,
    ...data.flatMap(({ x, low, high, outerLow, outerHigh }) => [
      x,
      low ?? x,
      high ?? x,
      outerLow ?? x,
      outerHigh ?? x,
    ]),
  ];
  const [low, high] = [Math.min(...extent), Math.max(...extent)];
  const pad = 0.06 * (high - low || 1);
  const inner = data.filter((row) => row.low !== null);
  const outer = data.filter((row) => row.outerLow !== null);
  const other = single ? second.label : 'each other arm';
  return compose(context, {
    name: 'image-sets',
    title: `${first.label} minus ${other}, on whose images and by whose labels`,
    subtitle: 'Difference of mean test accuracies in percentage points.',
    alt: `Test accuracy of ${first.label} minus ${other}: ${listOf(
      data.map(
        ({ row, x, low, high, outerLow, outerHigh }) =>
          `${row} ${points(x / 100)}${low === null || high === null ? '' : ` (over seeds ${signed(low, 2)} to ${signed(high, 2)}${outerLow === null || outerHigh === null ? '' : `, over seeds and ${over} ${signed(outerLow, 2)} to ${signed(outerHigh, 2)}`})`}`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: 62 + ROW * data.length,
    legend: [
      { kind: 'mark', label: 'mean, 95\u00a0% over seeds', colour: theme.ink, shape: 'bar' },
      ...(outer.length === 0
        ? []
        : ([{ kind: 'line', label: `over seeds and ${over}`, colour: theme.ink, width: 1.25 }] as const)),
      {
        kind: 'mark',
        label: `within ±${Number((100 * rope).toPrecision(6))}: equivalent`,
        colour: theme.band,
        shape: 'band',
      },
    ],
    plot: {
      marginTop: 8,
      marginBottom: 44,
      marginLeft: labelMargin(
        data.map(({ row }) => row),
        88,
      ),
      marginRight: 14,
      x: { domain: [low - pad, high + pad], label: null },
      y: { domain: data.map(({ row }) => row), label: null, type: 'band', padding: 0 },
      marks: [
        Plot.rect([0], { x1: -100 * rope, x2: 100 * rope, fill: theme.band }),
        Plot.gridX({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX([0], { stroke: theme.ink, strokeWidth: 1.25 }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => signed(value, high - low < 0.4 ? 2 : 1),
          label: 'difference in percentage points',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 13 }),
        Plot.link(outer, {
          x1: 'outerLow',
          x2: 'outerHigh',
          y1: 'row',
          y2: 'row',
          stroke: theme.ink,
          strokeWidth: 1.25,
        }),
        Plot.link(inner, {
          x1: 'low',
          x2: 'high',
          y1: 'row',
          y2: 'row',
          stroke: theme.ink,
          strokeWidth: 3.5,
        }),
        Plot.dot(data, {
          x: 'x',
          y: 'row',
          r: 5.5,
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 1.5,
        }),
      ],
    },
  });
}
