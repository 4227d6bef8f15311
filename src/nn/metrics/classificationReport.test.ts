import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DactylError } from '../../util/errors.ts';
import { classificationReport, type ClassificationReportOptions } from './classificationReport.ts';

interface Average {
  precision: number;
  recall: number;
  'f1-score': number;
  support: number;
}
interface Given {
  labels: number[];
  predictions: number[];
  options: ClassificationReportOptions;
  text: string;
  values: Record<string, Average> & { accuracy: number };
}
const { reports } = JSON.parse(readFileSync(new URL('./fixtures/scikit.json', import.meta.url), 'utf8')) as {
  reports: Given[];
};

test.each(reports)("scikit-learn's text to the letter, its values within 1e-15: case %#", (given) => {
  const { classes, accuracy, macroAverage, weightedAverage, notes, text } = classificationReport(
    given.labels,
    given.predictions,
    given.options,
  );
  expect(text).toBe(given.text + notes.map((note) => `\n${note}\n`).join(''));
  const scores = [
    ...classes,
    { label: 'macro avg', ...macroAverage },
    { label: 'weighted avg', ...weightedAverage },
  ];
  for (const { label, precision, recall, f1, support } of scores) {
    const expected = given.values[label];
    expect(Math.abs(precision - expected.precision)).toBeLessThan(1e-15);
    expect(Math.abs(recall - expected.recall)).toBeLessThan(1e-15);
    expect(Math.abs(f1 - expected['f1-score'])).toBeLessThan(1e-15);
    expect(support).toBe(expected.support);
  }
  const { accuracy: all } = given.values;
  expect(accuracy).toBe(typeof all === 'number' ? all : NaN);
});

test('what has nothing to divide by is 0, and a note says so', () => {
  const { classes, notes } = classificationReport([0, 0, 1], [0, 2, 0], { classNames: ['a', 'b', 'c'] });
  expect(classes.map(({ precision, recall }) => [precision, recall])).toEqual([
    [1 / 2, 1 / 2],
    [0, 0],
    [0, 0],
  ]);
  expect(notes).toEqual(['Precision is 0 for want of predictions: b.', 'Recall is 0 for want of rows: c.']);
  expect(classificationReport([0, 1], [0, 1]).notes).toEqual([]);
});

test.each<[ArrayLike<number>, ArrayLike<number>, object, string, string]>([
  [[0, 1], [0], {}, 'E_SHAPE', 'received 1 and 2'],
  [[], [], {}, 'E_SHAPE', 'at least one'],
  [[0, 1.5], [0, 1], {}, 'E_LABEL', 'received 1.5 at position 1'],
  [[0, 1], [0, -1], {}, 'E_LABEL', 'received -1 at position 1'],
  [[0, 1], [0, 2], { labels: [0, 1] }, 'E_LABEL', 'class 2 is not among 0, 1'],
  [[0, 1], [0, 1], { labels: [0, 1, 1] }, 'E_ARGUMENT', 'different class numbers'],
  [[0, 1], [0, 1], { classNames: ['a'] }, 'E_ARGUMENT', 'an array of 2 texts'],
  [[0, 1], [0, 1], { digits: 2.5 }, 'E_ARGUMENT', 'from 0 to 10'],
  [[0, 1], [0, 1], { digit: 2 }, 'E_ARGUMENT', '(nearest: digits)'],
])('%j, %j, %j is %s: %s', (labels, predictions, options, code, reason) => {
  const use = (): unknown => classificationReport(labels, predictions, options);
  expect(use).toThrow(reason);
  try {
    use();
  } catch (error) {
    expect((error as DactylError).code).toBe(code);
  }
});
