import * as Plot from '@observablehq/plot';
import { percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';

export interface RocLine {
  readonly label: string;
  readonly activation: string;
  readonly dash?: string;
  /** True-positive rate at each of the levels. */
  readonly curve: readonly number[];
}

export interface RocData {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly RocLine[];
  readonly levels: readonly number[];
  /** Non-members: below one of them no false-positive rate can be told. */
  readonly others: number;
  /** The false-positive rate at which attacks are judged. */
  readonly falsePositives: number;
}

const WIDTH = FIGURE_WIDTH;
const HEIGHT = 330;
const TICKS = [0.0001, 0.001, 0.01, 0.1, 1];

/** Members recognised against non-members accused, both on logarithmic axes, so that few but sure recognitions are seen. */
export function rocFigure(data: RocData, context: FigureContext): Figure {
  const { theme } = context;
  const { lines, levels, falsePositives } = data;
  const shown = levels.map((level, k) => ({ level, k })).filter(({ level }) => level >= 1 / data.others);
  const floor = shown[0].level;
  const domain: [number, number] = [floor, 1];
  const at = levels.findIndex((level) => level >= Math.max(floor, falsePositives) * (1 - 1e-9));
  const ticks = TICKS.filter((tick) => tick >= floor * (1 - 1e-9));
  const write = (value: number) => percent(value, value >= 0.01 ? 0 : value >= 0.001 ? 1 : 2);
  return compose(context, {
    name: data.name,
    title: data.title,
    subtitle: data.subtitle,
    alt: `${data.title}. At ${write(levels[at])} false accusations, where guessing reaches ${write(levels[at])}: ${lines
      .map(({ label, curve }) => `${label} ${percent(curve[at])}`)
      .join('; ')}.`,
    width: WIDTH,
    height: HEIGHT,
    legend: [
      ...lines.map(({ label, activation, dash }) => ({
        kind: 'line' as const,
        label,
        colour: theme.arm(activation),
        width: 2.5,
        ...(dash === undefined ? {} : { dash }),
      })),
      { kind: 'line', label: 'guessing', colour: theme.muted, width: 1.25, dash: '5,4' },
    ],
    plot: {
      marginTop: 12,
      marginRight: 18,
      marginBottom: 48,
      marginLeft: 66,
      x: { type: 'log', domain, label: null },
      y: { type: 'log', domain, label: null, clamp: true },
      marks: [
        Plot.gridY(ticks, { stroke: theme.rule, strokeOpacity: 1 }),
        Plot.gridX(ticks, { stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY(ticks, {
          tickSize: 0,
          fill: theme.muted,
          tickFormat: write,
          label: 'training images recognised',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 60,
        }),
        Plot.axisX(ticks, {
          tickSize: 4,
          color: theme.muted,
          tickFormat: write,
          label: 'other images called training images by mistake',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        Plot.ruleX(floor > falsePositives * (1 + 1e-9) ? [] : [falsePositives], {
          stroke: theme.muted,
          strokeWidth: 1,
        }),
        Plot.line(
          [
            [floor, floor],
            [1, 1],
          ],
          { stroke: theme.muted, strokeWidth: 1.25, strokeDasharray: '5,4' },
        ),
        ...lines.map(({ curve, activation, dash }) =>
          Plot.line(
            shown.map(({ level, k }) => ({ x: level, y: Math.max(floor, curve[k]) })),
            {
              x: 'x',
              y: 'y',
              stroke: theme.arm(activation),
              strokeWidth: 2.5,
              ...(dash === undefined ? {} : { strokeDasharray: dash }),
            },
          ),
        ),
      ],
    },
  });
}
