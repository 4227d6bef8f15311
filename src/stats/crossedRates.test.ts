import { expect, test } from 'vitest';
import fixture from '../../test/fixtures/equity.json' with { type: 'json' };
import { Random } from '../util/random.ts';
import { crossedBootstrap } from './crossedBootstrap.ts';
import { crossedRates } from './crossedRates.ts';
import { quantile, standardDeviation } from './describe.ts';
import { studentFactor } from './satterthwaite.ts';

const { writer, group, events, sd, difference, ratio } = fixture.resampled;
const errors = events.map((seed) => Uint8Array.from(seed, Number));
const division = { count: 3, of: group };

test('sd and quantiles of rate, difference and ratio over seeds × writers are within 4 % (of the interval) of NumPy', () => {
  const { groups } = crossedRates(errors, [division], {
    random: new Random(3, 'test'),
    clusters: writer,
    resamples: 20_000,
  });
  const { rates, rests } = groups[0][2];
  const differences = rates.map((rate, b) => rate - rests[b]);
  const ratios = rates.map((rate, b) => rate / rests[b]);
  const near = (value: number, expected: number, scale: number) => {
    expect(Math.abs(value - expected) / scale).toBeLessThan(0.04);
  };
  near(standardDeviation(rates), sd.rate, sd.rate);
  near(standardDeviation(differences), sd.difference, sd.difference);
  [0.025, 0.975].forEach((p, k) => {
    near(quantile(differences, p), difference[k], difference[1] - difference[0]);
    near(quantile(ratios, p), ratio[k], ratio[1] - ratio[0]);
  });
});

test('of all images, the resamples are those of crossedBootstrap against a perfect arm, within 1e-12', () => {
  const options = { clusters: writer, resamples: 500 };
  const right = errors.map((seed) => seed.map((error) => 1 - error));
  const perfect = errors.map((seed) => seed.map(() => 1));
  const expected = crossedBootstrap(perfect, right, { random: new Random(5, 'same'), ...options });
  const { all } = crossedRates(errors, [division], { random: new Random(5, 'same'), ...options });
  expect(all.rate).toBeCloseTo(expected.difference, 12);
  expect(standardDeviation(all.rates)).toBeCloseTo(expected.standardError, 12);
  const factor = studentFactor(expected.degreesOfFreedom);
  expect(all.rate - factor * (all.rate - quantile(all.rates, 0.025))).toBeCloseTo(expected.low, 12);
  expect(all.clusters).toBe(40);
});

test('rates, rest, images and clusters of each group; an empty group is NaN, none of the groups too (worked by hand)', () => {
  const one = [1, 0, 0, 1, 0];
  const { groups, all } = crossedRates([one, [1, 1, 0, 0, 0]], [{ count: 3, of: [0, 0, 1, 3, 1] }], {
    random: new Random(0, 'test'),
    clusters: [7, 7, 7, 8, 9],
    resamples: 2,
  });
  expect(all.rate).toBe(0.4);
  expect(groups[0].map(({ rate }) => rate)).toEqual([0.75, 0, NaN]);
  expect(groups[0][0].rest).toBeCloseTo(0.5 / 3, 15);
  expect([...groups[0][0].seedRates]).toEqual([0.5, 1]);
  expect(groups[0][0].seedRests[0]).toBeCloseTo(1 / 3, 15);
  expect(groups[0][0].seedRests[1]).toBe(0);
  expect(groups[0].map(({ images }) => images)).toEqual([2, 2, 0]);
  expect(groups[0].map(({ clusters }) => clusters)).toEqual([1, 2, 0]);
  expect(groups[0].map(({ restClusters }) => restClusters)).toEqual([3, 2, 3]);
});

test('one seed is not resampled: an event of every image keeps its rate; another number of entries is E_SHAPE', () => {
  const { all } = crossedRates([[1, 1, 1]], [], { random: new Random(0, 'test'), resamples: 50 });
  expect(all.rates.every((rate) => rate === 1)).toBe(true);
  const refused = () => crossedRates([[1, 0]], [{ count: 1, of: [0] }], { random: new Random(0, 'test') });
  expect(refused).toThrow(expect.objectContaining({ code: 'E_SHAPE' }) as Error);
  expect(() => crossedRates([], [], { random: new Random(0, 'test') })).toThrow(/whole number >= 1/);
});

test('design effects of 2 and 5 make the variance over images of a stratum 2 and 5 times as large, within 6 % for 6,000 resamples', () => {
  const n = 2_000;
  const random = new Random(1, 'images');
  const strata = Uint8Array.from({ length: n }, (_, i) => (i < 1_200 ? 0 : 1));
  const events = [0, 1].map(() =>
    Uint8Array.from(strata, (one) => (random.uniform() < 0.1 + 0.1 * one ? 1 : 0)),
  );
  const { groups, all } = crossedRates([events[0]], [{ count: 2, of: strata }], {
    random: new Random(2, 'test'),
    designEffects: { strata, effects: [2, 5] },
    resamples: 6_000,
  });
  groups[0].forEach(({ rate, rates, images, clusters }, h) => {
    const effect = [2, 5][h];
    expect(clusters).toBe(images / effect);
    expect(
      Math.abs(standardDeviation(rates) ** 2 / ((effect * rate * (1 - rate)) / images) - 1),
    ).toBeLessThan(0.06);
  });
  expect(all.clusters).toBe(1_200 / 2 + 800 / 5);
  const refused = () =>
    crossedRates([events[0]], [], {
      random: new Random(0, 'test'),
      designEffects: { strata, effects: [0.5, 5] },
    });
  expect(refused).toThrow(/design effects of at least 1, received 0.5/);
});

// Errors of one half in 100 images with effect 1, none in 100 with effect 10: one quarter of all, however few of the second are drawn.
test('strata of different design effects keep their shares of the images: the mean of 2,000 resamples is the rate to .01', () => {
  const strata = Uint8Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 1));
  const { all } = crossedRates([strata.map((one, i) => (one === 0 ? i % 2 : 0))], [], {
    random: new Random(3, 'test'),
    designEffects: { strata, effects: [1, 10] },
  });
  expect(all.rate).toBe(0.25);
  const mean = all.rates.reduce((sum, rate) => sum + rate) / all.rates.length;
  expect(Math.abs(mean - 0.25)).toBeLessThan(0.01);
});
