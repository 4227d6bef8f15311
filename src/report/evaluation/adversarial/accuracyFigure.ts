import * as Plot from '@observablehq/plot';
import type { Norm } from '../../../analysis/adversarial/ball.ts';
import type { Adversarial } from '../../../analysis/adversarial/measure.ts';
import { listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { seedsText } from './arms.ts';
import { armShare, type AttackedArm, imagesText, intervalsText } from './shares.ts';

const HEIGHT = 310;
const MARGIN = { top: 14, right: 16, bottom: 48, left: 54 };

const WORDS = {
  linf: {
    title: 'Accuracy when every pixel may change a little',
    axis: 'largest change of a pixel, in % of the way from paper to ink',
    tick: (epsilon: number) => String(Math.round(100 * epsilon)),
    at: (epsilon: number) => `at ${percent(epsilon, 0)}`,
    inWords: (epsilon: number) => `pixels changed by up to ${percent(epsilon, 0)}`,
  },
  l2: {
    title: 'Accuracy when the whole image may change a little',
    axis: 'size of the change (1: as much as one pixel from paper to ink)',
    tick: String,
    at: (epsilon: number) => `at size ${epsilon}`,
    inWords: (epsilon: number) => `a change of size ${epsilon}`,
  },
} as const;

/** Right answers against the size of the change that an attack may make, for the best of all attacks and for the single step. */
export function attackFigure(
  norm: Norm,
  arms: readonly AttackedArm[],
  result: Adversarial,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const words = WORDS[norm];
  const ladder = [0, ...result.settings.ladders[norm]];
  const curve = (arm: AttackedArm, attack: 'fast' | 'best') =>
    ladder.map((epsilon) => ({ epsilon, ...armShare(arm, norm, epsilon, attack, result) }));
  const curves = arms.map((arm) => ({
    arm,
    colour: theme.arm(arm.colour),
    best: curve(arm, 'best'),
    fast: curve(arm, 'fast'),
  }));
  const options = { x: 'epsilon', y: 'mean' } as const;
  const middle = halfway(curves[0].best);
  return compose(context, {
    name: `attack-${norm}`,
    title: words.title,
    subtitle: `${imagesText(result)}; ${seedsText(arms)}; bands: 95\u00a0% intervals ${intervalsText(arms)}. The faster the fall, the smaller the change that turns answers. The axis is stretched towards zero.`,
    alt: `Share of the images answered rightly under attack (${imagesText(result)}): ${listOf(
      curves.map(
        ({ arm, best, fast }) =>
          `${arm.label} ${percent(best[0].mean, 1)} unchanged, ${listOf(
            best.slice(1).map(({ epsilon, mean }) => `${percent(mean, 1)} with ${words.inWords(epsilon)}`),
          )} (single step at the largest: ${percent(fast[fast.length - 1].mean, 1)})`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: [
      ...curves.map(
        ({ arm, colour, best }) =>
          ({
            kind: 'line',
            label: `${arm.label}: ${percent(best[middle].mean, 0)} ${words.at(ladder[middle])}`,
            colour,
            width: 2.75,
          }) as const,
      ),
      { kind: 'line', label: 'best of all attacks', colour: theme.ink, width: 2.75 },
      { kind: 'line', label: 'single step only', colour: theme.ink, width: 1.5, dash: '5,4' },
    ],
    plot: {
      marginTop: MARGIN.top,
      marginRight: MARGIN.right,
      marginBottom: MARGIN.bottom,
      marginLeft: MARGIN.left,
      x: { type: 'sqrt', domain: [0, ladder[ladder.length - 1]], label: null },
      y: { domain: [0, 1], label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          fill: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
        }),
        Plot.axisX({
          ticks: ladder,
          tickSize: 4,
          color: theme.muted,
          tickFormat: words.tick,
          label: words.axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        ...curves.flatMap(({ best, colour }) => [
          Plot.areaY(best, { x: 'epsilon', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.16 }),
        ]),
        ...curves.flatMap(({ best, fast, colour }) => [
          Plot.line(fast, { ...options, stroke: colour, strokeWidth: 1.5, strokeDasharray: '5,4' }),
          Plot.line(best, { ...options, stroke: colour, strokeWidth: 2.75 }),
          Plot.dot(best, { ...options, fill: colour, r: 3.5 }),
        ]),
      ],
    },
  });
}

/** The size at which the first curve comes nearest to one half. */
function halfway(curve: readonly { readonly mean: number }[]): number {
  const inner = curve.map((_, k) => k).slice(1);
  const gap = (k: number) => Math.abs(curve[k].mean - 0.5);
  return inner.reduce((best, k) => (gap(k) < gap(best) ? k : best), inner[0]);
}
