import { LEVEL } from '../../../analysis/equity/gaps.ts';
import { FEWEST_IMAGES, FEWEST_WRITERS, type Rate } from '../../../analysis/equity/rates.ts';
import { capitalised, countOf, fixed, grouped, listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose } from '../../figures/figure.ts';
import { armByArm, armLegend, percentDot, referenceLegend } from '../equity/armDots.ts';
import { type IntervalRow, intervalRowsPlot, ROWS_WIDTH } from '../equity/intervalRows.ts';
import { rateRange } from '../equity/words.ts';
import { type Drawings, drawnArms, networksText, type ShownArm, unitsText } from './words.ts';

/** Places of groups in the order in which they are shown: digits as they are, sources by their size. */
export function shownGroups(drawings: Drawings, kind: 'digits' | 'sources'): number[] {
  const rates = drawings.arms[0][kind];
  const order = Array.from(rates.keys());
  return kind === 'digits' ? order : order.sort((a, b) => rates[b].images - rates[a].images || a - b);
}

export function groupName(drawings: Drawings, kind: 'digits' | 'sources', group: number): string {
  return kind === 'digits' ? String(group) : drawings.sources[group];
}

/** Share misread by digit or by place of collection, a dot for each arm; the dashed line is an arm's share of all drawings. */
export function groupsFigure(drawings: Drawings, kind: 'digits' | 'sources', context: FigureContext): Figure {
  const { theme } = context;
  const arms = drawnArms(drawings);
  const groups = shownGroups(drawings, kind);
  const dot = (arm: ShownArm, g: number): IntervalRow['dots'] => {
    const { rate, interval } = arm[kind][g];
    const { holm } = arm.gaps[kind][g];
    return percentDot(rate, interval, {
      colour: arm.colourIn(theme),
      filled: holm !== null && holm < LEVEL,
    });
  };
  const { plot, height } = intervalRowsPlot(
    groups.map((g) => ({
      label: groupName(drawings, kind, g),
      dots: arms.flatMap((arm) => dot(arm, g)),
      note: sizeText(arms[0][kind][g], kind),
    })),
    {
      label: `share of the drawings misread, percent (right: drawings${kind === 'sources' ? ' / writers' : ''})`,
      format: (value) => fixed(value, 0),
      references: arms.map((arm) => ({ x: 100 * (arm.error.rate ?? 0), colour: arm.colourIn(theme) })),
      include: [0],
    },
    context,
  );
  const few = groups.some((g) => arms[0][kind][g].interval === null);
  return compose(context, {
    name: `drawings-${kind}`,
    title:
      kind === 'digits'
        ? 'Misread drawings by digit'
        : `Misread drawings by place: ${countOf(groups.length, 'collection')}, largest first`,
    subtitle: `${capitalised(networksText(drawings))}; bars are 95\u00a0% intervals over ${unitsText(drawings)}. Filled: the difference from all other drawings holds after Holm’s correction.${few ? ` No bar: fewer than ${FEWEST_IMAGES} drawings or ${FEWEST_WRITERS} writers.` : ''}`,
    alt: `Share of misread drawings by ${kind === 'digits' ? 'digit' : 'place'}: ${listOf(
      groups.map(
        (g) =>
          `${groupName(drawings, kind, g)} ${armByArm(arms, (arm) => {
            const { rate, interval } = arm[kind][g];
            return `${rate === null ? 'none' : percent(rate, 1)}${interval === null ? '' : ` (${rateRange(interval)})`}`;
          })}`,
      ),
    )}.`,
    width: ROWS_WIDTH,
    height,
    legend: [...armLegend(arms, theme), referenceLegend('all drawings', theme)],
    plot,
  });
}

function sizeText({ images, writers }: Rate, kind: 'digits' | 'sources'): string {
  return kind === 'digits' ? grouped(images) : `${grouped(images)} / ${writers ?? 0}`;
}
