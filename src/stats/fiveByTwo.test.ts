import { expect, test } from 'vitest';
import { alpaydinF, dietterichT, type FiveByTwo } from './fiveByTwo.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };

test.each(fixture.fiveByTwo)(
  '5×2cv F and t of $differences agree with the formulas within 1e-11',
  (sample) => {
    const differences = sample.differences as unknown as FiveByTwo;
    const { f, p, degreesOfFreedom } = alpaydinF(differences);
    expect(degreesOfFreedom).toEqual([10, 5]);
    expect(f / sample.f - 1).toBeCloseTo(0, 11);
    expect(p / sample.pF - 1).toBeCloseTo(0, 11);
    const found = dietterichT(differences);
    expect(Math.abs(found.t - sample.t)).toBeLessThanOrEqual(1e-11 * Math.abs(sample.t));
    expect(found.p / sample.pT - 1).toBeCloseTo(0, 11);
    expect(found.degreesOfFreedom).toBe(5);
  },
);

test('worked by hand: five pairs 3, 1 have F = 50/(2·10) = 2.5 and t = 3/√2', () => {
  const differences: FiveByTwo = Array.from({ length: 5 }, () => [3, 1] as const);
  expect(alpaydinF(differences).f).toBe(2.5);
  expect(dietterichT(differences).t).toBeCloseTo(3 / Math.SQRT2, 14);
});

test('F hangs neither on the order of folds nor on which arm is first', () => {
  const differences = fixture.fiveByTwo[0].differences as unknown as FiveByTwo;
  const turned: FiveByTwo = [...differences].reverse().map(([x, y]) => [-y, -x] as const);
  expect(alpaydinF(turned).f).toBeCloseTo(alpaydinF(differences).f, 12);
});

test('no difference gives p = 1; folds that agree exactly on one give an infinite F', () => {
  const equal = (value: number): FiveByTwo => Array.from({ length: 5 }, () => [value, value] as const);
  expect(alpaydinF(equal(0))).toEqual({ f: 0, degreesOfFreedom: [10, 5], p: 1 });
  expect(dietterichT(equal(0))).toMatchObject({ t: 0, p: 1 });
  expect(alpaydinF(equal(0.1))).toMatchObject({ f: Infinity, p: 0 });
  expect(dietterichT(equal(-0.1))).toMatchObject({ t: -Infinity, p: 0 });
});

test('another number of pairs and NaN are refused', () => {
  expect(() => alpaydinF([[1, 2]])).toThrow(/5 pairs of differences, received 1/);
  expect(() => dietterichT([])).toThrow(/received 0/);
  const broken: FiveByTwo = Array.from({ length: 5 }, () => [1, NaN] as const);
  expect(() => alpaydinF(broken)).toThrow(/finite/);
});
