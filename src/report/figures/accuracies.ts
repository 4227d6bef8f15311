import * as Plot from '@observablehq/plot';
import type { Arm } from '../../study/arm.ts';
import { meanOf } from '../../study/arm.ts';
import { countOf, listOf, percent } from '../../study/wording.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from './figure.ts';
import { tickDigits } from './ticks.ts';

export interface AccuraciesData {
  readonly arms: readonly Arm[];
  readonly unit: string;
  /** 'test images' or 'images kept out'. */
  readonly keptOut: string;
  /** The paper's single test accuracy by arm's name, where it is comparable. */
  readonly paper: ReadonlyMap<string, number>;
}

const TICKS = 4;
/** Height of an arm's row; lower where there are many. */
const ROW = { few: 76, many: 50 };

/** Test accuracy after the last epoch: a dot for each run, the mean of the arm, and the paper's single number. */
export function accuraciesFigure(
  { arms, unit, keptOut, paper }: AccuraciesData,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const name = (arm: Arm) => arm.label;
  const folds = keptOut !== 'test images';
  const runs = arms.flatMap((arm) =>
    arm.trials.map((trial) => ({
      arm: name(arm),
      colour: theme.arm(arm.colour),
      x: 100 * trial.testAccuracy,
    })),
  );
  const means = arms.map((arm) => ({
    arm: name(arm),
    colour: theme.arm(arm.colour),
    x: 100 * meanOf(arm, (trial) => trial.testAccuracy),
  }));
  const reported = arms.flatMap((arm) => {
    const value = paper.get(arm.name);
    return value === undefined ? [] : [{ arm: name(arm), x: 100 * value }];
  });
  const values = [...runs, ...reported].map(({ x }) => x);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = Math.max(0.05, 0.07 * (high - low));
  const domain = [low - pad, high + pad] as const;
  const row = arms.length > 4 ? ROW.many : ROW.few;
  const seeds = Math.max(...arms.map(({ trials }) => trials.length));
  return compose(context, {
    name: 'test-accuracy',
    title: folds ? 'Accuracy of every run on its kept-out fold' : 'Test accuracy of every run',
    subtitle: `After the last epoch, ${countOf(seeds, unit)} each. The axis does not begin at zero.`,
    alt: `${folds ? 'Accuracy on the images kept out' : 'Test accuracy'} by arm: ${listOf(
      arms.map((arm) => {
        const each = arm.trials.map((trial) => trial.testAccuracy);
        const reportedHere = paper.get(arm.name);
        return `${name(arm)} from ${percent(Math.min(...each))} to ${percent(Math.max(...each))}, mean ${percent(meanOf(arm, (trial) => trial.testAccuracy))}${reportedHere === undefined ? '' : ` (paper ${percent(reportedHere)})`}`;
      }),
    )}.`,
    width: FIGURE_WIDTH,
    height: 56 + row * arms.length,
    legend: [
      { kind: 'mark', label: 'one run', colour: theme.ink, shape: 'dot', opacity: 0.55 },
      { kind: 'mark', label: 'mean', colour: theme.ink, shape: 'tick' },
      ...(reported.length === 0
        ? []
        : ([{ kind: 'mark', label: "the paper's one run", colour: theme.ink, shape: 'diamond' }] as const)),
    ],
    plot: {
      marginTop: 12,
      marginBottom: 44,
      marginLeft: labelMargin(arms.map(name), 88),
      marginRight: 16,
      x: { domain, label: null },
      y: { domain: arms.map(name), label: null, type: 'band', padding: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks: TICKS, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: TICKS,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, tickDigits(domain, TICKS)),
          label: `share of the ${keptOut} classified correctly`,
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({ tickSize: 0, color: theme.ink, fontSize: 14, fontWeight: 600 }),
        Plot.tickX(means, {
          x: 'x',
          y: 'arm',
          stroke: 'colour',
          strokeWidth: 3,
          insetTop: row > 60 ? 20 : 12,
          insetBottom: row > 60 ? 14 : 6,
        }),
        Plot.dot(runs, {
          x: 'x',
          y: 'arm',
          r: 5,
          fill: 'colour',
          fillOpacity: 0.55,
          stroke: 'colour',
          strokeWidth: 1,
        }),
        Plot.dot(reported, {
          x: 'x',
          y: 'arm',
          symbol: 'diamond2',
          r: 7,
          stroke: theme.ink,
          strokeWidth: 1.5,
        }),
        Plot.text(means, {
          x: 'x',
          y: 'arm',
          text: ({ x }: { x: number }) => percent(x / 100),
          fill: 'colour',
          fontWeight: 600,
          dy: -row / 2 + (row > 60 ? 10 : 5),
        }),
      ],
    },
  });
}
