import * as Plot from '@observablehq/plot';
import { mean } from '../../stats/describe.ts';
import type { Arm } from '../../study/arm.ts';
import { meanCurve } from '../../study/arm.ts';
import type { TrialResult } from '../../study/results.ts';
import { countOf, fixed, percent } from '../../study/wording.ts';
import type { Figure, FigureContext, LegendItem } from './figure.ts';
import { tickDigits } from './ticks.ts';
import { compose, FIGURE_WIDTH, spreadLabels, TEXT_SIZE } from './figure.ts';

export type Measure = 'accuracy' | 'loss';
type History = TrialResult['history'];

export interface CurvesData {
  readonly arm: Arm;
  /** What runs are called. */
  readonly unit: string;
  readonly measure: Measure;
  /** The paper's reported curves, where they are comparable. */
  readonly paper: History | null;
  /** What the curves called validation were computed on, for example 'the test set'. */
  readonly validationSet: string;
}

export interface CurveLine {
  readonly group: string;
  readonly colour: string;
  readonly runs: readonly (readonly number[])[];
  readonly paper: readonly number[] | null;
}

const HEIGHT = 300;
export const MARGIN = { marginTop: 14, marginRight: 124, marginBottom: 42, marginLeft: 54 };

/** Training and validation curves of one activation: every seed thin, their mean thick, the paper's single run dashed. */
export function curvesFigure(
  { arm, unit, measure, paper, validationSet }: CurvesData,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const name = arm.label;
  const keys = { training: measure, validation: `val_${measure}` } as const;
  const lines = (['training', 'validation'] as const).map((group): CurveLine => ({
    group,
    colour: group === 'training' ? theme.muted : theme.arm(arm.colour),
    runs: arm.trials.map((trial) => trial.history[keys[group]]),
    paper: paper === null ? null : paper[keys[group]],
  }));
  const [training, validation] = lines.map(({ runs }) => runs.map((run) => run[run.length - 1]));
  const epochs = Math.max(...lines[0].runs.map((run) => run.length));
  const write = levelOf(measure);
  return compose(context, {
    name: `${measure}-${arm.name}`,
    title: `${measure === 'accuracy' ? 'Accuracy' : 'Loss'} – ${name}`,
    subtitle: `By epoch, ${countOf(arm.trials.length, unit)}; validation is ${validationSet}.`,
    alt: `${measure === 'accuracy' ? 'Accuracy' : 'Loss'} of ${name} over ${countOf(epochs, 'epoch')}, mean of ${countOf(arm.trials.length, unit)}: training ends at ${write(mean(training))}, validation at ${write(mean(validation))}${paper === null ? '' : `; the paper's run ends at ${write(lastOf(paper[keys.training]))} and ${write(lastOf(paper[keys.validation]))}`}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: curveLegend(theme.ink, arm.trials.length, unit, paper !== null),
    plot: curvePlot(lines, measure, context),
  });
}

/** More lines are a blot, and a heavy page; means and bounds are of all runs. */
const MOST_LINES = 200;

export function curveLegend(colour: string, seeds: number, unit: string, paper: boolean): LegendItem[] {
  return [
    ...(seeds > 1
      ? ([
          { kind: 'line', label: 'mean', colour, width: 2.75 },
          {
            kind: 'line',
            label: seeds > MOST_LINES ? `the first ${MOST_LINES} ${unit}s` : `each ${unit}`,
            colour,
            width: 1,
            opacity: 0.45,
          },
        ] as const)
      : ([{ kind: 'line', label: `one ${unit}`, colour, width: 2.75 }] as const)),
    ...(paper
      ? ([{ kind: 'line', label: "the paper's one run", colour, width: 1.5, dash: '5,4' }] as const)
      : []),
  ];
}

export function levelOf(measure: Measure): (value: number) => string {
  return measure === 'accuracy' ? (value) => percent(value) : (value) => fixed(value, 3);
}

/** Lines over epochs with their names and last values in the right margin. */
export function curvePlot(
  lines: readonly CurveLine[],
  measure: Measure,
  { theme }: FigureContext,
  marginRight = MARGIN.marginRight,
) {
  const means = lines.map(({ runs }) => meanCurve(runs));
  const all = lines.flatMap(({ runs, paper }) => [...runs.flat(), ...(paper ?? [])]);
  const domain = verticalDomain(all, measure);
  const epochs = Math.max(...means.map((values) => values.length));
  const single = lines.every(({ runs }) => runs.length === 1);
  const toPoints = (values: readonly number[]) => values.map((value, i) => ({ epoch: i + 1, value }));
  const plotHeight = HEIGHT - MARGIN.marginTop - MARGIN.marginBottom;
  const toPixel = (value: number) =>
    MARGIN.marginTop + (plotHeight * (domain[1] - value)) / (domain[1] - domain[0]);
  const ends = means.map((values) => values[values.length - 1]);
  const gap = 17;
  const placed = spreadLabels(ends.map(toPixel), gap, MARGIN.marginTop, HEIGHT - MARGIN.marginBottom);
  const fromPixel = (pixel: number) =>
    domain[1] - ((pixel - MARGIN.marginTop) * (domain[1] - domain[0])) / plotHeight;
  const write =
    measure === 'accuracy' ? (value: number) => percent(value, 1) : (value: number) => fixed(value, 3);
  const labels = lines.map(({ group, colour }, i) => ({
    text: `${group} ${write(ends[i])}`,
    colour,
    epoch: epochs,
    value: fromPixel(placed[i]),
  }));
  const accuracyDigits = tickDigits([100 * domain[0], 100 * domain[1]], 5);
  const options = { x: 'epoch', y: 'value' } as const;
  return {
    ...MARGIN,
    marginRight,
    x: { domain: epochs === 1 ? [0.5, 1.5] : [1, epochs], label: null },
    y: { domain, label: null },
    marks: [
      Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
      Plot.axisY({
        ticks: 5,
        tickSize: 0,
        fill: theme.muted,
        tickFormat: (value: number) =>
          measure === 'accuracy' ? percent(value, accuracyDigits) : fixed(value, 2),
      }),
      Plot.axisX({
        ticks: epochTicks(epochs),
        tickSize: 4,
        color: theme.muted,
        tickFormat: (epoch: number) => String(epoch),
        label: 'Epoch',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
      }),
      ...(single
        ? []
        : lines.flatMap(({ runs, colour }) =>
            runs.slice(0, MOST_LINES).map((run) =>
              Plot.line(toPoints(run), {
                ...options,
                stroke: colour,
                strokeWidth: 1,
                strokeOpacity: Math.max(0.12, Math.min(0.4, 2.4 / runs.length)),
              }),
            ),
          )),
      ...means.flatMap((values, i) => [
        Plot.line(toPoints(values), { ...options, stroke: lines[i].colour, strokeWidth: 2.75 }),
        ...(epochs === 1 ? [Plot.dot(toPoints(values), { ...options, fill: lines[i].colour, r: 4 })] : []),
      ]),
      ...lines.flatMap(({ paper }) =>
        paper === null
          ? []
          : [
              Plot.line(toPoints(paper), {
                ...options,
                stroke: theme.ink,
                strokeWidth: 1.5,
                strokeDasharray: '5,4',
              }),
            ],
      ),
      ...labels.map(({ text, colour, epoch, value }) =>
        Plot.text([{ epoch, value }], {
          ...options,
          text: () => text,
          fill: colour,
          textAnchor: 'start',
          dx: 8,
          fontWeight: 600,
          fontSize: TEXT_SIZE,
        }),
      ),
    ],
  };
}

function verticalDomain(values: readonly number[], measure: Measure): [number, number] {
  const low = Math.min(...values);
  if (measure === 'accuracy') return [Math.max(0, Math.floor(low * 50 - 1e-9) / 50), 1];
  return [0, Math.max(...values) * 1.04];
}

/** Every epoch up to 12, else about ten round steps, the first and the last always. */
function epochTicks(epochs: number): number[] {
  // Three digits need more room.
  const most = epochs < 100 ? 10 : 6;
  const step =
    epochs <= 12
      ? 1
      : ([2, 5, 10, 20, 50, 100, 200, 500].find((one) => epochs / one <= most) ?? Math.ceil(epochs / most));
  const ticks = Array.from({ length: Math.ceil(epochs / step) }, (_, i) => (i === 0 ? 1 : i * step));
  return [...new Set([...ticks.filter((tick) => tick === 1 || epochs - tick >= step / 2), epochs])];
}

function lastOf(values: readonly number[]): number {
  return values[values.length - 1];
}
