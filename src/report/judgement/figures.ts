import * as Plot from '@observablehq/plot';
import { ARM_COLOURS } from '../../study/arm.ts';
import type { JudgedModel, PredictionJudgement } from '../../study/judgePredictions.ts';
import { countOf, fixed, listOf, percent, points, signed } from '../../study/wording.ts';
import { cellOpacity, isDarkCell, matrixCells } from '../figures/confusion.ts';
import { compose, FIGURE_WIDTH, type Figure, type FigureContext } from '../figures/figure.ts';

/** The colour of model number `index`, as a name for `Theme.arm`. */
export function modelColour(index: number): string {
  return ARM_COLOURS[index % ARM_COLOURS.length];
}

const LONGEST = 16;
/** The label of a pair stands above its marks: two names are too wide to stand beside them. */
const PAIR_ROW = 70;
/** Above this a matrix cannot be read. */
export const MOST_CLASSES_DRAWN = 20;

const clipped = (name: string, longest = LONGEST): string =>
  name.length > longest ? `${name.slice(0, longest - 1)}…` : name;

/** The room a label takes at the left. */
const marginFor = (names: readonly string[]): number =>
  20 + 8 * Math.max(...names.map((name) => name.length));

/** Each run a dot; the mean with Student's interval over seeds, or one run with Wilson's over images. */
export function accuracyFigure(
  { models, images, groups }: PredictionJudgement,
  context: FigureContext,
): Figure {
  const { theme } = context;
  // By number: two clipped names may be the same.
  const rows = models.map((model, row) => {
    const interval = model.accuracy.spread ?? model.runs[0].wilson;
    return {
      row,
      colour: theme.arm(modelColour(row)),
      x: 100 * model.accuracy.mean,
      low: 100 * interval.low,
      high: 100 * interval.high,
    };
  });
  const dots = models.flatMap(({ runs }, row) =>
    runs.map(({ accuracy }) => ({ row, colour: theme.arm(modelColour(row)), x: 100 * accuracy })),
  );
  const extent = [...dots.map(({ x }) => x), ...rows.flatMap(({ low, high }) => [low, high])];
  const low = Math.min(...extent);
  const high = Math.max(...extent);
  const pad = Math.max(0.02, 0.06 * (high - low));
  const many = models.some(({ runs }) => runs.length > 1);
  return compose(context, {
    name: 'accuracy',
    title: 'Accuracy of every run',
    subtitle: `On ${countOf(images, 'image')}. The axis does not begin at zero.`,
    alt: `Accuracy: ${listOf(models.map(({ name, accuracy, runs }, i) => `${name} ${runs.length === 1 ? '' : `from ${percent(accuracy.min)} to ${percent(accuracy.max)}, mean `}${percent(accuracy.mean)}, 95\u00a0% interval ${percent(rows[i].low / 100)} to ${percent(rows[i].high / 100)}`))}.`,
    width: FIGURE_WIDTH,
    height: 56 + 50 * models.length,
    legend: [
      { kind: 'mark', label: 'one run', colour: theme.ink, shape: 'dot', opacity: 0.55 },
      {
        kind: 'mark',
        label: many
          ? 'mean and 95\u00a0% interval'
          : `95\u00a0% interval over ${groups === null ? 'images' : 'groups'} (Wilson)`,
        colour: theme.ink,
        shape: 'bar',
      },
    ],
    plot: {
      marginTop: 12,
      marginBottom: 44,
      marginLeft: marginFor(models.map(({ name }) => clipped(name))),
      marginRight: 16,
      x: { domain: [Math.max(0, low - pad), Math.min(100, high + pad)], label: null },
      y: { domain: models.map((_, row) => row), label: null, type: 'band', padding: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.gridX({ ticks: 5, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.axisX({
          ticks: 5,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => percent(value / 100, high - low < 1.5 ? 2 : 1),
          label: 'share of the images classified correctly',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.axisY({
          tickSize: 0,
          color: theme.ink,
          fontSize: 13,
          fontWeight: 600,
          tickFormat: (row: number) => clipped(models[row].name),
        }),
        Plot.link(rows, {
          x1: 'low',
          x2: 'high',
          y1: 'row',
          y2: 'row',
          stroke: 'colour',
          strokeWidth: 3,
          dy: 9,
        }),
        Plot.tickX(rows, {
          x: 'x',
          y: 'row',
          stroke: 'colour',
          strokeWidth: 3,
          insetTop: 25,
          insetBottom: 7,
        }),
        Plot.dot(dots, {
          x: 'x',
          y: 'row',
          r: 4.5,
          fill: 'colour',
          fillOpacity: 0.55,
          stroke: 'colour',
          strokeWidth: 1,
          dy: -8,
        }),
      ],
    },
  });
}

/** Each pair of models: dots by seed, the mean with the interval that decides, and the bootstrap's below it. */
export function pairsFigure({ pairs, rope }: PredictionJudgement, context: FigureContext): Figure {
  const { theme } = context;
  const rows = pairs.map((pair, row) => {
    const interval = pair.seeds === null ? null : pair.seeds.student;
    return {
      row,
      name: `${clipped(pair.first, 22)} − ${clipped(pair.second, 22)}`,
      x: 100 * pair.mean,
      interval: interval && { low: 100 * interval.low, high: 100 * interval.high },
      low: 100 * pair.bootstrap.low,
      high: 100 * pair.bootstrap.high,
    };
  });
  const students = rows.flatMap(({ row, interval }) => (interval === null ? [] : [{ row, ...interval }]));
  const dots = pairs.flatMap(({ differences, seeds }, row) =>
    seeds === null ? [] : differences.map(({ difference }) => ({ row, x: 100 * difference })),
  );
  const extent = [
    -100 * rope,
    100 * rope,
    ...dots.map(({ x }) => x),
    ...[...rows, ...students].flatMap(({ low, high }) => [low, high]),
  ];
  const low = Math.min(...extent);
  const high = Math.max(...extent);
  const pad = 0.06 * (high - low) || 0.1;
  return compose(context, {
    name: 'differences',
    title: 'Difference in accuracy, every two models',
    subtitle: 'First less second, in percentage points; right of zero the first is better.',
    alt: `${listOf(pairs.map((pair) => `${pair.first} minus ${pair.second}: ${points(pair.mean)}, bootstrap interval over ${pair.bootstrap.over} ${signed(100 * pair.bootstrap.low, 2)} to ${points(pair.bootstrap.high)}, ${pair.state}`))}.`,
    width: FIGURE_WIDTH,
    height: 56 + PAIR_ROW * pairs.length,
    legend: [
      ...(dots.length === 0
        ? []
        : ([
            { kind: 'mark', label: 'each seed', colour: theme.ink, shape: 'dot', opacity: 0.55 },
            { kind: 'mark', label: '95\u00a0% over seeds (Student)', colour: theme.ink, shape: 'bar' },
          ] as const)),
      { kind: 'mark', label: '95\u00a0% bootstrap', colour: theme.heat, shape: 'bar' },
      {
        kind: 'mark',
        label: `within ±${Number((100 * rope).toPrecision(6))}: equivalent`,
        colour: theme.band,
        shape: 'band',
      },
    ],
    plot: {
      marginTop: 10,
      marginBottom: 44,
      marginLeft: 14,
      marginRight: 14,
      x: { domain: [low - pad, high + pad], label: null },
      y: { domain: rows.map(({ row }) => row), axis: null, type: 'band', padding: 0 },
      marks: [
        Plot.rect([0], { x1: -100 * rope, x2: 100 * rope, fill: theme.band }),
        Plot.gridX({ ticks: 6, stroke: theme.rule, strokeOpacity: 1 }),
        Plot.ruleX([0], { stroke: theme.ink, strokeWidth: 1.25 }),
        Plot.axisX({
          ticks: 6,
          tickSize: 4,
          color: theme.muted,
          tickFormat: (value: number) => signed(value, high - low < 1 ? 2 : 1),
          label: 'difference in percentage points',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 40,
        }),
        Plot.text(rows, {
          y: 'row',
          text: 'name',
          frameAnchor: 'left',
          textAnchor: 'start',
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 4,
          fontWeight: 600,
          dy: 10 - PAIR_ROW / 2,
        }),
        Plot.dot(dots, {
          x: 'x',
          y: 'row',
          r: 4,
          fill: theme.muted,
          fillOpacity: 0.6,
          stroke: theme.surface,
          strokeWidth: 1,
          dy: -5,
        }),
        Plot.link(students, {
          x1: 'low',
          x2: 'high',
          y1: 'row',
          y2: 'row',
          stroke: theme.ink,
          strokeWidth: 3,
          dy: 10,
        }),
        Plot.link(rows, {
          x1: 'low',
          x2: 'high',
          y1: 'row',
          y2: 'row',
          stroke: theme.heat,
          strokeWidth: 3,
          dy: 20,
        }),
        Plot.dot(rows, {
          x: 'x',
          y: 'row',
          r: 5,
          fill: theme.ink,
          stroke: theme.surface,
          strokeWidth: 1.5,
          dy: dots.length === 0 ? 20 : 10,
        }),
      ],
    },
  });
}

/** True class downwards, predicted to the right, images per run; errors have a scale of their own, to the largest. */
export function matrixFigure(
  model: JudgedModel,
  classes: readonly string[],
  index: number,
  context: FigureContext,
): Figure {
  const { theme } = context;
  const { confusion, runs, name } = model;
  const indices = classes.map((_, c) => c);
  const largest = Math.max(0, ...confusion.flatMap((row, t) => row.filter((_, p) => p !== t)));
  const write = (count: number): string => fixed(count, runs.length > 1 && count < 100 ? 1 : 0);
  const cells = indices.flatMap((t) =>
    indices.map((p) => {
      const count = confusion[t][p];
      const opacity = cellOpacity(count, largest, t === p);
      return { t, p, opacity, dark: isDarkCell(opacity), text: count === 0 ? '' : write(count) };
    }),
  );
  const label = (c: number): string => clipped(classes[c], 8);
  return compose(context, {
    name: `confusion-${index + 1}`,
    title: `Confusion Matrix – ${name}`,
    subtitle: `Number of images${runs.length > 1 ? `, mean over ${countOf(runs.length, 'run')}` : ''}.`,
    alt: `Confusion matrix of ${name}. Recall: ${listOf(classes.map((c, i) => `${c} ${model.recall[i] === null ? 'no images' : percent(model.recall[i])}`))}.`,
    width: FIGURE_WIDTH,
    height: FIGURE_WIDTH,
    legend: [
      { kind: 'ramp', label: 'right', colour: theme.heat, opacities: [0.92] },
      {
        kind: 'ramp',
        label: `wrong, own scale: 0 to ${write(largest)}`,
        colour: theme.heat,
        opacities: [0, 0.2, 0.35, 0.5, 0.66],
      },
    ],
    plot: {
      marginTop: 8,
      marginRight: 2,
      marginBottom: 46,
      marginLeft: 30 + 8 * Math.max(...indices.map((c) => label(c).length)),
      padding: 0.04,
      x: { domain: indices, label: null },
      y: { domain: indices, label: null },
      opacity: { type: 'identity' },
      marks: [
        ...matrixCells(cells, theme, classes.length > 12 ? 9 : 12),
        Plot.axisX({
          tickSize: 0,
          fontSize: classes.length > 10 ? 10 : 13,
          color: theme.ink,
          tickFormat: label,
          label: 'Predicted',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 42,
        }),
        Plot.axisY({
          tickSize: 0,
          fontSize: classes.length > 10 ? 10 : 13,
          color: theme.ink,
          tickFormat: label,
          label: 'True',
          labelAnchor: 'center',
          labelArrow: 'none',
          labelOffset: 26 + 8 * Math.max(...indices.map((c) => label(c).length)),
        }),
      ],
    },
  });
}
