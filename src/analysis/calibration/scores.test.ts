import { expect, test } from 'vitest';
import { brierScore } from './brier.ts';
import { constant, fixture, perfect, predictions } from './fixtures/case.ts';
import { logLoss } from './logLoss.ts';
import { softmax, topLabel } from './predictions.ts';

test('log loss and Brier score are those of scikit-learn, relative 1e-12', () => {
  expect(logLoss(predictions) / fixture.logLoss).toBeCloseTo(1, 12);
  expect(brierScore(predictions) / fixture.brier).toBeCloseTo(1, 12);
});

test('a perfect model has 0 of both, equal probabilities ln 10 and 0.9, sure and wrong 2; 1e-12', () => {
  expect(logLoss(perfect(20, 10))).toBe(0);
  expect(brierScore(perfect(20, 10))).toBe(0);
  const equal = constant(new Array<number>(10).fill(0.1), 50);
  expect(logLoss(equal)).toBeCloseTo(Math.log(10), 12);
  expect(brierScore(equal)).toBeCloseTo(0.9, 12);
  const wrong = { probabilities: Float64Array.of(1, 0), labels: Uint8Array.of(1), classes: 2 };
  expect(brierScore(wrong)).toBe(2);
});

test('a probability of 0 costs 126 ln 2, 1e-12', () => {
  const wrong = { probabilities: Float64Array.of(1, 0), labels: Uint8Array.of(1), classes: 2 };
  expect(logLoss(wrong)).toBeCloseTo(126 * Math.LN2, 12);
});

test('softmax of equal logits is even, of huge ones finite; a higher temperature evens out', () => {
  expect([...softmax([3, 3, 3, 3], 4)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect([...softmax([1e6, 0], 2)]).toEqual([1, 0]);
  expect(softmax([2, 0], 2, 2)[0]).toBeCloseTo(Math.E / (Math.E + 1), 14);
});

test('the top label is the first of equals', () => {
  const tied = {
    probabilities: Float64Array.of(0.4, 0.4, 0.2, 0.1, 0.2, 0.7),
    labels: Uint8Array.of(1, 2),
    classes: 3,
  };
  expect(topLabel(tied)).toEqual({ confidence: Float64Array.of(0.4, 0.7), correct: Uint8Array.of(0, 1) });
});

test('wrong shapes and labels are refused', () => {
  const bad = { probabilities: new Float64Array(5), labels: new Uint8Array(2), classes: 3 };
  expect(() => logLoss(bad)).toThrow(expect.objectContaining({ code: 'E_SHAPE' }));
  const foreign = { probabilities: new Float64Array(3), labels: Uint8Array.of(3), classes: 3 };
  expect(() => brierScore(foreign)).toThrow(expect.objectContaining({ code: 'E_LABEL' }));
  const none = { probabilities: new Float64Array(0), labels: new Uint8Array(0), classes: 3 };
  expect(() => logLoss(none)).toThrow(expect.objectContaining({ code: 'E_SHAPE' }));
});
