import * as Plot from '@observablehq/plot';
import { topConfusions } from '../../analysis/confusion.ts';
import type { Arm } from '../../study/arm.ts';
import { meanConfusion } from '../../study/arm.ts';
import { countOf, fixed, listOf, percent } from '../../study/wording.ts';
import type { DataWords } from '../dataWords.ts';
import type { Theme } from '../theme.ts';
import type { Figure, FigureContext } from './figure.ts';
import { compose, FIGURE_WIDTH } from './figure.ts';

export interface ConfusionData {
  readonly arm: Arm;
  /** What runs are called, and what they were judged on. */
  readonly runs: string;
  readonly keptOut: string;
  readonly unit: 'counts' | 'rates';
  readonly words: Pick<DataWords, 'many' | 'classes'>;
}

const DIAGONAL_OPACITY = 0.92;
/** At the most what text of the page's own colour is still read on, in the dark too: between this and the diagonal neither colour is. */
const ERROR_OPACITY = { low: 0.04, high: 0.5 };

/**
 * Opacity of a matrix cell. Correct ones are all dark; errors, a hundredth of them, have a linear scale of their own
 * that ends at the largest error.
 */
export function cellOpacity(share: number, largestError: number, correct: boolean): number {
  if (correct) return DIAGONAL_OPACITY;
  if (share <= 0 || largestError <= 0) return 0;
  return ERROR_OPACITY.low + (ERROR_OPACITY.high - ERROR_OPACITY.low) * (share / largestError);
}

/** Text on a cell of this opacity is read in the light colour. */
export function isDarkCell(opacity: number): boolean {
  return opacity > 0.55;
}

/** '1,122' would be too wide: counts have one decimal below 100 where they are means, rates are in percent. */
export function cellText(value: number, unit: ConfusionData['unit'], isMean: boolean): string {
  if (value === 0) return '';
  if (unit === 'counts') return fixed(value, isMean && value < 100 ? 1 : 0);
  return fixed(100 * value, value < 0.01 ? 2 : 1);
}

const LONGEST_NAME = 14;
/** Classes whose cells have room for a number. */
const MOST_NUMBERED = 20;

/** True class downwards, predicted class to the right, the mean over the seeds, as counts or as shares of a row. */
export function confusionFigure(
  { arm, runs, keptOut, unit, words: { many, classes } }: ConfusionData,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const name = arm.label;
  const counts = meanConfusion(arm);
  const sizes = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const values = counts.map((row, t) =>
    row.map((count) => (unit === 'counts' ? count : count / (sizes[t] || 1))),
  );
  const errors = values.flatMap((row, t) => row.filter((_, p) => p !== t));
  const largest = Math.max(...errors);
  const isMean = arm.trials.length > 1;
  const digits = counts.map((_, digit) => digit);
  const cells = digits.flatMap((t) =>
    digits.map((p) => {
      const opacity = cellOpacity(values[t][p], largest, t === p);
      return {
        t,
        p,
        opacity,
        dark: isDarkCell(opacity),
        text: cellText(values[t][p], unit, isMean),
      };
    }),
  );
  const write = (value: number) => (unit === 'counts' ? fixed(value, isMean ? 1 : 0) : percent(value));
  const top = topConfusions(values, 3).map(
    ({ trueClass, predictedClass, count }) =>
      `${classes[trueClass]} taken for ${classes[predictedClass]} (${write(count)})`,
  );
  // Names need room, and turn where they stand side by side; numbers in cells only where these are wide enough.
  const named = Math.max(...classes.map(({ length }) => length)) > 2;
  const short = (k: number) =>
    classes[k].length <= LONGEST_NAME ? classes[k] : `${classes[k].slice(0, LONGEST_NAME - 1)}…`;
  const axis = { tickSize: 0, fontSize: digits.length > 16 ? 9 : 13, color: theme.ink } as const;
  const fontSize = (unit === 'rates' ? 12 : 12.5) * Math.min(1, 10 / digits.length);
  return compose(context, {
    name: `confusion-${arm.name}-${unit}`,
    title: `Confusion Matrix – ${name}`,
    subtitle: `${unit === 'counts' ? `Number of ${keptOut}` : 'Percent of the images of the true class'}${isMean ? `, mean over ${countOf(arm.trials.length, runs)}` : ''}.`,
    alt: `Confusion matrix of ${name}, ${unit === 'counts' ? 'counts' : 'percent of the true class'}${isMean ? `, mean over ${countOf(arm.trials.length, runs)}` : ''}. Correct for the ${many} ${classes[0]} to ${classes[classes.length - 1]}: ${listOf(digits.map((digit) => write(values[digit][digit])))}. ${top.length === 0 ? 'No errors.' : `Most frequent errors: ${listOf(top)}.`}`,
    width: FIGURE_WIDTH,
    height: FIGURE_WIDTH,
    legend: [
      { kind: 'ramp', label: 'right', colour: theme.heat, opacities: [DIAGONAL_OPACITY] },
      {
        kind: 'ramp',
        label: `wrong, own scale: 0 to ${write(largest)}`,
        colour: theme.heat,
        opacities: [0, 0.25, 0.5, 0.75, 1].map((share) => cellOpacity(share, 1, false)),
      },
    ],
    plot: {
      marginTop: 8,
      marginRight: 2,
      marginBottom: named ? 96 : 46,
      marginLeft: named ? 104 : 44,
      padding: 0.04,
      x: { domain: digits, label: null },
      y: { domain: digits, label: null },
      opacity: { type: 'identity' },
      marks: [
        ...matrixCells(
          digits.length > MOST_NUMBERED ? cells.map((cell) => ({ ...cell, text: '' })) : cells,
          theme,
          fontSize,
        ),
        Plot.axisX({
          ...axis,
          ...(named && { tickFormat: short, tickRotate: -40 }),
          label: 'Predicted',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: named ? 92 : 42,
        }),
        Plot.axisY({
          ...axis,
          ...(named && { tickFormat: short }),
          label: 'True',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: named ? 100 : 40,
        }),
      ],
    },
  });
}

/** A square for each cell, [t, p], and its number on it, light where the square is dark. */
export function matrixCells(
  cells: readonly {
    readonly t: number;
    readonly p: number;
    readonly opacity: number;
    readonly dark: boolean;
    readonly text: string;
  }[],
  theme: Theme,
  fontSize: number,
): Plot.Markish[] {
  const text = {
    x: 'p',
    y: 't',
    text: 'text',
    fontSize,
    fontVariant: 'tabular-nums',
    pointerEvents: 'none',
  } as const;
  return [
    Plot.cell(cells, {
      x: 'p',
      y: 't',
      fill: theme.heat,
      fillOpacity: 'opacity',
      stroke: theme.rule,
      strokeWidth: 1,
      rx: 2,
    }),
    Plot.text(
      cells.filter(({ dark }) => dark),
      { ...text, fill: theme.onHeat },
    ),
    Plot.text(
      cells.filter(({ dark }) => !dark),
      { ...text, fill: theme.ink },
    ),
  ];
}
