import * as Plot from '@observablehq/plot';
import { capitalised, listOf } from '../../study/wording.ts';
import type { Figure, FigureContext } from '../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin, TEXT_SIZE, textWidth } from '../figures/figure.ts';

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
const RIGHT = 20;
/** At least so much between the values on the axis. */
const GAP = 10;

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
  const margin = labelMargin(
    rows.map(({ label }) => label),
    88,
    210,
  );
  const [from, to] = [least - pad, most + pad];
  const widest = Math.max(...[from, to].map((value) => textWidth(write(value)))) + GAP;
  const ticks = ticksThatFit(from, to, (FIGURE_WIDTH - margin - RIGHT) / widest);
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
      marginLeft: margin,
      marginRight: RIGHT,
      x: { domain: [from, to], label: null },
      y: { domain: rows.map(({ label }) => label), label: null, type: 'band', padding: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks, stroke: theme.rule, strokeOpacity: 1 }),
        ...(zero ? [Plot.ruleX([0], { stroke: theme.ink, strokeWidth: 1.25 })] : []),
        Plot.axisX({
          ticks,
          tickSize: 4,
          color: theme.muted,
          tickFormat: write,
          label: data.axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({
          tickSize: 0,
          color: theme.ink,
          fontSize: TEXT_SIZE,
          // Names of arms may be long: what has no room goes on in the next line.
          lineWidth: (margin - 12) / TEXT_SIZE,
        }),
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

/** How many values to ask Plot for on an axis, four or fewer, so that no more than `most` stand there: it takes steps of 1, 2 or 5 and may give more than it is asked for. */
export function ticksThatFit(from: number, to: number, most: number): number {
  for (let count = 4; count > 1; count--) {
    const step = (to - from) / count;
    const power = Number(`1e${Math.floor(Math.log10(step))}`);
    const share = (step / power) * (step / power);
    // As d3-array's ticks: √50, √10 and √2 lie halfway, by ratio, between one factor and the next.
    const increment = power * (share >= 50 ? 10 : share >= 10 ? 5 : share >= 2 ? 2 : 1);
    if (Math.floor(to / increment) - Math.ceil(from / increment) + 1 <= most) return count;
  }
  return 1;
}
