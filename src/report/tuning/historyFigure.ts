import * as Plot from '@observablehq/plot';
import { capitalised, countOf, listOf } from '../../study/wording.ts';
import type { TuningResults } from '../../study/tuning/results.ts';
import { compose, type Figure, type FigureContext, FIGURE_WIDTH } from '../figures/figure.ts';
import { measureOf, type SearchedArm, valueOf } from './facts.ts';
import { windowOf } from './window.ts';

/** The best so far in each arm against the epochs spent, in the order of the rungs; each trial a dot, the recipe as it stands a dashed line. */
export function historyFigure(
  results: TuningResults,
  arms: readonly SearchedArm[],
  context: FigureContext,
): Figure {
  const { theme } = context;
  const measure = measureOf(results);
  const series = arms.map((arm) => {
    const { colour: of, trials, reference } = arm;
    const colour = theme.arm(of);
    let spent = 0;
    let best: number | null = null;
    const dots: { x: number; y: number; colour: string }[] = [];
    const steps: { x: number; y: number; colour: string; label: string }[] = [];
    for (const trial of trials.filter(({ configuration }) => configuration !== null)) {
      spent += trial.recipe.epochs;
      const value = valueOf(trial, measure);
      if (value !== null) {
        dots.push({ x: spent, y: value, colour });
        best = best === null ? value : measure.sign * Math.max(measure.sign * best, measure.sign * value);
      }
      if (best !== null) steps.push({ x: spent, y: best, colour, label: arm.label });
    }
    return { arm, colour, dots, steps, plain: valueOf(reference, measure) };
  });
  const dots = series.flatMap((one) => one.dots);
  const plain = series.flatMap((one) => (one.plain === null ? [] : [{ y: one.plain, colour: one.colour }]));
  const window = windowOf(
    [...dots, ...plain].map(({ y }) => y),
    measure.sign,
  );
  const inside = ({ y }: { y: number }): boolean => y >= window[0] && y <= window[1];
  const outside = dots.filter((dot) => !inside(dot)).length;
  return compose(context, {
    name: 'history',
    title: 'The best so far, as the budget was spent',
    subtitle: `${measure.name === 'accuracy' ? 'Accuracy' : 'Loss'} on held-out training images, in the order of the rungs. Where the line is flat, more search brought nothing.${outside === 0 ? '' : ` ${capitalised(countOf(outside, 'trial'))} beyond the frame.`}`,
    alt: `Best ${measure.name} so far against epochs spent: ${listOf(series.map(({ arm, steps, plain: own }) => `${arm.label} ${steps.length === 0 ? 'none' : `from ${measure.text(steps[0].y)} to ${measure.text(steps[steps.length - 1].y)}`} (recipe as it stands ${own === null ? 'failed' : measure.text(own)})`))}.`,
    width: FIGURE_WIDTH,
    height: 280,
    legend: [
      ...series.map(
        ({ arm, colour }) =>
          ({ kind: 'line', label: `${arm.label}, best so far`, colour, width: 2.5 }) as const,
      ),
      { kind: 'line', label: 'recipe as it stands', colour: theme.ink, width: 1.5, dash: '4 3' },
    ],
    plot: {
      marginTop: 10,
      marginBottom: 44,
      marginLeft: 58,
      marginRight: 12,
      x: { label: null, zero: true },
      y: { domain: window, label: null },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ ticks: 4, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          label: 'epochs spent on drawn configurations, each arm',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ ticks: 4, tickSize: 0, color: theme.muted, tickFormat: measure.tick }),
        Plot.ruleY(plain.filter(inside), {
          y: 'y',
          stroke: 'colour',
          strokeWidth: 1.5,
          strokeDasharray: '4 3',
        }),
        Plot.dot(dots.filter(inside), { x: 'x', y: 'y', r: 2.5, fill: 'colour', fillOpacity: 0.4 }),
        Plot.line(
          series.flatMap(({ steps }) => steps.filter(inside)),
          { x: 'x', y: 'y', z: 'label', stroke: 'colour', strokeWidth: 2.5, curve: 'step-after' },
        ),
      ],
    },
  });
}
