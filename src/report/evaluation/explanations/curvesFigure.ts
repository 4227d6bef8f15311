import * as Plot from '@observablehq/plot';
import type { FaithfulnessOfMethod } from '../../../analysis/explanations/comparison.ts';
import type { Explanations } from '../../../analysis/explanations/measure.ts';
import { fixed, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { armLabel, METHOD_LABELS } from './words.ts';

type Curve = 'deletion' | 'insertion';

const WORDS = {
  deletion: {
    title: 'When the marked pixels are wiped',
    axis: 'share of all pixels wiped, most important first',
    reads: 'A good method finds the decisive pixels: its curve falls at once.',
  },
  insertion: {
    title: 'When the marked pixels are put back',
    axis: 'share of all pixels put back into the blurred image',
    reads: 'A good method finds the decisive pixels: its curve rises at once.',
  },
} as const;

/** Probability of the explained answer while pixels are wiped or put back: the best method, the others, and the two controls. */
export function curvesFigure(x: Explanations, curve: Curve, context: FigureContext): Figure {
  const { theme } = context;
  const { title, axis, reads } = WORDS[curve];
  const isControl = ({ method }: FaithfulnessOfMethod): boolean =>
    method === 'randomOrder' || method === 'inkOrder';
  const methods = x.faithfulness.filter((one) => !isControl(one));
  const better = (a: FaithfulnessOfMethod, b: FaithfulnessOfMethod): boolean =>
    curve === 'deletion' ? a.deletion.mean < b.deletion.mean : a.insertion.mean > b.insertion.mean;
  const best = methods.reduce((first, one) => (better(one, first) ? one : first));
  const valuesOf = (one: FaithfulnessOfMethod) =>
    curve === 'deletion' ? one.deletionCurve : one.insertionCurve;
  const pointsOf = (one: FaithfulnessOfMethod) =>
    valuesOf(one).map((value, k, { length }) => ({ share: k / (length - 1), value, method: one.method }));
  const control = (name: string) => x.faithfulness.find(({ method }) => method === name)!;
  const [random, ink] = [control('randomOrder'), control('inkOrder')];
  const area = (one: FaithfulnessOfMethod): string => fixed(one[curve].mean, 3);
  return compose(context, {
    name: `explanations-${curve}-${x.arm}`,
    title: `${title} – ${armLabel(x)}`,
    subtitle: `Mean probability of the explained answer over ${x.images} test images. ${reads}`,
    alt: `${title}: mean probability over ${x.images} test images. Areas under the curves: ${listOf([
      `best, ${METHOD_LABELS[best.method]}, ${area(best)}`,
      `darkest ink first ${area(ink)}`,
      `random order ${area(random)}`,
    ])}.`,
    width: FIGURE_WIDTH,
    height: 290,
    legend: [
      {
        kind: 'line',
        label: `best: ${METHOD_LABELS[best.method]}`,
        colour: theme.arm(x.activation),
        width: 2.75,
      },
      { kind: 'line', label: 'other methods', colour: theme.muted, width: 1, opacity: 0.6 },
      { kind: 'line', label: 'darkest ink first', colour: theme.ink, width: 1.75, dash: '6,4' },
      { kind: 'line', label: 'random order', colour: theme.ink, width: 1.75, dash: '2,3' },
    ],
    plot: {
      marginTop: 12,
      marginRight: 14,
      marginBottom: 44,
      marginLeft: 52,
      x: { domain: [0, 1], label: null },
      y: { domain: [0, 1], label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
        }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
          label: axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.line(methods.filter((one) => one !== best).flatMap(pointsOf), {
          x: 'share',
          y: 'value',
          z: 'method',
          stroke: theme.muted,
          strokeWidth: 1,
          strokeOpacity: 0.6,
        }),
        Plot.line(pointsOf(ink), {
          x: 'share',
          y: 'value',
          stroke: theme.ink,
          strokeWidth: 1.75,
          strokeDasharray: '6,4',
        }),
        Plot.line(pointsOf(random), {
          x: 'share',
          y: 'value',
          stroke: theme.ink,
          strokeWidth: 1.75,
          strokeDasharray: '2,3',
        }),
        Plot.line(pointsOf(best), {
          x: 'share',
          y: 'value',
          stroke: theme.arm(x.activation),
          strokeWidth: 2.75,
        }),
      ],
    },
  });
}
