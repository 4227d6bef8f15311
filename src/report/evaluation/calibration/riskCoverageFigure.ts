import * as Plot from '@observablehq/plot';
import { mean } from '../../../stats/describe.ts';
import { countOf, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import type { ArmRuns } from './arms.ts';

/** Errors among the answered at a share handed over, mean over runs. */
export function riskHandingOver({ runs }: ArmRuns, share: number): number {
  const { length } = runs[0].riskCoverage.risks;
  const at = Math.max(1, Math.round((1 - share) * length)) - 1;
  return mean(runs.map(({ riskCoverage }) => riskCoverage.risks[at]));
}

const HEIGHT = 300;
/** Share of the error rate of all images below which a curve has nothing more to show. */
const NOTHING = 0.04;

/** The longest axis worth drawing: up to the share at which all curves are down to almost nothing. */
function longestShare(arms: readonly ArmRuns[]): number {
  const shares = [0.1, 0.2, 0.3, 0.5];
  const enough = (share: number) =>
    arms.every((arm) => riskHandingOver(arm, share) <= NOTHING * riskHandingOver(arm, 0));
  return shares.find(enough) ?? 1;
}

/** Errors among the answered images against the share of images that is handed to a person, least sure first. */
export function riskCoverageFigure(arms: readonly ArmRuns[], context: FigureContext): Figure {
  const { theme } = context;
  const longest = longestShare(arms);
  const points = (risks: readonly number[]) =>
    risks
      .map((risk, j) => ({ handed: 1 - (j + 1) / risks.length, risk }))
      .filter(({ handed }) => handed <= longest + 1e-9);
  const curves = arms.map((arm) => ({
    arm,
    colour: theme.arm(arm.activation),
    mean: points(
      arm.runs[0].riskCoverage.risks.map((_, j) =>
        mean(arm.runs.map(({ riskCoverage }) => riskCoverage.risks[j])),
      ),
    ),
    runs: arm.runs.map(({ riskCoverage }) => points(riskCoverage.risks)),
  }));
  const top = 1.05 * Math.max(1e-4, ...curves.flatMap(({ runs }) => runs.flat().map(({ risk }) => risk)));
  const digits = top > 0.2 ? 0 : 1;
  const seeds = Math.max(...arms.map(({ runs }) => runs.length));
  const options = { x: 'handed', y: 'risk' } as const;
  return compose(context, {
    name: 'risk-coverage',
    title: 'Errors left when the least sure images go to a person',
    subtitle: `Share of wrong answers among the images still answered by the model. A useful confidence makes the curve fall steeply${seeds > 1 ? `. Thick: mean of ${countOf(seeds, 'run')}; thin: each run` : ''}.`,
    alt: `Share of wrong answers among the answered images: ${listOf(
      arms.map(
        (arm) =>
          `${arm.label} ${percent(riskHandingOver(arm, 0))} when it answers all, ${percent(riskHandingOver(arm, 0.05))} when the least sure 5\u00a0% are handed to a person, ${percent(riskHandingOver(arm, 0.1))} at 10\u00a0%`,
      ),
    )}.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: curves.map(({ arm, colour }) => ({
      kind: 'line',
      label: `${arm.label}: ${percent(riskHandingOver(arm, 0))}, at 5\u00a0% handed over ${percent(riskHandingOver(arm, 0.05))}`,
      colour,
      width: 2.75,
    })),
    plot: {
      marginTop: 10,
      marginRight: 16,
      marginBottom: 44,
      marginLeft: 54,
      x: { domain: [0, longest], label: null },
      y: { domain: [0, top], label: null },
      marks: [
        Plot.gridY({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY({
          ticks: 5,
          tickSize: 0,
          fill: theme.muted,
          tickFormat: (value: number) => percent(value, digits),
        }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value, 0),
          label: 'share of images handed to a person',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        ...(seeds > 1
          ? curves.flatMap(({ runs, colour }) =>
              runs.map((run) =>
                Plot.line(run, {
                  ...options,
                  stroke: colour,
                  strokeWidth: 1,
                  strokeOpacity: Math.max(0.12, Math.min(0.4, 2.4 / runs.length)),
                }),
              ),
            )
          : []),
        ...curves.map(({ mean: curve, colour }) =>
          Plot.line(curve, { ...options, stroke: colour, strokeWidth: 2.75 }),
        ),
      ],
    },
  });
}
