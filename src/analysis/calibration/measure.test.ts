import { expect, test } from 'vitest';
import type { Dataset } from '../../data/examples.ts';
import { riskThreshold } from './abstention.ts';
import { expectedCalibrationError } from './calibrationError.ts';
import { madeUpImages, madeUpReader } from './fixtures/madeUp.ts';
import { halves } from './folds.ts';
import { measureCalibration } from './measure.ts';
import { softmax, topLabel } from './predictions.ts';
import { equalMassDiagram, reliabilityDiagram } from './reliability.ts';

const test1000: Dataset = madeUpImages(1_000);
const data = { test: test1000 };

test('the same input gives the same bits, and JSON keeps them', async () => {
  const [first, second] = [
    await measureCalibration([madeUpReader()], data, {}, {}),
    await measureCalibration([madeUpReader()], data, {}, {}),
  ];
  expect(second).toEqual(first);
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test('the numbers of a run fit each other', async () => {
  const { runs, images, fittedOn, fitImages, groups } = await measureCalibration(
    [madeUpReader()],
    data,
    { quick: true },
    {},
  );
  expect([images, fittedOn, fitImages, groups]).toEqual([1_000, 'halves', 500, ['all writers']]);
  const [run] = runs;
  const shown = test1000.labels.reduce(
    (n, label, i) => n + (test1000.images.data[i * 784 + label] > 0 ? 1 : 0),
    0,
  );
  expect(run.accuracy).toBe(shown / 1_000);
  expect(run.raw.bins.reduce((n, { count }) => n + count, 0)).toBe(1_000);
  expect(run.raw.bins.reduce((n, { correct }) => n + correct, 0)).toBe(shown);
  expect(run.riskCoverage.risks[run.riskCoverage.risks.length - 1]).toBeCloseTo(1 - run.accuracy, 12);
  for (const { sizes, count, byClass, covered } of run.sets) {
    expect([count, sizes.reduce((a, b) => a + b)]).toEqual([1_000, 1_000]);
    expect(byClass.reduce((n, part) => n + part.covered, 0)).toBe(covered);
  }
  expect(run.chance.resamples).toBe(50);
  expect(run.scaled.logLoss).toBeLessThanOrEqual(run.raw.logLoss + 0.01);
});

test('coverage is within 4 standard deviations of its promise for every method', async () => {
  const many = { test: madeUpImages(4_000, 7) };
  const [{ sets }] = (await measureCalibration([madeUpReader()], many, {}, {})).runs;
  expect(new Set(sets.map(({ method }) => method)).size).toBe(4);
  for (const { covered, count, alpha } of sets) {
    // Of a beta-binomial: the calibration half varies as the judged one does.
    const sd = Math.sqrt((2 * alpha * (1 - alpha)) / count);
    expect(covered / count).toBeGreaterThan(1 - alpha - 4 * sd);
  }
});

test('each half is scaled by the temperature of the other, log loss within 1e-12', async () => {
  const reader = madeUpReader();
  const [{ temperatures, scaled }] = (await measureCalibration([reader], data, {}, {})).runs;
  expect(temperatures[0]).not.toBe(temperatures[1]);
  const logits = reader.model.withRows(test1000.images, (rows) => reader.model.network.logitsOf(rows));
  const [a, b] = halves(test1000, new Uint8Array(1_000), 0);
  let sum = 0;
  for (const [half, temperature] of [[b, temperatures[0]] as const, [a, temperatures[1]] as const]) {
    for (const i of half) {
      const row = Array.from(logits.subarray(10 * i, 10 * i + 10), (z) => Math.exp(z / temperature));
      sum -= Math.log(row[test1000.labels[i]] / row.reduce((x, y) => x + y));
    }
  }
  expect(scaled.logLoss).toBeCloseTo(sum / 1_000, 12);
});

test('thresholds are found on one half and counted on the other; both ECEs are those of their own bins, within 1e-12', async () => {
  const many = madeUpImages(3_000, 5);
  const reader = madeUpReader({ scale: 6 });
  const [{ abstention, raw }] = (await measureCalibration([reader], { test: many }, {}, {})).runs;
  const logits = reader.model.withRows(many.images, (rows) => reader.model.network.logitsOf(rows));
  const top = topLabel({ probabilities: softmax(logits, 10), labels: many.labels, classes: 10 });
  expect(raw.ece).toBeCloseTo(expectedCalibrationError(reliabilityDiagram(top)), 12);
  expect(raw.eceEqualMass).toBeCloseTo(expectedCalibrationError(equalMassDiagram(top)), 12);
  expect(Math.abs(raw.ece - raw.eceEqualMass)).toBeGreaterThan(1e-6);
  const [a, b] = halves(many, new Uint8Array(3_000), 0);
  const of = (rows: Uint32Array) => ({
    confidence: Float64Array.from(rows, (i) => top.confidence[i]),
    correct: Uint8Array.from(rows, (i) => top.correct[i]),
  });
  let found = 0;
  for (const { wanted, thresholds, judged, answered, errors } of abstention) {
    const expected = [
      [a, b],
      [b, a],
    ].map(([fit, other]) => ({
      other,
      ...riskThreshold(of(fit), of(other).confidence, { wanted, delta: 0.05 }),
    }));
    expect(thresholds).toEqual(expected.map(({ other: _, ...threshold }) => threshold));
    const counted = expected.flatMap(({ other, threshold }) =>
      threshold === null ? [] : [{ other, threshold }],
    );
    const kept = counted.flatMap(({ other, threshold }) =>
      [...other].filter((i) => top.confidence[i] >= threshold),
    );
    found += counted.length;
    expect([judged, answered, errors]).toEqual([
      counted.reduce((sum, { other }) => sum + other.length, 0),
      kept.length,
      kept.filter((i) => top.correct[i] === 0).length,
    ]);
  }
  expect(found).toBeGreaterThan(1);
});

test('halves are disjoint, together all images, and share each class and population evenly', () => {
  const groups = Uint8Array.from(test1000.labels, (_, i) => (i < 400 ? 1 : 0));
  const [a, b] = halves(test1000, groups, 3);
  expect([...a, ...b].sort((x, y) => x - y)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  for (let label = 0; label < 10; label++) {
    for (const group of [0, 1]) {
      const counts = [a, b].map(
        (half) => half.filter((i) => test1000.labels[i] === label && groups[i] === group).length,
      );
      expect(Math.abs(counts[0] - counts[1])).toBeLessThanOrEqual(1);
    }
  }
  expect(halves(test1000, groups, 4)[0]).not.toEqual(a);
});

test('with a hold-out all is fitted on it and every test image judged', async () => {
  const images = madeUpImages(600, 9);
  const measured = await measureCalibration([madeUpReader()], data, { holdout: () => ({ images }) }, {});
  expect([measured.fittedOn, measured.fitImages]).toEqual(['holdout', 600]);
  const [{ temperatures, abstention, sets }] = measured.runs;
  expect(temperatures).toHaveLength(1);
  expect(abstention.every(({ judged }) => judged === 1_000 || judged === 0)).toBe(true);
  expect(sets.some(({ method }) => method === 'lac-by-population')).toBe(false);
});

test('a constant model: no threshold, all digits in a set, confidence a tenth', async () => {
  const [run] = (await measureCalibration([madeUpReader({ scale: 0 })], data, {}, {})).runs;
  expect([run.accuracy, run.meanConfidence, run.temperatures]).toEqual([
    0.1,
    expect.closeTo(0.1, 12),
    [1, 1],
  ]);
  expect(run.raw.logLoss).toBeCloseTo(Math.log(10), 12);
  expect(
    run.abstention.every(({ thresholds }) => thresholds.every(({ threshold }) => threshold === null)),
  ).toBe(true);
  expect(run.sets.find(({ method }) => method === 'lac')!.sizes[10]).toBe(1_000);
  expect(run.riskCoverage.aurc).toBeCloseTo(0.9, 12);
});

test('too few images, other classes and an abort are errors of their own', async () => {
  const reader = madeUpReader();
  await expect(measureCalibration([reader], { test: madeUpImages(99) }, {}, {})).rejects.toMatchObject({
    code: 'E_ARGUMENT',
  });
  const letters = { ...test1000, classes: 26 };
  await expect(measureCalibration([reader], { test: letters }, {}, {})).rejects.toMatchObject({
    code: 'E_SHAPE',
  });
  const signal = AbortSignal.abort();
  await expect(measureCalibration([reader], data, {}, { signal })).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
});
