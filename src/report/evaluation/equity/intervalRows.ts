import * as Plot from '@observablehq/plot';
import type { FigureContext } from '../../figures/figure.ts';
import { labelMargin, TEXT_SIZE } from '../../figures/figure.ts';

/** A dot with its interval, in the units of the axis. */
export interface IntervalDot {
  readonly x: number;
  readonly interval: readonly [low: number, high: number] | null;
  readonly colour: string;
  /** A hollow dot stands for what no test shows. */
  readonly filled: boolean;
  /** In the right margin, beside this dot. */
  readonly note?: string;
}

/** A line of the figure: a heading where there are no dots. */
export interface IntervalRow {
  readonly label: string;
  readonly dots: readonly IntervalDot[];
  /** In the right margin. */
  readonly note: string;
}

export interface IntervalAxis {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Drawn as a dashed line over all rows. */
  readonly references: readonly { readonly x: number; readonly colour: string }[];
  /** Where the axis begins at least. */
  readonly include: readonly number[];
}

export const ROWS_WIDTH = 640;
const HEADING = 30;
const NOTE_SIZE = 11.5;

/** Rows of dots with intervals, several dots of a row one below the other; headings in bold. */
export function intervalRowsPlot(rows: readonly IntervalRow[], axis: IntervalAxis, { theme }: FigureContext) {
  let top = 0;
  const placed = rows.map((row) => {
    const height = row.dots.length === 0 ? HEADING : Math.max(21, 9 + 11 * row.dots.length);
    top += height;
    return { ...row, middle: top - height / 2, height, heading: row.dots.length === 0 && row.note === '' };
  });
  const dots = placed.flatMap(({ dots: own, middle }) =>
    own.map(({ interval, ...dot }, k) => ({
      ...dot,
      y: middle + 11 * (k - (own.length - 1) / 2),
      low: interval?.[0] ?? dot.x,
      high: interval?.[1] ?? dot.x,
      open: !dot.filled,
    })),
  );
  const extent = [...axis.include, ...dots.flatMap(({ low, high }) => [low, high])];
  const [low, high] = [Math.min(...extent), Math.max(...extent)];
  const pad = 0.03 * (high - low || 1);
  const domain = [axis.include.includes(low) && low === 0 ? 0 : low - pad, high + pad];
  const height = top + 52;
  const at = (x: number) => ({ x: () => x, y: 'middle' });
  return {
    height,
    plot: {
      marginTop: 4,
      marginBottom: 48,
      marginLeft: labelMargin(
        placed.map(({ label }) => label),
        80,
        300,
      ),
      marginRight: 84,
      x: { domain, label: null },
      y: { domain: [top, 0], range: [4 + top, 4], axis: null },
      color: { type: 'identity' as const },
      marks: [
        Plot.gridX({ ticks: 6, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX(axis.references, { x: 'x', stroke: 'colour', strokeDasharray: '4,3', strokeWidth: 1.25 }),
        Plot.axisX({
          ticks: 6,
          tickSize: 4,
          color: theme.muted,
          tickFormat: axis.format,
          label: axis.label,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        Plot.link(dots, { x1: 'low', x2: 'high', y1: 'y', y2: 'y', stroke: 'colour', strokeWidth: 1.75 }),
        Plot.dot(
          dots.filter(({ open }) => !open),
          { x: 'x', y: 'y', r: 4.25, fill: 'colour', stroke: theme.surface, strokeWidth: 1 },
        ),
        Plot.dot(
          dots.filter(({ open }) => open),
          { x: 'x', y: 'y', r: 3.75, fill: theme.surface, stroke: 'colour', strokeWidth: 1.75 },
        ),
        Plot.text(
          placed.filter(({ heading }) => heading),
          {
            ...at(domain[0]),
            text: 'label',
            textAnchor: 'end',
            dx: -10,
            dy: 4,
            fontWeight: 600,
            fontSize: TEXT_SIZE,
            fill: theme.ink,
          },
        ),
        Plot.text(
          placed.filter(({ heading }) => !heading),
          {
            ...at(domain[0]),
            text: 'label',
            textAnchor: 'end',
            dx: -10,
            fontSize: TEXT_SIZE,
            fill: theme.ink,
          },
        ),
        Plot.text(dots, {
          x: () => domain[1],
          y: 'y',
          text: ({ note }: IntervalDot) => note ?? '',
          fill: 'colour',
          textAnchor: 'start',
          dx: 8,
          fontSize: NOTE_SIZE,
        }),
        Plot.text(placed, {
          ...at(domain[1]),
          text: 'note',
          textAnchor: 'start',
          dx: 8,
          fontSize: NOTE_SIZE,
          fill: theme.muted,
        }),
      ],
    },
  };
}
