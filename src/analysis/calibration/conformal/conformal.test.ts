import { expect, test } from 'vitest';
import { CLASSES, constant, fixture, perfect, predictions } from '../fixtures/case.ts';
import { takeRows } from '../predictions.ts';
import { apsScores } from './aps.ts';
import { lacScores } from './lac.ts';
import { mondrianQuantiles } from './mondrian.ts';
import { rapsScores, tuneRaps } from './raps.ts';
import { addCounts, conformalQuantile, countSets, meanSetSize, ownScores } from './sets.ts';

const { probabilities, labels } = predictions;
const uniforms = Float64Array.from(fixture.uniforms);
const HALVES = [
  Uint32Array.from({ length: 200 }, (_, i) => i),
  Uint32Array.from({ length: 204 }, (_, i) => 200 + i),
];
const ALPHAS = [0.1, 0.02];

const METHODS = [
  ['LAC', lacScores(probabilities), fixture.lac],
  ['APS', apsScores(probabilities, CLASSES, uniforms), fixture.aps],
  ['RAPS', rapsScores(probabilities, CLASSES, uniforms, { lambda: 0.1, k: 2 }), fixture.raps],
] as const;

test.each(METHODS)(
  '%s: quantiles within 1e-12, sets and coverage of NumPy, exact; by class too',
  (_, scores, expected) => {
    const [fitted, judged] = HALVES.map((rows) => takeRows(scores, CLASSES, rows));
    const [fittedLabels, judgedLabels] = [labels.slice(0, 200), labels.slice(200)];
    const images = { labels: judgedLabels, classes: CLASSES, groups: new Uint8Array(204) };
    const own = ownScores(fitted, fittedLabels, CLASSES);
    ALPHAS.forEach((alpha, a) => {
      const quantile = conformalQuantile(own, alpha);
      expect(quantile).toBeCloseTo(expected[a].quantile, 12);
      const sets = countSets(judged, images, () => quantile, 1);
      expect(sets.sizes).toEqual(expected[a].sizes);
      expect(sets.covered).toBe(expected[a].covered);
      const byClass = mondrianQuantiles(own, { categories: fittedLabels, count: CLASSES }, alpha);
      const mondrian = countSets(judged, images, (_image, candidate) => byClass[candidate], 1);
      expect(mondrian.sizes).toEqual(expected[a].mondrianSizes);
      expect(mondrian.byClass.map(({ covered }) => covered)).toEqual(expected[a].mondrianCovered);
    });
  },
);

test('the conformal quantile is the ⌈(n + 1)(1 − α)⌉-th smallest, ∞ where there are too few', () => {
  const scores = Float64Array.from({ length: 99 }, (_, i) => 99 - i);
  expect(conformalQuantile(scores, 0.01)).toBe(99);
  expect(conformalQuantile(scores, 0.1)).toBe(90);
  expect(conformalQuantile(scores, 0.105)).toBe(90);
  expect(conformalQuantile(scores, 0.009)).toBe(Infinity);
});

test('APS of one image, worked by hand, 1e-12: what is more probable, and u times itself', () => {
  const p = Float64Array.of(0.2, 0.5, 0.3);
  const expected = { randomised: [0.8 + 0.1, 0.25, 0.5 + 0.15], plain: [1, 0.5, 0.8] };
  [...apsScores(p, 3, Float64Array.of(0.5))].forEach((score, j) => {
    expect(score).toBeCloseTo(expected.randomised[j], 12);
  });
  [...apsScores(p, 3, null)].forEach((score, j) => {
    expect(score).toBeCloseTo(expected.plain[j], 12);
  });
  [...rapsScores(p, 3, null, { lambda: 0.1, k: 1 })].forEach((score, j) => {
    expect(score).toBeCloseTo([1.2, 0.5, 0.9][j], 12);
  });
});

test('RAPS takes k from the ranks and the λ of the smallest sets', () => {
  const tuned = tuneRaps(predictions, uniforms, 0.1);
  const ranks = Array.from(labels, (label, i) => {
    const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
    return 1 + row.filter((p) => p > row[label]).length;
  }).sort((a, b) => a - b);
  expect(tuned.k).toBe(ranks[Math.ceil(405 * 0.9) - 1]);
  const sizeFor = (lambda: number) => {
    const scores = rapsScores(probabilities, CLASSES, uniforms, { lambda, k: tuned.k });
    const quantile = conformalQuantile(ownScores(scores, labels, CLASSES), 0.1);
    return meanSetSize(
      countSets(scores, { labels, classes: CLASSES, groups: new Uint8Array(404) }, () => quantile, 1),
    );
  };
  const sizes = [0.001, 0.01, 0.1, 0.2, 0.5].map((lambda) => ({ lambda, size: sizeFor(lambda) }));
  expect(tuned.lambda).toBe(sizes.reduce((a, b) => (b.size < a.size ? b : a)).lambda);
});

test('a perfect model needs one class in each set, equal probabilities all of them', () => {
  const sure = perfect(100, 10);
  const scores = lacScores(sure.probabilities);
  const quantile = conformalQuantile(ownScores(scores, sure.labels, 10), 0.05);
  const images = { labels: sure.labels, classes: 10, groups: new Uint8Array(100) };
  const sets = countSets(scores, images, () => quantile, 1);
  expect([meanSetSize(sets), sets.covered]).toEqual([1, 100]);
  const even = constant(new Array<number>(10).fill(0.1), 100);
  const flat = lacScores(even.probabilities);
  const all = countSets(flat, images, () => conformalQuantile(ownScores(flat, even.labels, 10), 0.05), 1);
  expect([meanSetSize(all), all.covered]).toEqual([10, 100]);
});

test('counts by class and group add up to all, and over folds', () => {
  const groups = Uint8Array.from(labels, (_, i) => i % 2);
  const counts = countSets(lacScores(probabilities), { labels, classes: CLASSES, groups }, () => 0.6, 2);
  const sum = (parts: readonly { covered: number; count: number }[]) =>
    parts.reduce((total, part) => [total[0] + part.covered, total[1] + part.count], [0, 0]);
  expect(sum(counts.byClass)).toEqual([counts.covered, 404]);
  expect(sum(counts.byGroup)).toEqual([counts.covered, 404]);
  const twice = addCounts(counts, counts);
  expect([twice.count, twice.covered, meanSetSize(twice)]).toEqual([
    808,
    2 * counts.covered,
    meanSetSize(counts),
  ]);
});
