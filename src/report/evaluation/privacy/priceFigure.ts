import * as Plot from '@observablehq/plot';
import type { PricePoint, PriceOfPrivacy } from '../../../analysis/privacy/price.ts';
import { activationName, countOf, fixed, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, TEXT_SIZE } from '../../figures/figure.ts';

const WIDTH = 640;
const HEIGHT = 380;
const TICKS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

/** An ε as it is written: two significant digits. */
export function epsilonText(epsilon: number): string {
  return epsilon < 10 ? fixed(epsilon, epsilon < 1 ? 2 : 1) : fixed(epsilon, 0);
}

/** Test accuracy against ε, a line for each activation, and what the same networks reach without privacy. */
export function priceFigure({ points, delta }: PriceOfPrivacy, context: FigureContext): Figure {
  const { theme } = context;
  const guarded = points.filter((point): point is PricePoint & { epsilon: number } => point.epsilon !== null);
  const plain = points.filter(({ noiseMultiplier }) => noiseMultiplier === null);
  const activations = [...new Set(guarded.map(({ activation }) => activation))];
  const epsilons = guarded.map(({ epsilon }) => epsilon);
  const [least, most] = [Math.min(...epsilons), Math.max(...epsilons)];
  const x: [number, number] = [least / 1.3, most * 1.3];
  const all = [...guarded, ...plain].flatMap(({ accuracies }) => accuracies.map(({ accuracy }) => accuracy));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y: [number, number] = [Math.max(0, low - 0.07 * (high - low + 0.01)), Math.min(1, high + 0.012)];
  const seeds = Math.max(...points.map(({ accuracies }) => accuracies.length));
  const dots = guarded.flatMap(({ epsilon, activation, accuracies }) =>
    accuracies.map(({ accuracy }) => ({ epsilon, accuracy, colour: theme.arm(activation) })),
  );
  // Where the lines of networks without privacy would be written over each other, the lower is written below.
  const ordered = [...plain].sort((a, b) => b.accuracy.mean - a.accuracy.mean);
  return compose(context, {
    name: 'privacy-price-curve',
    title: 'What privacy costs in accuracy',
    subtitle: `Test accuracy against ε at δ = ${delta}: to the left more privacy. Dots: ${countOf(seeds, 'seed')} each, lines their mean. Dashed: without privacy. Logarithmic axis; the vertical one does not begin at zero.`,
    alt: `Test accuracy by ε: ${activations
      .map(
        (activation) =>
          `${activationName(activation)} ${guarded
            .filter((point) => point.activation === activation)
            .map(({ epsilon, accuracy }) => `${percent(accuracy.mean, 1)} at ${epsilonText(epsilon)}`)
            .join(', ')}`,
      )
      .join(
        '; ',
      )}. ${plain.map(({ activation, accuracy }) => `${activationName(activation)} without privacy ${percent(accuracy.mean, 1)}`).join(', ')}.`,
    width: WIDTH,
    height: HEIGHT,
    legend: activations.map((activation) => ({
      kind: 'line' as const,
      label: activationName(activation),
      colour: theme.arm(activation),
      width: 2.75,
    })),
    plot: {
      marginTop: 14,
      marginRight: 20,
      marginBottom: 48,
      marginLeft: 58,
      x: { type: 'log', domain: x, label: null },
      y: { domain: y, label: null },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ ticks: 6, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY({
          ticks: 6,
          tickSize: 0,
          fill: theme.muted,
          tickFormat: (value: number) => percent(value, y[1] - y[0] < 0.05 ? 1 : 0),
        }),
        Plot.axisX(
          TICKS.filter((tick) => tick >= x[0] && tick <= x[1]),
          {
            tickSize: 4,
            color: theme.muted,
            text: (tick: number) => String(tick),
            label: 'ε: the smaller, the less a single training image can change',
            labelAnchor: 'center',
            labelArrow: 'none',
            labelOffset: 42,
          },
        ),
        ...ordered.flatMap(({ activation, accuracy }, i) => [
          Plot.ruleY([accuracy.mean], {
            stroke: theme.arm(activation),
            strokeWidth: 1.5,
            strokeDasharray: '5,4',
          }),
          Plot.text([{ accuracy: accuracy.mean }], {
            x: x[0],
            y: 'accuracy',
            text: () => `${activationName(activation)} without privacy ${percent(accuracy.mean, 1)}`,
            textAnchor: 'start',
            dx: 6,
            dy: i === 0 ? -9 : 11,
            fill: theme.arm(activation),
            fontSize: TEXT_SIZE,
          }),
        ]),
        ...activations.map((activation) =>
          Plot.line(
            guarded
              .filter((point) => point.activation === activation)
              .map(({ epsilon, accuracy }) => ({ epsilon, accuracy: accuracy.mean })),
            { x: 'epsilon', y: 'accuracy', stroke: theme.arm(activation), strokeWidth: 2.75 },
          ),
        ),
        Plot.dot(dots, { x: 'epsilon', y: 'accuracy', fill: 'colour', fillOpacity: 0.55, r: 4 }),
      ],
    },
  });
}
