import { expect, test } from 'vitest';
import { CLASSES, fixture, predictions } from './fixtures/case.ts';
import { logLoss } from './logLoss.ts';
import { softmax } from './predictions.ts';
import { fitTemperature, TEMPERATURE_BOUND } from './temperature.ts';

const { labels } = predictions;

test('the temperature is that of SciPy’s bounded minimiser, relative 1e-6; its log loss 1e-12', () => {
  const { temperature, atBound } = fitTemperature(fixture.logits, labels, CLASSES);
  expect(Math.abs(temperature / fixture.temperature - 1)).toBeLessThan(1e-6);
  expect(atBound).toBe(false);
  const probabilities = softmax(fixture.logits, CLASSES, temperature);
  expect(logLoss({ ...predictions, probabilities })).toBeCloseTo(fixture.scaledLogLoss, 12);
});

test('logits times c have c times the temperature, relative 1e-8', () => {
  const { temperature } = fitTemperature(fixture.logits, labels, CLASSES);
  for (const c of [0.2, 3, 9]) {
    const scaled = fixture.logits.map((z) => c * z);
    expect(fitTemperature(scaled, labels, CLASSES).temperature / (c * temperature)).toBeCloseTo(1, 8);
  }
});

test('two classes, three of four right at logit gap 2: T = 2 / ln 3, relative 1e-9', () => {
  const logits = [2, 0, 2, 0, 2, 0, 2, 0];
  const { temperature } = fitTemperature(logits, Uint8Array.of(0, 0, 0, 1), 2);
  expect((temperature * Math.log(3)) / 2).toBeCloseTo(1, 9);
});

test('always right, always wrong and equal logits: the bounds, and 1', () => {
  const sure = [5, 0, 5, 0];
  const right = Uint8Array.of(0, 0);
  const wrong = Uint8Array.of(1, 1);
  expect(fitTemperature(sure, right, 2)).toEqual({ temperature: 1 / TEMPERATURE_BOUND, atBound: true });
  expect(fitTemperature(sure, wrong, 2)).toEqual({ temperature: TEMPERATURE_BOUND, atBound: true });
  expect(fitTemperature([1, 1, 1, 1], right, 2)).toEqual({ temperature: 1, atBound: false });
});

test('logits that do not fit the labels are refused', () => {
  expect(() => fitTemperature([1, 2, 3], Uint8Array.of(0), 2)).toThrow(
    expect.objectContaining({ code: 'E_SHAPE' }),
  );
});
