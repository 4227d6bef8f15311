import * as Plot from '@observablehq/plot';
import type { KnownErrors } from '../../../analysis/labelErrors/measure.ts';
import { activationName, countOf, listOf } from '../../../study/wording.ts';
import type { Figure, FigureContext, LegendItem } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';

const HEIGHT = 300;
const TOLD = [15, 50, 100, 300];

/** How many of the known label errors are among the first k of the ranking, against k. */
export function recallFigure(known: KnownErrors, images: number, context: FigureContext): Figure {
  const { theme } = context;
  const { normalisedMargin, selfConfidence } = known.found;
  const most = normalisedMargin.length;
  const several = known.runs.length > 1;
  const points = (found: readonly number[]) => [
    { k: 0, found: 0 },
    ...found.map((n, i) => ({ k: i + 1, found: n })),
  ];
  const options = { x: 'k', y: 'found' } as const;
  const single: LegendItem[] = several
    ? [...new Set(known.runs.map(({ activation }) => activation))].map((activation) => ({
        kind: 'line',
        label: `each ${activationName(activation)} network alone`,
        colour: theme.arm(activation),
        width: 1,
        opacity: 0.6,
      }))
    : [];
  return compose(context, {
    name: 'label-errors-recall',
    title: `How soon the ${known.total} known wrong labels turn up`,
    subtitle: `Wrong test labels, confirmed by people, among the first k images of the ranking${several ? ` by the mean of ${countOf(known.runs.length, 'network')}` : ''}. The steeper, the fewer images a person has to check.`,
    alt: `Of the ${known.total} known wrong test labels, the ranking by normalised margin has ${listOf(TOLD.map((k) => `${normalisedMargin[Math.min(k, most) - 1]} among the first ${k}`))}; the ranking by self-confidence ${listOf(TOLD.map((k) => String(selfConfidence[Math.min(k, most) - 1])))}. At random fewer than one would be expected among the first 300.`,
    width: FIGURE_WIDTH,
    height: HEIGHT,
    legend: [
      { kind: 'line', label: 'by normalised margin', colour: theme.heat, width: 2.75 },
      { kind: 'line', label: 'by self-confidence', colour: theme.ink, width: 1.5, dash: '5,4' },
      ...single,
      { kind: 'line', label: 'random order', colour: theme.muted, width: 1.25, dash: '2,3' },
    ],
    plot: {
      marginTop: 12,
      marginRight: 16,
      marginBottom: 44,
      marginLeft: 36,
      x: { domain: [0, most], label: null },
      y: { domain: [0, known.total], label: null },
      marks: [
        Plot.gridY([0, 5, 10, 15], { stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisY([0, 5, 10, 15], { tickSize: 0, fill: theme.muted }),
        Plot.axisX({
          ticks: 6,
          tickSize: 4,
          color: theme.muted,
          label: 'k: images checked, most suspicious first',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.line(
          [
            { k: 0, found: 0 },
            { k: most, found: (most * known.total) / images },
          ],
          { ...options, stroke: theme.muted, strokeWidth: 1.25, strokeDasharray: '2,3' },
        ),
        ...(several
          ? known.runs.map(({ found, activation }) =>
              Plot.line(points(found), {
                ...options,
                stroke: theme.arm(activation),
                strokeWidth: 1,
                strokeOpacity: Math.max(0.12, Math.min(0.45, 2.4 / known.runs.length)),
              }),
            )
          : []),
        Plot.line(points(selfConfidence), {
          ...options,
          stroke: theme.ink,
          strokeWidth: 1.5,
          strokeDasharray: '5,4',
        }),
        Plot.line(points(normalisedMargin), { ...options, stroke: theme.heat, strokeWidth: 2.75 }),
      ],
    },
  });
}
