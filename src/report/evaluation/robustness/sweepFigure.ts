import * as Plot from '@observablehq/plot';
import type { Robustness } from '../../../analysis/robustness/result.ts';
import { percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { clip, imagesText, intervalsText, shareText, shownArms } from './words.ts';
import { wordsIn } from '../../dataWords.ts';

const HEIGHT = 260;

/** Accuracy against the amount of one kind of noise or covering, 0 being the clean image. */
export function sweepFigure(robustness: Robustness, sweep: number, context: FigureContext): Figure {
  const { theme } = context;
  const arms = shownArms(robustness);
  const { name, label, meaning, amounts, axis } = robustness.sweeps[sweep];
  const estimates = arms.map(({ clean, swept }) => [clean, ...swept[sweep]]);
  const points = arms.flatMap(({ label: arm, colour }, a) =>
    estimates[a].map(({ mean, low, high }, i) => ({
      arm,
      amount: i === 0 ? 0 : amounts[i - 1],
      x: 100 * mean,
      low: 100 * clip(low ?? mean),
      high: 100 * clip(high ?? mean),
      colour: theme.arm(colour),
    })),
  );
  const most = amounts[amounts.length - 1];
  return compose(context, {
    name: `robustness-${name}`,
    title: `${label}: accuracy from none to much`,
    subtitle: `${meaning[0].toUpperCase()}${meaning.slice(1)}. Share of the ${wordsIn(context).things} read right on ${imagesText(robustness)}. ${intervalsText(arms)}.`,
    alt: `${label}. ${arms
      .map(
        ({ label: arm }, a) =>
          `${arm}: ${estimates[a].map((one, i) => `${shareText(one)} at ${i === 0 ? 0 : amounts[i - 1]}`).join(', ')}`,
      )
      .join('. ')}. The amount is the ${axis}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: arms.map(
      ({ label: arm, colour }) =>
        ({ kind: 'line', label: arm, colour: theme.arm(colour), width: 2.5 }) as const,
    ),
    plot: {
      marginTop: 10,
      marginBottom: 46,
      marginLeft: 50,
      marginRight: 14,
      x: { domain: [0, most], label: null },
      y: { domain: [0, 100], label: null },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleY([10], { stroke: theme.muted, strokeDasharray: '3,3' }),
        Plot.text([{ amount: most, y: 10 }], {
          x: 'amount',
          y: 'y',
          text: () => 'guessing',
          textAnchor: 'end',
          dy: -8,
          fill: theme.muted,
          fontSize: 11.5,
        }),
        Plot.areaY(points, {
          x: 'amount',
          y1: 'low',
          y2: 'high',
          z: 'arm',
          fill: 'colour',
          fillOpacity: 0.18,
        }),
        Plot.line(points, { x: 'amount', y: 'x', z: 'arm', stroke: 'colour', strokeWidth: 2.25 }),
        Plot.dot(points, { x: 'amount', y: 'x', r: 3, fill: 'colour' }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, 0),
        }),
        Plot.axisX({
          ticks: [0, ...amounts],
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => (most <= 0.5 ? percent(value, 0) : String(value)),
          label: axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
      ],
    },
  });
}
