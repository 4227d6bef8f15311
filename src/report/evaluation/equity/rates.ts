import type { Equity } from '../../../analysis/equity/measure.ts';
import { FEWEST_IMAGES, FEWEST_WRITERS } from '../../../analysis/equity/rates.ts';
import type { FamilyName } from '../../../analysis/equity/slices.ts';
import { capitalised, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { armByArm, armLegend, percentDot, referenceLegend } from './armDots.ts';
import type { IntervalRow } from './intervalRows.ts';
import { intervalRowsPlot, ROWS_WIDTH } from './intervalRows.ts';
import { drawnArms, familyTitle, intervalText, rateRange, seedsText, sliceName } from './words.ts';

/** Error rate of every group with its interval, a dot for each arm; the dashed line is an arm's error on all images. */
export function ratesFigure(
  equity: Equity,
  { name, title, families }: { name: string; title: string; families: readonly FamilyName[] },
  context: FigureContext,
): Figure {
  const { theme } = context;
  const arms = drawnArms(equity);
  const shown = equity.families.flatMap(({ name: family, slices }, f) =>
    families.includes(family) ? [{ family, slices, f }] : [],
  );
  const rows: IntervalRow[] = shown.flatMap(({ family, slices, f }) => [
    { label: familyTitle(family, context), dots: [], note: '' },
    ...Array.from({ length: slices }, (_, s): IntervalRow => {
      const rates = arms.map(({ original }) => original.rates[f][s]);
      const enough = rates[0].interval !== null;
      return {
        label: sliceName(family, s, context),
        dots: arms.flatMap((arm, a) => {
          const { rate, interval } = rates[a];
          return percentDot(rate, interval, { colour: arm.colourIn(theme), filled: interval !== null });
        }),
        note: `${grouped(rates[0].images)}${enough ? '' : ': too few'}`,
      };
    }),
  ]);
  const { plot, height } = intervalRowsPlot(
    rows,
    {
      label: 'share of the images misread, percent (right: number of images)',
      format: (value) => fixed(value, 0),
      references: arms.map((arm) => ({ x: 100 * (arm.original.all.rate ?? 0), colour: arm.colourIn(theme) })),
      include: [0],
    },
    context,
  );
  const some = equity.arms.some(({ original }) =>
    shown.some(({ f }) => original.rates[f].some(({ interval }) => interval === null)),
  );
  return compose(context, {
    name,
    title,
    subtitle: `${capitalised(seedsText(equity))}; bars are 95\u00a0% intervals over ${intervalText(equity)}. Right of the dashed line is worse than average.${some ? ` Hollow: fewer than ${FEWEST_IMAGES} images${equity.writers === null ? '' : ` or ${FEWEST_WRITERS} writers`}, too few for an interval.` : ''}`,
    alt: `Share of misread images: ${shown
      .map(
        ({ family, slices, f }) =>
          `${familyTitle(family, context)}: ${listOf(
            Array.from({ length: slices }, (_, s) => s).map(
              (s) =>
                `${sliceName(family, s, context)} ${armByArm(arms, ({ original }) => {
                  const { rate, interval } = original.rates[f][s];
                  const value = rate === null ? 'no images' : percent(rate);
                  return `${value}${interval === null ? '' : ` (${rateRange(interval)})`}`;
                })}`,
            ),
          )}`,
      )
      .join('. ')}.`,
    width: ROWS_WIDTH,
    height,
    legend: [...armLegend(arms, theme), referenceLegend('all images', theme)],
    plot,
  });
}
