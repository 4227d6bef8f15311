import { LEVEL } from '../../../analysis/equity/gaps.ts';
import type { Equity } from '../../../analysis/equity/measure.ts';
import { fixed, listOf, points, signed } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { pText } from '../../tables/statistics.ts';
import { armByArm, armLegend, percentDot } from './armDots.ts';
import type { IntervalRow } from './intervalRows.ts';
import { intervalRowsPlot, ROWS_WIDTH } from './intervalRows.ts';
import { drawnArms, familyTitle, intervalText, pointRange, sliceName } from './words.ts';

/** Each group's error less that of all other images: populations, digits, and the ends of each measure. */
export function gapsFigure(equity: Equity, context: FigureContext): Figure {
  const { theme } = context;
  const arms = drawnArms(equity);
  const groups = equity.families.flatMap(({ name, slices }, f) => {
    const ends = name === 'population' ? [0] : name === 'digit' ? [...Array(slices).keys()] : [0, slices - 1];
    return ends.map((s) => ({ name, f, s }));
  });
  const label = ({ name, s }: (typeof groups)[number]) =>
    name === 'population' ? 'students − employees' : sliceName(name, s, context);
  const rows = groups.flatMap((group, k): IntervalRow[] => {
    const { name, f, s } = group;
    const heading =
      k === 0 || groups[k - 1].name !== name
        ? [{ label: familyTitle(name, context), dots: [], note: '' }]
        : [];
    const gaps = arms.map(({ original }) => original.gaps[f][s]);
    return [
      ...heading,
      {
        label: label(group),
        dots: arms.flatMap((arm, a) => {
          const { difference, differenceInterval: interval, ratio, holm } = gaps[a];
          return percentDot(difference, interval, {
            colour: arm.colourIn(theme),
            filled: holm !== null && holm < LEVEL,
            ...(interval !== null && ratio !== null && { note: `× ${fixed(ratio, 1)}` }),
          });
        }),
        note: gaps.every(({ differenceInterval }) => differenceInterval === null) ? 'too few' : '',
      },
    ];
  });
  const { plot, height } = intervalRowsPlot(
    rows,
    {
      label: 'error less that of all other images, percentage points (right: ratio)',
      format: (value) => signed(value, 0),
      references: [{ x: 0, colour: theme.ink }],
      include: [0],
    },
    context,
  );
  const tests = equity.arms[0].original.gaps.flat().filter(({ p }) => p !== null).length;
  return compose(context, {
    name: 'equity-gaps',
    title: 'Who and what is misread more often than the rest',
    subtitle: `Difference of error rates with 95\u00a0% intervals over ${intervalText(equity)}. Right of zero: misread more often. A filled dot is a difference that holds after Holm's correction for ${tests} comparisons of an arm; a hollow one is not shown to be one.`,
    alt: `Error less that of all other images: ${listOf(
      groups.map(
        (group) =>
          `${familyTitle(group.name, context).toLowerCase()} ${label(group)} ${armByArm(
            arms,
            ({ original }) => {
              const gap = original.gaps[group.f][group.s];
              const value = gap.difference === null ? 'no images' : points(gap.difference);
              const range =
                gap.differenceInterval === null
                  ? ''
                  : ` (${pointRange(gap.differenceInterval)}, corrected p ${pText(gap.holm!)})`;
              return `${value}${range}`;
            },
          )}`,
      ),
    )}.`,
    width: ROWS_WIDTH,
    height,
    legend: armLegend(arms, theme),
    plot,
  });
}
