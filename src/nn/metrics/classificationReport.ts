import { DactylError } from '../../util/errors.ts';
import { fixed } from '../../util/fixed.ts';
import { checkOptions, isNumber, requireNumbers, requireType } from '../../util/options.ts';
import { f1Of, mean, precisionOf, recallOf, support } from './averaged.ts';
import type { ClassCount } from './classCounts.ts';

export interface ClassificationReportOptions {
  /** Class numbers in the order of the rows; by default those that occur or are predicted, ascending. All of those have to be among them. */
  readonly labels?: readonly number[];
  /** One name a row; the class numbers by default. */
  readonly classNames?: readonly string[];
  /** After the point, in the text; 2 by default, at most 10. */
  readonly digits?: number;
}

export interface ReportScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows of the class; of an average, all rows. */
  readonly support: number;
}

export interface ClassificationReport {
  readonly classes: readonly (ReportScores & { readonly label: string })[];
  readonly accuracy: number;
  /** Over classes, each counting alike. */
  readonly macroAverage: ReportScores;
  /** Over classes by their support. */
  readonly weightedAverage: ReportScores;
  /** What had nothing to divide by and so is 0, a sentence each. */
  readonly notes: readonly string[];
  /** scikit-learn's table, and the notes below it. */
  readonly text: string;
}

/**
 * scikit-learn's `classification_report`: precision, recall, F1 and support of each class, of class numbers `labels` and `predictions`, [n] both.
 * Throws E_SHAPE where their lengths differ or there are no rows, and E_LABEL for what is no class number or not among `options.labels`.
 */
export function classificationReport(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  options: ClassificationReportOptions = {},
): ClassificationReport {
  requireNumbers('classificationReport: labels', labels);
  requireNumbers('classificationReport: predictions', predictions);
  checkOptions('classificationReport', ['labels', 'classNames', 'digits'], options);
  if (labels.length !== predictions.length || labels.length === 0) {
    throw new DactylError(
      'E_SHAPE',
      `classificationReport: expected as many predictions as labels and at least one; received ${predictions.length} and ${labels.length}.`,
    );
  }
  const { rows, names, digits } = checked(options, occurring(labels, predictions));
  const counts = count(labels, predictions, rows);
  const scores = counts.map(scoresOf);
  const average = (weights: readonly number[]): ReportScores => ({
    precision: mean(
      scores.map(({ precision }) => precision),
      weights,
    ),
    recall: mean(
      scores.map(({ recall }) => recall),
      weights,
    ),
    f1: mean(
      scores.map(({ f1 }) => f1),
      weights,
    ),
    support: labels.length,
  });
  const report = {
    classes: scores.map((each, k) => ({ label: names[k], ...each })),
    accuracy: counts.reduce((sum, [, , , truePositives]) => sum + truePositives, 0) / labels.length,
    macroAverage: average(scores.map(() => 1)),
    weightedAverage: average(counts.map(support)),
    notes: notesOn(counts, names),
  };
  return { ...report, text: textOf(report, digits) };
}

function scoresOf(count: ClassCount): ReportScores {
  return { precision: precisionOf(count), recall: recallOf(count), f1: f1Of(count), support: support(count) };
}

function occurring(...lists: readonly ArrayLike<number>[]): number[] {
  const found = new Set<number>();
  for (const list of lists) {
    for (let s = 0; s < list.length; s++) {
      if (!Number.isSafeInteger(list[s]) || list[s] < 0) {
        throw new DactylError(
          'E_LABEL',
          `classificationReport: expected class numbers, whole and >= 0; received ${list[s]} at position ${s}.`,
        );
      }
      found.add(list[s]);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function checked(
  { labels, classNames, digits = 2 }: ClassificationReportOptions,
  found: readonly number[],
): { rows: readonly number[]; names: readonly string[]; digits: number } {
  const what = 'classificationReport';
  const rows: unknown = labels ?? found;
  requireType(
    what,
    'labels: an array of different class numbers',
    Array.isArray(rows) &&
      rows.every((row) => isNumber(row, (x) => Number.isSafeInteger(x) && x >= 0)) &&
      new Set(rows).size === rows.length,
    rows,
  );
  requireType(
    what,
    'digits: a whole number from 0 to 10',
    isNumber(digits, (x) => Number.isInteger(x) && x >= 0 && x <= 10),
    digits,
  );
  const classes = rows as readonly number[];
  const missing = found.find((label) => !classes.includes(label));
  if (missing !== undefined) {
    throw new DactylError(
      'E_LABEL',
      `${what}: expected options.labels to hold every class that occurs; class ${missing} is not among ${classes.join(', ')}.`,
    );
  }
  const names: unknown = classNames ?? classes.map(String);
  requireType(
    what,
    `classNames: an array of ${classes.length} texts, one for each of ${classes.join(', ')}`,
    Array.isArray(names) &&
      names.length === classes.length &&
      names.every((name) => typeof name === 'string'),
    names,
  );
  return { rows: classes, names: names as readonly string[], digits };
}

function count(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  rows: readonly number[],
): ClassCount[] {
  const counts = rows.map((): ClassCount => [0, 0, 0, 0]);
  const rowOf = new Map(rows.map((label, k) => [label, k]));
  for (let s = 0; s < labels.length; s++) {
    const [actual, taken] = [counts[rowOf.get(labels[s])!], counts[rowOf.get(predictions[s])!]];
    if (actual === taken) actual[3]++;
    else {
      actual[2]++;
      taken[1]++;
    }
  }
  return counts;
}

function notesOn(counts: readonly ClassCount[], names: readonly string[]): string[] {
  const without = (valid: (count: ClassCount) => boolean): string =>
    names.filter((_, k) => !valid(counts[k])).join(', ');
  const unpredicted = without(([, falsePositives, , truePositives]) => truePositives + falsePositives > 0);
  const absent = without((each) => support(each) > 0);
  return [
    ...(unpredicted === '' ? [] : [`Precision is 0 for want of predictions: ${unpredicted}.`]),
    ...(absent === '' ? [] : [`Recall is 0 for want of rows: ${absent}.`]),
  ];
}

/** The layout of scikit-learn 1.9's `classification_report`. */
function textOf(report: Omit<ClassificationReport, 'text'>, digits: number): string {
  const { classes, accuracy, macroAverage, weightedAverage, notes } = report;
  const width = Math.max(...classes.map(({ label }) => [...label].length), 'weighted avg'.length, digits);
  const row = (label: string, cells: readonly string[]): string =>
    `${' '.repeat(width - [...label].length)}${label} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}\n`;
  const scores = (label: string, { precision, recall, f1, support }: ReportScores): string =>
    row(label, [...[precision, recall, f1].map((x) => fixed(x, digits)), String(support)]);
  return [
    row('', ['precision', 'recall', 'f1-score', 'support']),
    '\n',
    ...classes.map((each) => scores(each.label, each)),
    '\n',
    row('accuracy', ['', '', fixed(accuracy, digits), String(macroAverage.support)]),
    scores('macro avg', macroAverage),
    scores('weighted avg', weightedAverage),
    ...notes.map((note) => `\n${note}\n`),
  ].join('');
}
