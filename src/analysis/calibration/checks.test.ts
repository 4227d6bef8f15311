import { describe, expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { confidentLearning } from '../labelErrors/confidentLearning.ts';
import { labelScores, rankByScore } from '../labelErrors/ranking.ts';
import { riskThreshold } from './abstention.ts';
import { brierScore } from './brier.ts';
import { chanceCalibrationError, expectedCalibrationError } from './calibrationError.ts';
import { apsScores } from './conformal/aps.ts';
import { lacScores } from './conformal/lac.ts';
import { mondrianQuantiles } from './conformal/mondrian.ts';
import { rapsScores, tuneRaps } from './conformal/raps.ts';
import { conformalQuantile, countSets } from './conformal/sets.ts';
import { logLoss } from './logLoss.ts';
import { type Predictions, softmax, topLabel } from './predictions.ts';
import { equalMassDiagram, reliabilityDiagram } from './reliability.ts';
import { riskCoverage } from './riskCoverage.ts';
import { fitTemperature } from './temperature.ts';

const rows = (probabilities: number[], labels: ArrayLike<number> = [1, 1]): Predictions => ({
  probabilities: Float64Array.from(probabilities),
  labels: labels as Uint8Array,
  classes: 2,
});

/** What an exported function must refuse, as `dactyl judge` does. */
const WRONG: [name: string, code: string, message: RegExp, predictions: Predictions][] = [
  ['logits', 'E_ARGUMENT', /received 2 at position 0.*before softmax/, rows([2, 9, -3, 12])],
  ['a negative', 'E_ARGUMENT', /received -0.5 at position 0/, rows([-0.5, 1, 0, 1])],
  ['percentages', 'E_ARGUMENT', /received 20 at position 0.*percentages/, rows([20, 80, 10, 90])],
  ['rows that do not sum to 1', 'E_ARGUMENT', /a sum of 0.6 in row 1/, rows([0.1, 0.9, 0.1, 0.5])],
  ['NaN', 'E_ARGUMENT', /received NaN at position 2/, rows([0.1, 0.9, NaN, NaN])],
  ['a label −1', 'E_LABEL', /label 1 .* from 0 to 1, received -1/, rows([0.1, 0.9, 0.1, 0.9], [1, -1])],
  ['a label 2', 'E_LABEL', /received 2/, rows([0.1, 0.9, 0.1, 0.9], [2, 1])],
  ['half a label', 'E_LABEL', /received 0.5/, rows([0.1, 0.9, 0.1, 0.9], Float32Array.of(0.5, 1))],
  ['too few rows', 'E_SHAPE', /received 2 labels and 2/, rows([0.1, 0.9])],
  ['no rows', 'E_SHAPE', /at least one image/, rows([], [])],
];

const OF_PREDICTIONS: [name: string, of: (predictions: Predictions) => unknown][] = [
  ['topLabel', topLabel],
  ['brierScore', brierScore],
  ['logLoss', logLoss],
  ['confidentLearning', confidentLearning],
  ['labelScores', (predictions) => labelScores(predictions, 'selfConfidence')],
  ['tuneRaps', (predictions) => tuneRaps(predictions, Float64Array.of(0.5, 0.5), 0.1)],
];

describe.each(OF_PREDICTIONS)('%s', (_, of) => {
  test.each(WRONG)('refuses %s with %s', (_name, code, message, predictions) => {
    expect(() => of(predictions)).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => of(predictions)).toThrow(message);
  });
  test('takes probabilities rounded to two places', () => {
    of(rows([0.335, 0.66, 1.01, 0]));
  });
});

const top = { confidence: Float64Array.of(0.6, 0.9), correct: Uint8Array.of(1, 0) };
const random = new Random(1, 'test');
const OF_TOP: [name: string, of: (wrong: typeof top) => unknown][] = [
  ['reliabilityDiagram', (wrong) => reliabilityDiagram(wrong, 10)],
  ['equalMassDiagram', (wrong) => equalMassDiagram(wrong, 10)],
  ['chanceCalibrationError', (wrong) => chanceCalibrationError(wrong, { random, resamples: 10 })],
  ['riskCoverage', (wrong) => riskCoverage(wrong)],
  ['riskThreshold', (wrong) => riskThreshold(wrong, Float64Array.of(0.5), { wanted: 0.1, delta: 0.1 })],
];
test.each(OF_TOP)('%s refuses confidences and answers that are none', (_, of) => {
  of(top);
  const wrong = (change: Partial<typeof top>) => () => of({ ...top, ...change });
  expect(wrong({ confidence: Float64Array.of(0.6, 90) })).toThrow('received 90 at position 1');
  expect(wrong({ confidence: Float64Array.of(NaN, 0.9) })).toThrow('received NaN at position 0');
  expect(wrong({ correct: Uint8Array.of(1, 7) })).toThrow('received 7 at position 1');
  expect(wrong({ correct: Uint8Array.of(1) })).toThrow(expect.objectContaining({ code: 'E_SHAPE' }) as Error);
  expect(wrong({ confidence: Float64Array.of(), correct: Uint8Array.of() })).toThrow('at least one image');
});

const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;

test.each([10, 0, 1, -1, NaN, Infinity])('conformalQuantile refuses an alpha of %d', (alpha) => {
  expect(() => conformalQuantile(Float64Array.of(0.1, 0.2, 0.3), alpha)).toThrow(code('E_ARGUMENT'));
});

test('the conformal functions refuse what are no scores, probabilities, categories or uniform numbers', () => {
  const good = Float64Array.of(0.1, 0.9, 0.4, 0.6);
  const two = Float64Array.of(0.5, 0.5);
  expect(() => conformalQuantile(Float64Array.of(0.1, NaN), 0.1)).toThrow('received NaN at position 1');
  expect(() => lacScores(Float64Array.of(2, 9))).toThrow('received 2 at position 0');
  expect(() => apsScores(Float64Array.of(2, 9), 2, null)).toThrow(code('E_ARGUMENT'));
  expect(() => apsScores(good, 3, null)).toThrow(code('E_SHAPE'));
  expect(() => apsScores(good, 2, Float64Array.of(0.5))).toThrow(code('E_SHAPE'));
  expect(() => apsScores(good, 2, Float64Array.of(0.5, 2))).toThrow(code('E_ARGUMENT'));
  expect(() => rapsScores(good, 2, two, { lambda: NaN, k: 1 })).toThrow(code('E_ARGUMENT'));
  expect(() => mondrianQuantiles(two, { categories: Uint8Array.of(0, 2), count: 2 }, 0.1)).toThrow(
    code('E_LABEL'),
  );
  expect(() => mondrianQuantiles(two, { categories: Uint8Array.of(0), count: 2 }, 0.1)).toThrow(
    code('E_SHAPE'),
  );
  const judged = { labels: Uint8Array.of(0, 2), classes: 2, groups: Uint8Array.of(0, 0) };
  expect(() => countSets(good, judged, () => 0.5, 1)).toThrow(code('E_LABEL'));
  expect(() => countSets(good.subarray(1), { ...judged, labels: Uint8Array.of(0, 1) }, () => 0.5, 1)).toThrow(
    code('E_SHAPE'),
  );
});

test('softmax, temperature, calibration error and ranking refuse what is not finite, or nothing', () => {
  expect(() => softmax([1, NaN], 2)).toThrow('received NaN at position 1');
  expect(() => softmax([1, 2, 3], 2)).toThrow(code('E_SHAPE'));
  expect(() => softmax([1, 2], 2, 0)).toThrow(code('E_ARGUMENT'));
  expect(() => fitTemperature([1, Infinity], Uint8Array.of(0), 2)).toThrow(code('E_ARGUMENT'));
  expect(() => fitTemperature([1, 2], Uint8Array.of(2), 2)).toThrow(code('E_LABEL'));
  expect(() => expectedCalibrationError([])).toThrow(code('E_ARGUMENT'));
  expect(() => rankByScore(Float64Array.of(0.5, NaN))).toThrow(code('E_ARGUMENT'));
});
