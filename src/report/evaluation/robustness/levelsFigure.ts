import * as Plot from '@observablehq/plot';
import type { Robustness } from '../../../analysis/robustness/result.ts';
import { listOf, percent } from '../../../study/wording.ts';
import type { Figure, FigureContext } from '../../figures/figure.ts';
import { compose, FIGURE_WIDTH } from '../../figures/figure.ts';
import { clip, imagesText, inSentence, intervalsText, shownArms } from './words.ts';
import { wordsIn } from '../../dataWords.ts';

const COLUMNS = 3;
const PANEL = 128;

/** Accuracy against level for each corruption with several levels: one small panel each. */
export function levelsFigure(robustness: Robustness, context: FigureContext): Figure {
  const { theme } = context;
  const arms = shownArms(robustness);
  const panels = robustness.corruptions.flatMap((corruption, c) =>
    corruption.settings.length > 1 ? [{ ...corruption, c }] : [],
  );
  const place = (p: number) => ({ column: p % COLUMNS, row: Math.floor(p / COLUMNS) });
  const lines = arms.flatMap(({ label, colour, clean, accuracy }) =>
    panels.flatMap(({ c }, p) =>
      [clean, ...accuracy[c]].map(({ mean, low, high }, level) => ({
        ...place(p),
        level,
        arm: label,
        x: 100 * mean,
        low: 100 * clip(low ?? mean),
        high: 100 * clip(high ?? mean),
        colour: theme.arm(colour),
      })),
    ),
  );
  const marked = panels.map(({ published }, p) => ({ ...place(p), level: published + 1 }));
  const labels = panels.map(({ label }, p) => ({ ...place(p), label }));
  const levels = Math.max(...panels.map(({ settings }) => settings.length));
  const facet = { fx: 'column', fy: 'row' } as const;
  const rows = Math.ceil(panels.length / COLUMNS);
  return compose(context, {
    name: 'robustness-levels',
    title: 'How accuracy falls as corruptions grow stronger',
    subtitle: `Share of the ${wordsIn(context).things} read right on ${imagesText(robustness)}; level 0 is the clean image, the dashed line marks the level of MNIST-C. ${intervalsText(arms)}. A line that stays high is good.`,
    alt: `Accuracy at levels 0 (clean) to ${levels}. ${arms
      .map(
        ({ label, accuracy }) =>
          `${label} falls at the strongest level to ${listOf(panels.map((panel) => `${percent(accuracy[panel.c][accuracy[panel.c].length - 1].mean, 0)} under ${inSentence(panel.label)}`))}`,
      )
      .join('. ')}.`,
    width: FIGURE_WIDTH * 1.5,
    height: rows * PANEL + 74,
    legend: arms.map(
      ({ label, colour }) => ({ kind: 'line', label, colour: theme.arm(colour), width: 2.5 }) as const,
    ),
    plot: {
      marginTop: 26,
      marginBottom: 46,
      marginLeft: 46,
      marginRight: 12,
      fx: { axis: null, padding: 0.1 },
      fy: { axis: null, padding: 0.24 },
      x: { domain: [0, levels], label: null },
      y: { domain: [0, 100], label: null },
      color: { type: 'identity' },
      marks: [
        Plot.gridY({ ticks: [0, 50, 100], stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX(marked, { ...facet, x: 'level', stroke: theme.muted, strokeDasharray: '3,3' }),
        Plot.areaY(lines, {
          ...facet,
          x: 'level',
          y1: 'low',
          y2: 'high',
          z: 'arm',
          fill: 'colour',
          fillOpacity: 0.18,
        }),
        Plot.line(lines, { ...facet, x: 'level', y: 'x', z: 'arm', stroke: 'colour', strokeWidth: 2.25 }),
        Plot.text(labels, {
          ...facet,
          text: 'label',
          frameAnchor: 'top-left',
          dy: -15,
          fill: theme.ink,
          fontSize: 12.5,
          fontWeight: 600,
        }),
        Plot.axisY({
          ticks: [0, 50, 100],
          tickSize: 0,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, 0),
        }),
        Plot.axisX({
          ticks: Array.from({ length: levels + 1 }, (_, level) => level),
          tickSize: 3,
          color: theme.muted,
          tickFormat: (level: number) => String(level),
          label: 'level',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 38,
        }),
      ],
    },
  });
}
