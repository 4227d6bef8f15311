import { expect, test } from 'vitest';
import { accuracyOf, confusionMatrix, recallPerClass, topConfusions } from './confusion.ts';

const LABELS = [0, 0, 0, 1, 1, 2, 2, 2, 2];
const PREDICTED = [0, 0, 1, 1, 0, 2, 2, 0, 1];

test('rows are true classes, columns predicted ones; worked by hand', () => {
  expect(confusionMatrix(LABELS, PREDICTED, 3)).toEqual([
    [2, 1, 0],
    [1, 1, 0],
    [1, 1, 2],
  ]);
});

test('recall is the diagonal over the row, accuracy the diagonal over all; worked by hand, exact', () => {
  const matrix = confusionMatrix(Uint8Array.from(LABELS), Int32Array.from(PREDICTED), 3);
  expect(recallPerClass(matrix)).toEqual([2 / 3, 1 / 2, 1 / 2]);
  expect(accuracyOf(matrix)).toBe(5 / 9);
});

test('ten classes unless stated; a class without images has no recall', () => {
  const matrix = confusionMatrix([3], [3]);
  expect(matrix.map((row) => row.length)).toEqual(new Array(10).fill(10));
  expect(recallPerClass(matrix)).toEqual([NaN, NaN, NaN, 1, NaN, NaN, NaN, NaN, NaN, NaN]);
  expect(accuracyOf(confusionMatrix([], []))).toBeNaN();
});

test('top confusions: largest count, then true class, then predicted class; never the diagonal or a zero', () => {
  const matrix = [
    [90, 2, 5],
    [2, 80, 0],
    [7, 2, 70],
  ];
  const expected = [
    { trueClass: 2, predictedClass: 0, count: 7 },
    { trueClass: 0, predictedClass: 2, count: 5 },
    { trueClass: 0, predictedClass: 1, count: 2 },
    { trueClass: 1, predictedClass: 0, count: 2 },
    { trueClass: 2, predictedClass: 1, count: 2 },
  ];
  expect(topConfusions(matrix, 100)).toEqual(expected);
  expect(topConfusions(matrix, 3)).toEqual(expected.slice(0, 3));
  expect(topConfusions(matrix, 0)).toEqual([]);
});

test('lists of other lengths and labels outside the classes are refused', () => {
  expect(() => confusionMatrix([1, 2], [1])).toThrow(expect.objectContaining({ code: 'E_SHAPE' }));
  expect(() => confusionMatrix([0, 3], [0, 0], 3)).toThrow(/label 1 to be .* 0 to 2, received 3/);
  expect(() => confusionMatrix([0], [-1], 3)).toThrow(/prediction 0 to be .* received -1/);
  expect(() => confusionMatrix([0], [0.5], 3)).toThrow(expect.objectContaining({ code: 'E_LABEL' }));
  for (const classes of [0, 2.5, NaN, 1001, 1e99]) {
    expect(() => confusionMatrix([0], [0], classes)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }));
  }
});
