import * as Plot from '@observablehq/plot';
import { QUANTILES, type SensitivityOfSubject, type Spread } from '../../../analysis/sensitivity/measure.ts';
import { mean } from '../../../stats/describe.ts';
import { grouped, listOf } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin, TEXT_SIZE } from '../../figures/figure.ts';
import { seedsText } from '../adversarial/arms.ts';
import { type SensitiveArm, significant } from './summary.ts';

export interface SlopesData {
  readonly name: string;
  readonly title: string;
  /** What to read from it, a sentence. */
  readonly reading: string;
  readonly axis: string;
  readonly images: number;
  readonly arms: readonly SensitiveArm[];
  /** One or more rows for each arm. */
  readonly rows: readonly {
    /** After the arm's name; empty where there is one row. */
    readonly label: string;
    readonly of: (subject: SensitivityOfSubject) => Spread;
  }[];
  readonly scale: 'linear' | 'log';
}

const ROW = 40;
/** What is smaller stands at the edge of a logarithmic axis. */
const FLOOR = 1e-10;

/** How a quantity is spread over images: 5 to 95 % thin, the middle half thick, the median a gap, the mean a diamond. */
export function slopesFigure(data: SlopesData, context: FigureContext): Figure {
  const { theme } = context;
  const { arms, rows, scale } = data;
  const place = (value: number) => (scale === 'log' ? Math.max(FLOOR, value) : value);
  const drawn = arms.flatMap((arm) =>
    rows.map(({ label, of }) => {
      const spreads = arm.subjects.map(of);
      const values = QUANTILES.map((_, q) => mean(spreads.map(({ quantiles }) => quantiles[q])));
      return {
        row: [label === '' ? arm.label : `${arm.label}, ${label}`, ...(values[4] === 0 ? ['0'] : [])].join(
          ': ',
        ),
        colour: theme.arm(arm.colour),
        values,
        average: mean(spreads.map((spread) => spread.mean)),
      };
    }),
  );
  const marks = drawn.map(({ row, colour, values, average }) => {
    const [low, lower, middle, upper, high] = values.map(place);
    return { row, colour, low, lower, middle, upper, high, average: place(average) };
  });
  const extent = marks.flatMap(({ low, high, average }) => [low, high, average]);
  const most = Math.max(...extent) || 1;
  const domain = scale === 'log' ? [Math.min(...extent, most / 10), most * 2] : [0, 1.05 * most];
  const options = { y: 'row', stroke: 'colour' } as const;
  return compose(context, {
    name: data.name,
    title: data.title,
    subtitle: `${data.reading} ${grouped(data.images)} test images, ${seedsText(arms)}.${scale === 'log' ? ' Each step of the axis is a factor.' : ''}`,
    alt: `${data.title}: ${listOf(
      drawn.map(
        ({ row, values, average }) =>
          `${row} mean ${significant(average)}, median ${significant(values[2])}, nine tenths of the images between ${significant(values[0])} and ${significant(values[4])}`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: 56 + ROW * drawn.length,
    legend: [
      { kind: 'line', label: '90\u00a0% of the images', colour: theme.ink, width: 1.5 },
      { kind: 'line', label: 'middle half, gap at the median', colour: theme.ink, width: 7 },
      { kind: 'mark', label: 'mean', colour: theme.ink, shape: 'diamond' },
    ],
    plot: {
      marginTop: 8,
      marginBottom: 46,
      marginLeft: labelMargin(
        drawn.map(({ row }) => row),
        70,
      ),
      marginRight: 16,
      x: { type: scale, domain, label: null },
      y: { domain: drawn.map(({ row }) => row), label: null, type: 'band', padding: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 4,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => (scale === 'log' ? powerText(value) : String(value)),
          label: data.axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: TEXT_SIZE }),
        Plot.link(marks, { ...options, x1: 'low', x2: 'high', strokeWidth: 1.5 }),
        Plot.link(marks, { ...options, x1: 'lower', x2: 'upper', strokeWidth: 9 }),
        Plot.tickX(marks, { x: 'middle', y: 'row', stroke: theme.surface, strokeWidth: 2.5, inset: 13 }),
        Plot.dot(marks, {
          x: 'average',
          y: 'row',
          symbol: 'diamond2',
          r: 6,
          stroke: theme.ink,
          strokeWidth: 1.5,
          fill: theme.surface,
        }),
      ],
    },
  });
}

function powerText(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(value / Number(`1e${exponent}`) - 1) < 1e-6
    ? significant(value)
        .replace(/^1\.00·/, '')
        .replace(/^1\.00$/, '1')
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
    : '';
}
