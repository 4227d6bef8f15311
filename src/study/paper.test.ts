import { expect, test } from 'vitest';
import { madeUpResults } from './fixtures/madeUp.ts';
import { fluctuation } from './judgements/stability.ts';
import { riseFromMinimum } from './judgements/overfitting.ts';
import { PAPER, paperHistory, paperTestAccuracy, recipeDifferences } from './paper.ts';

const { configuration } = madeUpResults();

test("the paper's own numbers follow from its table: rises .0250 and .0246, fluctuation .0031 and .0038", () => {
  const { relu, tanh } = PAPER.history;
  expect(riseFromMinimum(relu.val_loss)).toBeCloseTo(0.025, 10);
  expect(riseFromMinimum(tanh.val_loss)).toBeCloseTo(0.0246, 10);
  expect(fluctuation(relu.val_accuracy)).toBeCloseTo(0.00305, 5);
  expect(fluctuation(tanh.val_accuracy)).toBeCloseTo(0.00378, 5);
  expect(fluctuation(relu.val_accuracy, 1)).toBeCloseTo(0.00586, 5);
});

test('a recipe that differs is described difference by difference', () => {
  expect(recipeDifferences(configuration)).toEqual([]);
  expect(
    recipeDifferences({ ...configuration, epochs: 3, units: [100, 50], optimizer: 'sgd', quick: true }),
  ).toEqual([
    'a quick taste instead of a full run',
    'epochs 3 instead of 10',
    'units 100-50 instead of 128-64-32',
    'optimizer sgd instead of adam',
  ]);
});

test('the dashed curve is there for ReLU and Tanh, the same recipe and as many epochs or fewer', () => {
  expect(paperHistory('relu', configuration)?.val_accuracy).toEqual(PAPER.history.relu.val_accuracy);
  expect(paperHistory('tanh', { ...configuration, epochs: 2 })?.loss).toEqual([0.2727, 0.1212]);
  expect(paperHistory('gelu', configuration)).toBeNull();
  expect(paperHistory('relu', { ...configuration, epochs: 11 })).toBeNull();
  expect(paperHistory('relu', { ...configuration, dropout: 0.2 })).toBeNull();
  expect(paperTestAccuracy('tanh', configuration)).toBe(0.9729);
  expect(paperTestAccuracy('tanh', { ...configuration, epochs: 2 })).toBeNull();
});
