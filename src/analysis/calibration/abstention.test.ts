import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { binomialTail, enoughForPromise, riskThreshold } from './abstention.ts';
import { constant, fixture, perfect, top } from './fixtures/case.ts';
import { topLabel } from './predictions.ts';
import { riskCoverage } from './riskCoverage.ts';

const fitted = { confidence: top.confidence.slice(0, 200), correct: top.correct.slice(0, 200) };

test('AURC and its best order are NumPy’s, 1e-12', () => {
  const { aurc, optimal, excess } = riskCoverage(top);
  expect(aurc).toBeCloseTo(fixture.aurc, 12);
  expect(optimal).toBeCloseTo(fixture.optimal, 12);
  expect(excess).toBeCloseTo(fixture.aurc - fixture.optimal, 12);
});

test('risk and coverage of four images, worked by hand, 1e-12; equal confidences share their errors', () => {
  const hand = { confidence: Float64Array.of(0.6, 0.9, 0.8, 0.7), correct: Uint8Array.of(0, 1, 0, 1) };
  const { aurc, optimal, risks } = riskCoverage(hand, 4);
  expect(risks).toEqual([0, 1 / 2, 1 / 3, 1 / 2]);
  expect(aurc).toBeCloseTo((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, 12);
  expect(optimal).toBeCloseTo((0 + 0 + 1 / 3 + 2 / 4) / 4, 12);
  const tied = { confidence: new Float64Array(4).fill(0.5), correct: hand.correct };
  expect(riskCoverage(tied, 4).risks).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test('a perfect model has AURC 0, a constant one its error rate with the whole excess, 1e-12', () => {
  expect(riskCoverage(topLabel(perfect(50, 10)))).toMatchObject({ aurc: 0, optimal: 0, excess: 0 });
  const { aurc, risks } = riskCoverage(topLabel(constant(new Array<number>(10).fill(0.1), 200)));
  expect(aurc).toBeCloseTo(0.9, 12);
  expect(risks.every((risk) => Math.abs(risk - 0.9) < 1e-12)).toBe(true);
});

test('the binomial tail is a sum of binomial probabilities, relative 1e-12', () => {
  // (1 + 10 + 45) / 2^10
  expect(binomialTail(2, 10, 0.5) / (56 / 1024)).toBeCloseTo(1, 12);
  expect(binomialTail(0, 299, 0.01) / 0.99 ** 299).toBeCloseTo(1, 12);
  expect(binomialTail(10, 10, 0.5)).toBe(1);
});

test('no error among n answers promises 1 % at .025 from n = 368 on: log .025 / log .99 = 367.04, four fifths of 460', () => {
  const promise = { wanted: 0.01, delta: 0.05 };
  expect(enoughForPromise(459, promise)).toBe(false);
  expect(enoughForPromise(460, promise)).toBe(true);
});

test('thresholds are those of the same tests with SciPy’s binomial, 1e-12', () => {
  for (const { wanted, threshold } of fixture.thresholds) {
    const found = riskThreshold(fitted, top.confidence.slice(200), { wanted, delta: 0.05 });
    if (threshold === null) expect(found.threshold).toBeNull();
    else expect(found.threshold).toBeCloseTo(threshold, 12);
  }
});

test('a model that is always right answers all where the images are enough for the promise, and none where they are not', () => {
  const right = (n: number) => topLabel(perfect(n, 10));
  const unlabelled = right(400).confidence;
  // 0.99^n ≤ 0.025 from n = 368 on
  const wanted = { wanted: 0.01, delta: 0.05 };
  expect(riskThreshold(right(368), unlabelled, wanted)).toEqual({ threshold: 0, answered: 368, errors: 0 });
  expect(riskThreshold(right(367), unlabelled, wanted).threshold).toBeNull();
});

test('of 300 draws the promise of 20 % errors fails in at most 8 %, where up to 5 % may', () => {
  const random = new Random(5, 'test');
  // Right with probability = confidence, uniform on 1/2 … 1: answering from t on errs with (1 − t) / 2.
  const draw = (n: number) => {
    const confidence = Float64Array.from({ length: n }, () => 0.5 + random.uniform() / 2);
    return { confidence, correct: Uint8Array.from(confidence, (c) => (random.uniform() < c ? 1 : 0)) };
  };
  let failures = 0;
  let promised = 0;
  for (let k = 0; k < 300; k++) {
    const { threshold } = riskThreshold(draw(1_000), draw(500).confidence, { wanted: 0.2, delta: 0.05 });
    if (threshold === null) continue;
    promised++;
    if ((1 - Math.max(threshold, 0.5)) / 2 > 0.2) failures++;
  }
  expect(promised).toBeGreaterThan(250);
  expect(failures / 300).toBeLessThan(0.08);
});

test('error rates outside 0 … 1 are refused', () => {
  expect(() => riskThreshold(top, top.confidence, { wanted: 0, delta: 0.05 })).toThrow(
    expect.objectContaining({ code: 'E_ARGUMENT' }),
  );
});
