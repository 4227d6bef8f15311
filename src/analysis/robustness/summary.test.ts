import { expect, test } from 'vitest';
import { summariseArms } from './arms.ts';
import { corruptionErrors } from './corruptionErrors.ts';
import { madeUpCounts, madeUpRobustness } from './fixtures/madeUp.ts';
import { measuresOf } from './measures.ts';
import { pairArms } from './pairs.ts';
import { referenceErrors } from './reference.ts';

test('mean corruption error: by hand, 1e-12', () => {
  const reference = { clean: 0.02, corrupted: [0.1, 0.4, 0.01] };
  const { mean, relative } = corruptionErrors(0.04, [0.2, 0.2, 0.05], reference);
  // (0.2/0.1 + 0.2/0.4 + 0.05/0.01)/3 and, the third taking errors from the reference, (0.16/0.08 + 0.16/0.38)/2.
  expect(mean).toBeCloseTo((2 + 0.5 + 5) / 3, 12);
  expect(relative).toBeCloseTo((2 + 0.16 / 0.38) / 2, 12);
  expect(corruptionErrors(0, [0], { clean: 0, corrupted: [0] })).toEqual({ mean: null, relative: null });
  const same = corruptionErrors(0.02, [0.1, 0.4, 0.01], reference);
  expect(same.mean).toBeCloseTo(1, 12);
  expect(same.relative).toBeCloseTo(1, 12);
});

test('the ReLU arm of a comparison is its own reference, the replication that of a single arm', () => {
  const both = referenceErrors(madeUpCounts({ relu: [0.9, 0.8], tanh: [0.7, 0.7] }))!;
  expect(both).toMatchObject({ source: 'arm', seeds: 2, images: 1000 });
  expect(both.corrupted[0]).toBeCloseTo(0.15, 12);
  expect(referenceErrors(madeUpCounts({ relu: [0.9, 0.8] }))?.source).toBe('replication');
  expect(referenceErrors(madeUpCounts({ tanh: [0.9], gelu: [0.9] }))?.source).toBe('replication');
  const others = referenceErrors(madeUpCounts({ tanh: [0.9], gelu: [0.9] }), { replicated: false });
  expect(others).toBeNull();
});

test('measures of a network with the same accuracy everywhere are that accuracy', () => {
  const counts = madeUpCounts({ tanh: [0.6] });
  const measures = measuresOf(counts.subjects[0], counts, referenceErrors(counts));
  expect(measures.suiteAccuracy).toBeCloseTo(0.6, 12);
  expect(measures.shiftedAccuracy).toBeCloseTo(0.6, 12);
  expect(measures.geometryAccuracy).toBeCloseTo(0.6, 12);
  // Clean images are read as in every row of the made-up counts: 0.98.
  const steps = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8];
  const gaussian = (0.1 * (0.98 + 0.6)) / 2 + 0.6 * (steps[7] - 0.1);
  const salt = (0.05 * (0.98 + 0.6)) / 2 + 0.6 * 0.45;
  expect(measures.noiseAccuracy).toBeCloseTo((gaussian / 0.8 + salt / 0.5) / 2, 12);
});

test('geometry is the mean of shear, scale, rotate and translate, a shift is translate', () => {
  const special: Record<string, number> = { shear: 0.1, scale: 0.2, rotate: 0.3, translate: 0.8 };
  const counts = madeUpCounts({ tanh: [0.6] }, { under: (accuracy, name) => special[name] ?? accuracy });
  const measures = measuresOf(counts.subjects[0], counts, referenceErrors(counts));
  expect(measures.geometryAccuracy).toBeCloseTo(0.35, 12);
  expect(measures.shiftedAccuracy).toBeCloseTo(0.8, 12);
  expect(measures.suiteAccuracy).toBeCloseTo((1.4 + 11 * 0.6) / 15, 12);
});

test('intervals: Student over seeds, Wilson for one network, both against SciPy to 1e-7', () => {
  const many = madeUpCounts({ relu: [0.9, 0.8, 0.85], tanh: [0.6, 0.6, 0.6] });
  const [relu, tanh] = summariseArms(many, referenceErrors(many));
  expect(relu.intervals).toBe('seeds');
  // scipy.stats.t.interval(.95, 2, .85, .05/sqrt(3))
  expect(relu.accuracy[0][0].low).toBeCloseTo(0.7257931144, 7);
  expect(relu.accuracy[0][0].high).toBeCloseTo(0.9742068856, 7);
  expect(relu.meanCorruptionError!.mean).toBeCloseTo(1, 12);
  expect(tanh.suite).toMatchObject({ low: tanh.suite.mean, high: tanh.suite.mean });
  const one = madeUpCounts({ tanh: [0.6] });
  const [single] = summariseArms(one, referenceErrors(one));
  expect(single.intervals).toBe('images');
  // scipy.stats.binomtest(600, 1000).proportion_ci(method='wilson')
  expect(single.accuracy[0][0].low).toBeCloseTo(0.5693094294, 7);
  expect(single.accuracy[0][0].high).toBeCloseTo(0.6299252188, 7);
  expect(single.meanCorruptionError).toMatchObject({ low: null, high: null });
});

test('the interval of the suite for one network is Student’s over images: a hand-worked case', () => {
  // 1,000 images, 600 of them right under all 15 corruptions and 400 under none: sd of the shares √(.24 · 1000/999).
  const counts = madeUpCounts({ tanh: [0.6] });
  const [{ suite }] = summariseArms(counts, referenceErrors(counts));
  const half = 1.9623415 * Math.sqrt(0.24 / 999);
  expect(suite.mean).toBeCloseTo(0.6, 12);
  expect(suite.high! - 0.6).toBeCloseTo(half, 7);
});

test('pairs: difference by seed, p of 15 equal tests corrected by 15, nothing below two common seeds', () => {
  const counts = madeUpRobustness({ relu: [0.9, 0.8, 0.85], tanh: [0.89, 0.78, 0.84] });
  const pair = pairArms(counts, 'relu', 'tanh')!;
  expect(pair.seeds).toBe(3);
  expect(pair.suite.difference).toBeCloseTo(0.04 / 3, 10);
  expect(pair.clean.difference).toBe(0);
  // scipy.stats.ttest_1samp([.01, .02, .01], 0): t = 4, p = .0571909584
  expect(pair.corruptions[0].p).toBeCloseTo(0.0571909584, 8);
  expect(pair.corruptions[0].holm).toBeCloseTo(0.857864376, 6);
  expect(pairArms(madeUpRobustness({ relu: [0.9], tanh: [0.9] }), 'relu', 'tanh')).toBeNull();
});

test('pairs: a difference that every seed repeats, but for rounding, is no evidence', () => {
  const counts = madeUpRobustness({ relu: [0.91, 0.82, 0.87], tanh: [0.9, 0.81, 0.86] });
  const { suite, noise, corruptions } = pairArms(counts, 'relu', 'tanh')!;
  for (const test of [suite, noise, ...corruptions]) {
    expect(test.p).toBe(1);
    expect(test.low).toBe(test.high);
  }
  expect(corruptions[0].difference).toBeCloseTo(0.01, 12);
});
