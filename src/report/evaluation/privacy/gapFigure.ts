import * as Plot from '@observablehq/plot';
import { countOf, fixed, points } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';

export interface GapDot {
  readonly arm: string;
  readonly activation: string;
  /** Accuracy on members minus that on others, as a share. */
  readonly gap: number;
  readonly auc: number;
  /** Of the area, where it is known for a single network. */
  readonly low?: number;
  readonly high?: number;
}

export interface GapData {
  readonly name: string;
  readonly title: string;
  readonly subtitle: string;
  readonly dots: readonly GapDot[];
}

/** One dot for each network: what it gives away about membership against how much better it does on its training images. */
export function gapFigure({ name, title, subtitle, dots }: GapData, context: FigureContext): Figure {
  const { theme } = context;
  const arms = [...new Map(dots.map(({ arm, activation }) => [arm, activation]))];
  const xs = dots.map(({ gap }) => 100 * gap);
  const ys = dots.flatMap(({ auc, low, high }) => [auc, low ?? auc, high ?? auc]);
  const x = widened([0, ...xs], 0.2);
  const y = widened([0.5, ...ys], 0.004);
  const drawn = dots.map((dot) => ({ ...dot, x: 100 * dot.gap, colour: theme.arm(dot.activation) }));
  return compose(context, {
    name,
    title,
    subtitle,
    alt: `${title}, ${countOf(dots.length, 'network')}: gaps from ${points(Math.min(...xs) / 100)} to ${points(Math.max(...xs) / 100)}, areas from ${fixed(Math.min(...dots.map(({ auc }) => auc)), 3)} to ${fixed(Math.max(...dots.map(({ auc }) => auc)), 3)}; 0.5 is guessing.`,
    width: FIGURE_WIDTH,
    height: 320,
    legend: arms.map(([label, activation]) => ({
      kind: 'mark' as const,
      label,
      colour: theme.arm(activation),
      shape: 'dot' as const,
      opacity: 0.6,
    })),
    plot: {
      marginTop: 12,
      marginRight: 18,
      marginBottom: 46,
      marginLeft: 62,
      x: { domain: x, label: null },
      y: { domain: y, label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          fill: theme.muted,
          label: 'area under the curve',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 56,
        }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          label: 'accuracy on training images minus that on others, in points',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.ruleY([0.5], { stroke: theme.muted, strokeWidth: 1.25, strokeDasharray: '5,4' }),
        Plot.ruleX(
          drawn.filter(({ low }) => low !== undefined),
          { x: 'x', y1: 'low', y2: 'high', stroke: 'colour', strokeOpacity: 0.45, strokeWidth: 1.25 },
        ),
        Plot.dot(drawn, { x: 'x', y: 'auc', fill: 'colour', fillOpacity: 0.6, r: 4.5 }),
      ],
      color: { type: 'identity' },
    },
  });
}

/** The values' range with a little room, at least `least` wide on either side of its middle. */
function widened(values: readonly number[], least: number): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = Math.max(0.08 * (high - low), least);
  return [low - pad, high + pad];
}
