import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import {
  chanceCalibrationError,
  debiasedSquaredError,
  expectedCalibrationError,
} from './calibrationError.ts';
import { constant, fixture, perfect, top } from './fixtures/case.ts';
import { topLabel } from './predictions.ts';
import { equalMassDiagram, reliabilityDiagram } from './reliability.ts';

test.each([
  ['equal width', reliabilityDiagram, fixture.equalWidth],
  ['equal mass', equalMassDiagram, fixture.equalMass],
])(
  '%s: bins of scikit-learn’s calibration_curve, ECE and debiased error by NumPy, 1e-12',
  (_, diagram, expected) => {
    const bins = diagram(top);
    expect(bins.map(({ count }) => count)).toEqual(expected.counts);
    bins.forEach(({ count, correct, confidence }, b) => {
      expect(correct / count).toBeCloseTo(expected.shares[b], 12);
      expect(confidence).toBeCloseTo(expected.confidences[b], 12);
    });
    expect(expectedCalibrationError(bins)).toBeCloseTo(expected.ece, 12);
    expect(debiasedSquaredError(bins)).toBeCloseTo(expected.debiasedSquare, 12);
  },
);

test('ends belong to the bin below; worked by hand', () => {
  const hand = { confidence: Float64Array.of(0.5, 0.5, 0.75, 1), correct: Uint8Array.of(1, 0, 0, 1) };
  expect(reliabilityDiagram(hand, 4)).toEqual([
    { low: 0.25, high: 0.5, count: 2, correct: 1, confidence: 0.5 },
    { low: 0.5, high: 0.75, count: 1, correct: 0, confidence: 0.75 },
    { low: 0.75, high: 1, count: 1, correct: 1, confidence: 1 },
  ]);
  // (2·0 + 1·0.75 + 1·0) / 4
  expect(expectedCalibrationError(reliabilityDiagram(hand, 4))).toBe(0.1875);
  // (2/4)·(0 − 0.25/1); bins of one image count nothing
  expect(debiasedSquaredError(reliabilityDiagram(hand, 4))).toBe(-0.125);
});

test('equal confidences stay in one bin of equal mass', () => {
  const same = topLabel(constant([0.7, 0.3], 40));
  expect(equalMassDiagram(same)).toHaveLength(1);
});

test('a perfect model has no error; a constant one |share right − confidence|, 1e-12', () => {
  expect(expectedCalibrationError(reliabilityDiagram(topLabel(perfect(30, 10))))).toBe(0);
  expect(expectedCalibrationError(reliabilityDiagram(topLabel(constant([0.7, 0.3], 40))))).toBeCloseTo(
    0.2,
    12,
  );
});

test('the ECE by chance is the mean absolute deviation of a binomial for equal confidences, within 5 standard errors', () => {
  const n = 400;
  const half = { confidence: new Float64Array(n).fill(0.5), correct: new Uint8Array(n) };
  const resamples = 2_000;
  const { mean, high } = chanceCalibrationError(half, { random: new Random(3, 'test'), resamples });
  // Of the normal with the same sd s: mean s·√(2/π), 95 % quantile 1.96 s.
  const s = 0.5 / Math.sqrt(n);
  expect(Math.abs(mean - s * Math.sqrt(2 / Math.PI))).toBeLessThan((5 * 0.6 * s) / Math.sqrt(resamples));
  expect(Math.abs(high / s - 1.96)).toBeLessThan(0.2);
});

test('no bins are refused', () => {
  expect(() => reliabilityDiagram(top, 0)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }));
});
