import * as Plot from '@observablehq/plot';
import type { Estimate, Robustness } from '../../../analysis/robustness/result.ts';
import { mean } from '../../../stats/describe.ts';
import { capitalised, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from '../../figures/figure.ts';
import { clip, imagesText, intervalsText, shareText, shownArms } from './words.ts';
import { wordsIn } from '../../dataWords.ts';
import { guessText } from './words.ts';

/** Distance of two arms in a row, and room above and below them. */
const [APART, AROUND] = [11, 15];

/** Accuracy of every arm on clean images and under each corruption, easiest first. */
export function corruptionsFigure(robustness: Robustness, context: FigureContext): Figure {
  const { theme } = context;
  const arms = shownArms(robustness);
  const rows = corruptionRows(robustness);
  const rowHeight = AROUND + APART * arms.length;
  const height = rowHeight * rows.length + 52;
  const data = rows.flatMap(({ estimates }, r) =>
    estimates.map(({ mean: centre, low, high }, a) => ({
      x: 100 * centre,
      low: 100 * clip(low ?? centre),
      high: 100 * clip(high ?? centre),
      y: r * rowHeight + rowHeight / 2 + (a - (arms.length - 1) / 2) * APART,
      colour: theme.arm(arms[a].colour),
    })),
  );
  const [top, bottom] = [4, 48];
  return compose(context, {
    name: 'robustness-corruptions',
    title: `How many ${wordsIn(context).things} are read right under each corruption`,
    subtitle: `${capitalised(imagesText(robustness))}, levels of MNIST-C, easiest first. ${intervalsText(arms)}. Further right is better; guessing gives ${guessText(context)}.`,
    alt: `Share of ${wordsIn(context).things} read right. ${rows
      .map(
        ({ label, estimates }) =>
          `${label}: ${listOf(estimates.map((one, a) => `${arms.length > 1 ? `${arms[a].label} ` : ''}${shareText(one)}`))}`,
      )
      .join('; ')}.`,
    width: FIGURE_WIDTH,
    height,
    ...(arms.length === 1
      ? {}
      : {
          legend: arms.map(
            ({ label, colour }) =>
              ({ kind: 'mark', label, colour: theme.arm(colour), shape: 'dot' }) as const,
          ),
        }),
    plot: {
      marginTop: top,
      marginBottom: bottom,
      marginLeft: labelMargin(
        rows.map(({ label }) => label),
        88,
      ),
      marginRight: 16,
      x: { domain: [0, 100], label: null },
      y: { domain: [0, rowHeight * rows.length], range: [top, height - bottom], label: null },
      color: { type: 'identity' },
      marks: [
        Plot.ruleY(
          rows.map((_, r) => r * rowHeight),
          { stroke: theme.rule },
        ),
        Plot.gridX({ ticks: [0, 25, 50, 75, 100], stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX([100 / wordsIn(context).classes.length], { stroke: theme.muted, strokeDasharray: '3,3' }),
        Plot.axisX({
          ticks: [0, 25, 50, 75, 100],
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, 0),
          label: 'share of the images read right (dashed: guessing)',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY(
          rows.map((_, r) => (r + 0.5) * rowHeight),
          {
            tickSize: 0,
            color: theme.ink,
            fontSize: 13,
            tickFormat: (value: number) => rows[Math.floor(value / rowHeight)].label,
          },
        ),
        Plot.link(data, {
          x1: 'low',
          x2: 'high',
          y1: 'y',
          y2: 'y',
          stroke: 'colour',
          strokeWidth: 2.5,
          strokeLinecap: 'butt',
        }),
        Plot.dot(data, { x: 'x', y: 'y', r: 4, fill: 'colour' }),
      ],
    },
  });
}

interface Row {
  readonly label: string;
  /** By arm. */
  readonly estimates: readonly Estimate[];
}

/** 'Clean' first, then the corruptions by falling mean over the arms. */
function corruptionRows({ arms, corruptions }: Robustness): Row[] {
  const rows = corruptions.map(({ label, published }, c) => ({
    label,
    estimates: arms.map(({ accuracy }) => accuracy[c][published]),
  }));
  const height = ({ estimates }: Row) => mean(estimates.map((one) => one.mean));
  return [
    { label: 'Clean', estimates: arms.map(({ clean }) => clean) },
    ...rows.sort((a, b) => height(b) - height(a)),
  ];
}
