import * as Plot from '@observablehq/plot';
import { capitalised, listOf } from '../../study/wording.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from '../figures/figure.ts';

export interface IntervalRow {
  readonly label: string;
  readonly mean: number;
  /** Null where there is no interval. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of the arm, where the row is one. */
  readonly colour?: string;
}

export interface IntervalsData {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly IntervalRow[];
  /** Under the axis. */
  readonly axis: string;
  /** How a value is written, on the axis and beside its dot. */
  readonly write: (value: number) => string;
  /** A line at zero, for differences. */
  readonly zero: boolean;
}

const ROW = 44;

/** A dot with its interval in each row, its value above it. */
export function intervalsFigure(data: IntervalsData, context: FigureContext): Figure {
  const { theme } = context;
  const { rows, write, zero } = data;
  const values = [
    ...(zero ? [0] : []),
    ...rows.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean]),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const pad = 0.12 * (most - least || Math.abs(most) || 1);
  const drawn = rows.map((row) => ({
    ...row,
    stroke: row.colour === undefined ? theme.ink : theme.arm(row.colour),
  }));
  const ranged = drawn.filter(({ low }) => low !== null);
  return compose(context, {
    name: data.name,
    title: data.title,
    subtitle: data.subtitle,
    alt: `${data.title}: ${capitalised(
      listOf(
        rows.map(
          ({ label, mean, low, high }) =>
            `${label} ${write(mean)}${low === null || high === null ? '' : ` (${write(low)} to ${write(high)})`}`,
        ),
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: 58 + ROW * rows.length,
    plot: {
      marginTop: 10,
      marginBottom: 44,
      marginLeft: labelMargin(
        rows.map(({ label }) => label),
        88,
        240,
      ),
      marginRight: 20,
      x: { domain: [least - pad, most + pad], label: null },
      y: { domain: rows.map(({ label }) => label), label: null, type: 'band', padding: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        ...(zero ? [Plot.ruleX([0], { stroke: theme.ink, strokeWidth: 1.25 })] : []),
        Plot.axisX({
          ticks: 4,
          tickSize: 4,
          color: theme.muted,
          tickFormat: write,
          label: data.axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 13 }),
        Plot.link(ranged, {
          x1: 'low',
          x2: 'high',
          y1: 'label',
          y2: 'label',
          stroke: 'stroke',
          strokeWidth: 3,
        }),
        Plot.dot(drawn, {
          x: 'mean',
          y: 'label',
          r: 5.5,
          fill: 'stroke',
          stroke: theme.surface,
          strokeWidth: 1.5,
        }),
        Plot.text(drawn, {
          x: 'mean',
          y: 'label',
          text: ({ mean }: IntervalRow) => write(mean),
          fill: 'stroke',
          stroke: theme.surface,
          strokeWidth: 3,
          fontWeight: 600,
          dy: -15,
        }),
      ],
    },
  });
}
