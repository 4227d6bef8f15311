import * as Plot from '@observablehq/plot';
import type { SetMethod } from '../../../analysis/calibration/conformal/measureSets.ts';
import { countOf, fixed, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH, spreadLabels, TEXT_SIZE } from '../../figures/figure.ts';
import { wordsIn } from '../../dataWords.ts';
import { type ArmRuns, methodName, setsOfArm } from './arms.ts';

const HEIGHT = 300;
const MARGIN = { marginTop: 14, marginRight: 130, marginBottom: 44, marginLeft: 44 };
const DASHES: Readonly<Record<SetMethod, string>> = {
  lac: 'none',
  aps: '7,3',
  raps: '2,3',
  'lac-by-class': '12,3,2,3',
  'lac-by-population': '1,2',
};

/** Mean number of classes in a set against the share of images whose true class it is promised to hold. */
export function setSizesFigure(arm: ArmRuns, context: FigureContext): Figure {
  const { theme } = context;
  const words = wordsIn(arm);
  const { one, many, classes } = words;
  const [{ sets }] = arm.runs;
  const alphas = [...new Set(sets.map(({ alpha }) => alpha))].sort((a, b) => b - a);
  const methods = [...new Set(sets.map(({ method }) => method))];
  const lines = methods.map((method) => ({
    method,
    points: alphas.map((alpha) => ({
      promise: percent(1 - alpha, 1),
      size: setsOfArm(arm, method, alpha)!.meanSize.mean,
    })),
  }));
  const sizes = lines.flatMap(({ points }) => points.map(({ size }) => size));
  const [least, most] = [Math.min(0.9, ...sizes), Math.max(1.1, ...sizes)];
  const pad = 0.05 * (most - least);
  const domain = [least - pad, most + pad];
  const plotHeight = HEIGHT - MARGIN.marginTop - MARGIN.marginBottom;
  const toPixel = (size: number) =>
    MARGIN.marginTop + (plotHeight * (domain[1] - size)) / (domain[1] - domain[0]);
  const ends = lines.map(({ points }) => points[points.length - 1]);
  const placed = spreadLabels(
    ends.map(({ size }) => toPixel(size)),
    17,
    MARGIN.marginTop,
    HEIGHT - MARGIN.marginBottom,
  );
  const colour = (method: SetMethod) => (method === 'lac' ? theme.arm(arm.activation) : theme.ink);
  return compose(context, {
    name: `set-sizes-${arm.arm}`,
    title: `How many ${many} ${arm.label} names to be right as often as promised`,
    subtitle: `Mean size of a set of ${many} by the promised share of sets that hold the true one${arm.runs.length > 1 ? `, mean of ${countOf(arm.runs.length, 'run')}` : ''}. 1 is a plain answer, ${classes.length} says nothing; below 1 some sets are empty.`,
    alt: `Mean size of the sets of ${arm.label} at a promise of ${listOf(alphas.map((alpha) => percent(1 - alpha, 1)))}: ${listOf(
      lines.map(
        ({ method, points }) =>
          `${methodName(method, words)} ${points.map(({ size }) => fixed(size, 2)).join(', ')}`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    plot: {
      ...MARGIN,
      x: { domain: alphas.map((alpha) => percent(1 - alpha, 1)), type: 'point', label: null, padding: 0.15 },
      y: { domain, label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        ...(domain[0] < 1 && domain[1] > 1
          ? [Plot.ruleY([1], { stroke: theme.muted, strokeWidth: 1.25 })]
          : []),
        Plot.axisY({ ticks: 5, tickSize: 0, fill: theme.muted, tickFormat: (v: number) => fixed(v, 1) }),
        Plot.axisX({
          tickSize: 4,
          color: theme.muted,
          label: `promised: share of sets that hold the true ${one}`,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        ...lines.flatMap(({ method, points }) => [
          Plot.line(points, {
            x: 'promise',
            y: 'size',
            stroke: colour(method),
            strokeWidth: method === 'lac' ? 2.75 : 1.5,
            strokeDasharray: DASHES[method],
          }),
          Plot.dot(points, { x: 'promise', y: 'size', fill: colour(method), r: 3 }),
        ]),
        ...lines.map(({ method }, i) =>
          Plot.text(
            [
              {
                promise: ends[i].promise,
                size: domain[1] - ((placed[i] - MARGIN.marginTop) * (domain[1] - domain[0])) / plotHeight,
              },
            ],
            {
              x: 'promise',
              y: 'size',
              text: () => methodName(method, words).replace(', randomised', ''),
              fill: colour(method),
              textAnchor: 'start',
              dx: 12,
              fontWeight: 600,
              fontSize: TEXT_SIZE,
            },
          ),
        ),
      ],
    },
  });
}
