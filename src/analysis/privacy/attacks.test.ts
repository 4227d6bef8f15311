import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import fixture from './fixtures/attacks.json' with { type: 'json' };
import { likelihoodRatios } from './likelihoodRatio.ts';
import { rocOf, truePositiveAt } from './roc.ts';
import { truePositiveInterval } from './truePositiveInterval.ts';

test.each(['smooth', 'tied'] as const)(
  'rocOf, %s scores: the points, area and rates of scikit-learn within 1e-12',
  (name) => {
    const { members, others, falsePositive, truePositive, auc, truePositiveAt: rates } = fixture[name];
    const roc = rocOf(members, others);
    expect(roc.falsePositive).toHaveLength(falsePositive.length);
    roc.falsePositive.forEach((x, k) => expect(Math.abs(x - falsePositive[k])).toBeLessThan(1e-12));
    roc.truePositive.forEach((x, k) => expect(Math.abs(x - truePositive[k])).toBeLessThan(1e-12));
    expect(Math.abs(roc.auc - auc)).toBeLessThan(1e-12);
    for (const [level, rate] of Object.entries(rates)) {
      expect(Math.abs(truePositiveAt(roc, Number(level)) - rate)).toBeLessThan(1e-12);
    }
  },
);

test('rocOf: perfect, useless and inverted attacks', () => {
  expect(rocOf([3, 4], [1, 2]).auc).toBe(1);
  expect(rocOf([1, 1], [1, 1, 1]).auc).toBe(0.5);
  expect(rocOf([1, 2], [3, 4]).auc).toBe(0);
  expect(truePositiveAt(rocOf([3, 4], [1, 2]), 0)).toBe(1);
  expect(truePositiveAt(rocOf([1, 1], [1, 1]), 0.999)).toBe(0);
});

test('rocOf: no score, or one that is not finite, is E_ARGUMENT', () => {
  expect(() => rocOf([], [1])).toThrow('members');
  expect(() => rocOf([1], [NaN])).toThrow('finite');
});

test.each([true, false])(
  'likelihoodRatios, pooled %s: algorithm 1 of Carlini et al. by SciPy within 1e-10, every network attacked with the others',
  (pooled) => {
    const { scores, inside } = fixture.ratio;
    const networks = scores.map((own, t) => ({ scores: own, inside: inside[t] }));
    const expected = pooled ? fixture.ratio.pooled : fixture.ratio.single;
    let visited = 0;
    likelihoodRatios(networks, pooled, (ratios, t) => {
      visited++;
      expected[t].forEach((ratio, i) => {
        expect(Math.abs(ratios[i] - ratio) / Math.max(1, Math.abs(ratio))).toBeLessThan(1e-10);
      });
    });
    expect(visited).toBe(17);
  },
);

test('likelihoodRatios: NaN for an image that no other network saw; 0 where scores never vary; fewer than three networks are E_ARGUMENT', () => {
  const seen = [
    [1, 1, 0],
    [0, 1, 1],
    [0, 1, 1],
    [0, 0, 0],
    [0, 0, 0],
  ];
  const networks = seen.map((inside, t) => ({ scores: [t, t * t, -t], inside }));
  const all: Float64Array[] = [];
  likelihoodRatios(networks, true, (ratios) => all.push(ratios));
  expect(Number.isNaN(all[0][0])).toBe(true);
  expect(Number.isNaN(all[1][0])).toBe(false);
  const constant = seen.map((inside) => ({ scores: [2, 2, 2], inside }));
  likelihoodRatios(constant, true, (ratios) => {
    expect([...ratios]).toEqual([0, 0, 0]);
  });
  expect(() => {
    likelihoodRatios(networks.slice(0, 2), true, () => undefined);
  }).toThrow('at least 3');
});

test('truePositiveInterval: the value is that of the ROC, and covers the truth in 93 to 99 % of 200 made-up experiments', () => {
  const random = new Random(3, 'coverage');
  const draw = (n: number, mean: number) => Float64Array.from({ length: n }, () => mean + random.normal());
  // P(N(1, 1) > the upper 5 % point of N(0, 1)) = 1 − Φ(1.644854 − 1).
  const truth = 0.2595;
  let covered = 0;
  for (let k = 0; k < 200; k++) {
    const [members, others] = [draw(300, 1), draw(400, 0)];
    const { value, low, high } = truePositiveInterval(members, others, 0.05, { random, resamples: 200 });
    expect(value).toBe(truePositiveAt(rocOf(members, others), 0.05));
    if (low <= truth && truth <= high) covered++;
  }
  expect(covered).toBeGreaterThan(185);
  expect(covered).toBeLessThan(199);
});

test('truePositiveInterval: equal scores are no evidence, a perfect attack is found', () => {
  const options = { random: new Random(1, 'x'), resamples: 50 };
  const same = new Float64Array(100).fill(1);
  expect(truePositiveInterval(same, same, 0.01, options)).toEqual({ value: 0, low: 0, high: 0 });
  expect(truePositiveInterval(same, new Float64Array(100), 0.01, options)).toEqual({
    value: 1,
    low: 1,
    high: 1,
  });
});
