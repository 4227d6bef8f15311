import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { crossedBootstrap, crossedMeans } from './crossedBootstrap.ts';
import { Congruential } from './fixtures/congruential.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };

test.each(fixture.crossed)(
  'clusters $clusters, paired $paired: agrees within 1e-13 with averaging every drawn answer',
  ({ first, second, clusters, paired, seed, resamples, ...expected }) => {
    const options = { random: new Congruential(seed), clusters, paired, resamples };
    const found = crossedBootstrap(first, second, options);
    expect(Math.abs(found.difference - expected.difference)).toBeLessThan(1e-13);
    expect(Math.abs(found.standardError - expected.standardError)).toBeLessThan(1e-13);
    expect(Math.abs(found.low - expected.low)).toBeLessThan(1e-13);
    expect(Math.abs(found.high - expected.high)).toBeLessThan(1e-13);
    expect(Math.abs(found.degreesOfFreedom / expected.df - 1)).toBeLessThan(1e-12);
    expect(Math.abs(found.p - expected.p)).toBeLessThan(1e-12);
    expect(found.clusters).toBe(new Set(clusters).size);
  },
);

test('without clusters every image is its own', () => {
  const { first, second, seed, resamples, low, high } = fixture.crossed[0];
  const found = crossedBootstrap(first, second, { random: new Congruential(seed), resamples });
  expect(found).toMatchObject({ images: 7, clusters: 7, low: expect.closeTo(low, 13) as number });
  expect(found.high).toBeCloseTo(high, 13);
});

/** Answers that agree between arms but for a share of the images. */
function madeUp(seeds: number, images: number, rate: number, random: Random): Uint8Array[] {
  return Array.from({ length: seeds }, () =>
    Uint8Array.from({ length: images }, () => (random.uniform() < rate ? 1 : 0)),
  );
}

/** A number for each seed and each writer and an answer for each image of 40 writers, whose mean over all seeds and writers is .1. */
function answersOf(seeds: number, spread: { seed: number; writer: number }, random: Random) {
  const clusters = Array.from({ length: 400 }, (_, i) => Math.floor(i / 10));
  const ofWriter = Array.from({ length: 40 }, () => spread.writer * random.normal());
  const draw = (centre: number) =>
    Array.from({ length: seeds }, () => {
      const ofSeed = spread.seed * random.normal();
      return Uint8Array.from(clusters, (writer) =>
        random.uniform() < centre + ofSeed + (centre === 0.6 ? ofWriter[writer] : 0) ? 1 : 0,
      );
    });
  return { first: draw(0.6), second: draw(0.5), clusters };
}

test.each([
  { seeds: 2, spread: { seed: 0.04, writer: 0 } },
  { seeds: 3, spread: { seed: 0.04, writer: 0.05 } },
  { seeds: 4, spread: { seed: 0, writer: 0.15 } },
  { seeds: 10, spread: { seed: 0.03, writer: 0.1 } },
])(
  'of 400 simulated studies of $seeds seeds 92 to 100 % of the intervals hold the true difference',
  ({ seeds, spread }) => {
    let covered = 0;
    for (let study = 0; study < 400; study++) {
      const { first, second, clusters } = answersOf(seeds, spread, new Random(study, 'coverage'));
      const { low, high } = crossedBootstrap(first, second, {
        random: new Random(study, 'bootstrap'),
        resamples: 200,
        clusters,
      });
      if (low <= 0.1 && high >= 0.1) covered++;
    }
    expect(covered / 400).toBeGreaterThanOrEqual(0.92);
  },
);

test('the standard error comes within 4 % of its closed form for 4,000 resamples', () => {
  const random = new Random(11, 'answers');
  const [first, second] = [madeUp(8, 300, 0.9, random), madeUp(8, 300, 0.85, random)];
  // With D the differences, the shares of n − 1 draws have covariance (I − J/n) / (n·(n − 1)): with S = 8 and n = 300 each sum of
  // squares of centred rows, columns and cells over S·(S − 1) and n·(n − 1), what is not drawn over S² or n².
  const d = first.map((answers, s) => Array.from(answers, (answer, i) => answer - second[s][i]));
  const rows = d.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columns = d[0].map((_, i) => d.reduce((sum, row) => sum + row[i], 0));
  const total = rows.reduce((sum, value) => sum + value, 0);
  let variance = 0;
  for (const row of rows) variance += (row - total / 8) ** 2 / (8 * 7 * 300 * 300);
  for (const column of columns) variance += (column - total / 300) ** 2 / (300 * 299 * 8 * 8);
  d.forEach((row, s) => {
    row.forEach((value, i) => {
      variance += (value - rows[s] / 300 - columns[i] / 8 + total / 2400) ** 2 / (8 * 7 * 300 * 299);
    });
  });
  const found = crossedBootstrap(first, second, { random: new Random(1, 'bootstrap'), resamples: 4_000 });
  expect(Math.abs(found.standardError / Math.sqrt(variance) - 1)).toBeLessThan(0.04);
  expect(found.difference).toBeCloseTo(total / 2400, 14);
});

test('whole writers drawn together widen the interval when answers agree within a writer', () => {
  const random = new Random(5, 'answers');
  const clusters = Array.from({ length: 400 }, (_, i) => Math.floor(i / 20));
  const easy = Array.from({ length: 20 }, () => random.uniform() < 0.5);
  const first = Array.from({ length: 4 }, () => Uint8Array.from(clusters, () => 1));
  const second = Array.from({ length: 4 }, () =>
    Uint8Array.from(clusters, (writer) => (easy[writer] ? 1 : 0)),
  );
  const byImage = crossedBootstrap(first, second, { random, resamples: 500 });
  const byWriter = crossedBootstrap(first, second, { random, resamples: 500, clusters });
  expect(byWriter.high - byWriter.low).toBeGreaterThan(3 * (byImage.high - byImage.low));
  expect(byWriter.difference).toBe(byImage.difference);
});

test('swapping the arms turns the signs, resample for resample', () => {
  for (const paired of [true, false]) {
    const random = new Random(2, 'answers');
    const [a, b] = [madeUp(3, 50, 0.8, random), madeUp(3, 50, 0.7, random)];
    const found = crossedBootstrap(a, b, { random: new Random(1, 'x'), resamples: 200, paired });
    const swapped = crossedBootstrap(b, a, { random: new Random(1, 'x'), resamples: 200, paired });
    expect(swapped.difference).toBeCloseTo(-found.difference, 14);
    if (paired) expect(swapped.low).toBeCloseTo(-found.high, 14);
  }
});

test('arms that answer alike, one seed and one image have an interval of no width', () => {
  const alike = madeUp(3, 40, 0.9, new Random(3, 'answers'));
  const options = { random: new Random(1, 'bootstrap'), resamples: 20 };
  expect(crossedBootstrap(alike, alike, options)).toMatchObject({
    difference: 0,
    low: 0,
    high: 0,
    standardError: 0,
  });
  expect(crossedBootstrap([[1]], [[0]], options)).toMatchObject({ difference: 1, low: 1, high: 1 });
});

test('arms, images, answers and clusters that do not fit are refused', () => {
  const options = { random: new Random(0, 'bootstrap') };
  expect(() => crossedBootstrap([], [], options)).toThrow(/first arm's seeds/);
  expect(() => crossedBootstrap([[1]], [[1], [0]], options)).toThrow(
    /as many seeds in both arms, received 1 and 2/,
  );
  expect(() => crossedBootstrap([[]], [[]], options)).toThrow(/images: expected a whole number >= 1/);
  expect(() => crossedBootstrap([[1, 0]], [[1]], options)).toThrow(
    /expected 2 answers from every seed, received 1/,
  );
  expect(() => crossedBootstrap([[2]], [[1]], options)).toThrow(/received 2 at image 0/);
  expect(() => crossedBootstrap([[1]], [[NaN]], options)).toThrow(/received NaN/);
  expect(() => crossedBootstrap([[1]], [[1]], { ...options, clusters: [1, 2] })).toThrow(
    /each of 1 images, received 2/,
  );
  expect(() => crossedBootstrap([[1]], [[1]], { ...options, resamples: 1 })).toThrow(/whole number >= 2/);
});

test('a shift of each seed is drawn with it: the mean moves by its mean, and its own spread is s / √n within 4 %', () => {
  const random = () => new Random(6, 'shift');
  const [first, second] = [madeUp(6, 300, 0.9, new Random(4, 'a')), madeUp(6, 300, 0.8, new Random(5, 'b'))];
  const plain = crossedBootstrap(first, second, { random: random() });
  const moved = crossedBootstrap(first, second, { random: random(), shift: new Array<number>(6).fill(0.25) });
  expect(moved.difference).toBeCloseTo(plain.difference - 0.25, 12);
  expect(moved.low).toBeCloseTo(plain.low - 0.25, 12);
  expect(moved.high).toBeCloseTo(plain.high - 0.25, 12);
  expect(moved.degreesOfFreedom).toBeCloseTo(plain.degreesOfFreedom, 8);

  // Arms that answer alike differ by their shifts alone: 1, 2, 3, 4 have the standard deviation √(5/3) and 3 degrees of freedom.
  const alike = madeUp(4, 50, 0.9, new Random(7, 'c'));
  const found = crossedBootstrap(alike, alike, { random: random(), shift: [1, 2, 3, 4], resamples: 20_000 });
  expect(found.difference).toBeCloseTo(-2.5, 12);
  expect(Math.abs(found.standardError / (Math.sqrt(5 / 3) / 2) - 1)).toBeLessThan(0.04);
  expect(found.degreesOfFreedom).toBeCloseTo(3, 8);
  expect(() => crossedBootstrap(alike, alike, { random: random(), shift: [1] })).toThrow(
    /a finite shift for each/,
  );
});

test('crossedMeans: of answers the same as crossedBootstrap (to the bit); of numbers the hand-worked mean, and a standard error within 10 % of what seeds and clusters have', () => {
  const random = new Random(5, 'means');
  const [first, second] = [madeUp(4, 60, 0.1, random), madeUp(4, 60, 0.2, random)];
  const options = () => ({ random: new Random(1, 'draws'), resamples: 500 });
  expect(crossedMeans(first, second, options())).toEqual(crossedBootstrap(first, second, options()));
  // Losses a_s + b_i: the mean is mean(a) + mean(b), its variance var(a)/S + var(b)/n, the two being drawn apart.
  const a = Array.from({ length: 12 }, () => 0.3 * random.normal());
  const b = Array.from({ length: 80 }, () => random.normal());
  const losses = a.map((own) => Float64Array.from(b, (value) => own + value));
  const none = a.map(() => new Uint8Array(80));
  const found = crossedMeans(losses, none, { random: new Random(2, 'draws'), resamples: 4_000 });
  const mean = (x: number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = (x: number[]) =>
    x.reduce((sum, value) => sum + (value - mean(x)) ** 2, 0) / (x.length - 1) / x.length;
  expect(found.difference).toBeCloseTo(mean(a) + mean(b), 12);
  expect(Math.abs(found.standardError / Math.sqrt(variance(a) + variance(b)) - 1)).toBeLessThan(0.1);
  expect(() => crossedMeans([[NaN]], [[0]], options())).toThrow(/expected finite numbers, received NaN/);
});
