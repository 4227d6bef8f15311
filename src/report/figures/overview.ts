import type { Arm } from '../../study/arm.ts';
import { meanOf } from '../../study/arm.ts';
import { countOf, listOf } from '../../study/wording.ts';
import type { CurveLine, Measure } from './curves.ts';
import { curveLegend, curvePlot, levelOf, MARGIN } from './curves.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH, labelMargin } from './figure.ts';

export interface OverviewData {
  readonly arms: readonly Arm[];
  /** What runs are called. */
  readonly unit: string;
  readonly measure: Measure;
  readonly validationSet: string;
}

/** The validation curves of all arms in one picture. */
export function overviewFigure(
  { arms, unit, measure, validationSet }: OverviewData,
  context: FigureContext,
): Figure {
  const key = `val_${measure}` as const;
  const lines = arms.map(({ label, colour, trials }): CurveLine => ({
    group: label,
    colour: context.theme.arm(colour),
    runs: trials.map((trial) => trial.history[key]),
    paper: null,
  }));
  const write = levelOf(measure);
  const ends = arms.map((arm) => {
    const end = meanOf(arm, ({ history }) => history[key][history[key].length - 1]);
    return `${arm.label} ends at ${write(end)}`;
  });
  const seeds = Math.max(...arms.map(({ trials }) => trials.length));
  return compose(context, {
    name: `validation-${measure}`,
    title: `Validation ${measure}`,
    subtitle: `By epoch, ${countOf(seeds, unit)} each; validation is ${validationSet}.`,
    alt: `Validation ${measure} by epoch, mean over ${unit}s: ${listOf(ends)}.`,
    width: FIGURE_WIDTH,
    height: 300,
    legend: curveLegend(context.theme.ink, seeds, unit, false),
    plot: curvePlot(
      lines,
      measure,
      context,
      labelMargin(
        lines.map(({ group }) => `${group} 0.000`),
        MARGIN.marginRight,
      ),
    ),
  });
}
