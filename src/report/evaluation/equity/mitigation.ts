import type { CrossedChange, RecipeEffect } from '../../../analysis/equity/mitigation.ts';
import { capitalised, countOf, listOf, points, signed } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import type { IntervalRow } from './intervalRows.ts';
import { intervalRowsPlot, ROWS_WIDTH } from './intervalRows.ts';
import type { ShownArm, Sources } from './words.ts';
import { pointRange, widenedText } from './words.ts';

interface Change {
  readonly label: string;
  readonly change: CrossedChange;
}

function changesOf({ error, population }: RecipeEffect): Change[] {
  return [
    ...(population === null
      ? []
      : [
          { label: 'gap, students − employees', change: population.gap },
          { label: 'error, students', change: population.students },
          { label: 'error, employees', change: population.employees },
        ]),
    { label: 'error, all images', change: error },
  ];
}

/** What each other recipe changes against the first of its activation: left of zero is better. */
export function mitigationFigure(
  effects: readonly RecipeEffect[],
  arms: readonly ShownArm[],
  sources: Sources,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const armOf = (name: string) => arms.find(({ arm }) => arm === name)!;
  const heading = ({ arm, baseline }: RecipeEffect) =>
    `${capitalised(armOf(arm).label)} instead of ${armOf(baseline).label}`;
  const rows = effects.flatMap((effect): IntervalRow[] => [
    { label: heading(effect), dots: [], note: '' },
    ...changesOf(effect).map(({ label, change: { mean, crossed: interval } }) => ({
      label,
      dots: [
        {
          x: 100 * mean,
          interval: interval && ([100 * interval[0], 100 * interval[1]] as const),
          colour: armOf(effect.arm).colourIn(theme),
          filled: interval !== null && (interval[0] > 0 || interval[1] < 0),
        },
      ],
      note: signed(100 * mean, 2),
    })),
  ]);
  const { plot, height } = intervalRowsPlot(
    rows,
    {
      label: 'change in percentage points: left of zero is a smaller gap, or fewer errors',
      format: (value) => signed(value, 1),
      references: [{ x: 0, colour: theme.ink }],
      include: [0],
    },
    context,
  );
  const pairs = [...new Set(effects.map((effect) => effect.pairs))];
  const several = pairs.some((count) => count > 1);
  return compose(context, {
    name: 'equity-mitigation',
    title: 'What another recipe does to the gap, and what it costs',
    subtitle: `Networks of the same seed, with the recipe and without: ${pairs.length === 1 ? countOf(pairs[0], 'pair') : `${Math.min(...pairs)} to ${Math.max(...pairs)} pairs`}. ${several ? `Bars are 95\u00a0% intervals over seeds and ${sources.writers === null ? `images, ${widenedText(sources)}` : 'writers'}; a filled dot: the interval leaves zero out.` : 'One pair has no interval: another seed may give another sign.'}`,
    alt: `Changes: ${effects
      .map(
        (effect) =>
          `${heading(effect)}: ${listOf(
            changesOf(effect).map(
              ({ label, change: { mean, crossed: interval } }) =>
                `${label} ${points(mean)}${interval === null ? '' : ` (${pointRange(interval)})`}`,
            ),
          )}`,
      )
      .join('. ')}.`,
    width: ROWS_WIDTH,
    height,
    plot,
  });
}
