import type { Arm } from '../../study/arm.ts';
import { meanOf } from '../../study/arm.ts';
import { activationName, countOf, listOf } from '../../study/wording.ts';
import type { CurveLine, Measure } from './curves.ts';
import { curveLegend, curvePlot, levelOf } from './curves.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH } from './figure.ts';

export interface OverviewData {
  readonly arms: readonly Arm[];
  readonly measure: Measure;
  readonly validationSet: string;
}

/** The validation curves of all activations in one picture. */
export function overviewFigure(
  { arms, measure, validationSet }: OverviewData,
  context: FigureContext,
): Figure {
  const key = `val_${measure}` as const;
  const lines = arms.map(({ activation, trials }): CurveLine => ({
    group: activationName(activation),
    colour: context.theme.arm(activation),
    runs: trials.map((trial) => trial.history[key]),
    paper: null,
  }));
  const write = levelOf(measure);
  const ends = arms.map((arm) => {
    const end = meanOf(arm, ({ history }) => history[key][history[key].length - 1]);
    return `${activationName(arm.activation)} ends at ${write(end)}`;
  });
  const seeds = Math.max(...arms.map(({ trials }) => trials.length));
  return compose(context, {
    name: `validation-${measure}`,
    title: `Validation ${measure}`,
    subtitle: `By epoch, ${countOf(seeds, 'seed')} each; validation is ${validationSet}.`,
    alt: `Validation ${measure} by epoch, mean over seeds: ${listOf(ends)}.`,
    width: FIGURE_WIDTH,
    height: 300,
    legend: curveLegend(context.theme.ink, seeds, false),
    plot: curvePlot(lines, measure, context),
  });
}
