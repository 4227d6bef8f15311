import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { stratifiedFolds, writerFolds } from './folds.ts';
import { writerPopulation } from '../mnist/writerLabels.ts';
import { mnistStrata } from '../mnist/known.ts';
import { trainPopulation } from '../mnist/writers.ts';

const sizesOf = (folds: readonly Uint32Array[]): number[] => folds.map((fold) => fold.length);
const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function expectPartition(folds: readonly Uint32Array[], n: number): void {
  for (const fold of folds) expect(fold).toEqual(fold.toSorted());
  expect(folds.flatMap((fold) => [...fold]).sort((a, b) => a - b)).toEqual(
    Array.from({ length: n }, (_, i) => i),
  );
}

/** Writers given by number of images: `{ 3: 2 }` is writer 3 with two images. */
function writersOf(images: Readonly<Record<number, number>>): Uint16Array {
  return Uint16Array.from(
    Object.entries(images).flatMap(([writer, n]) => new Array<number>(n).fill(Number(writer))),
  );
}

const ofWriters = (writers: Uint16Array, fold: Uint32Array): number[] => [
  ...new Set(Array.from(fold, (i) => writers[i])),
];

test('image folds are a partition, ascending; sizes and every stratum’s counts differ by at most one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { minLength: 2, maxLength: 120 }),
      fc.nat(),
      fc.integer(),
      (labels, draw, repeat) => {
        const folds = stratifiedFolds(labels, 2 + (draw % (labels.length - 1)), repeat, mnistStrata('train'));
        expectPartition(folds, labels.length);
        expect(spread(sizesOf(folds))).toBeLessThanOrEqual(1);
        for (let digit = 0; digit < 10; digit++) {
          for (const population of ['student', 'employee']) {
            const counts = folds.map(
              (fold) => fold.filter((i) => labels[i] === digit && trainPopulation(i) === population).length,
            );
            expect(spread(counts)).toBeLessThanOrEqual(1);
          }
        }
      },
    ),
  );
});

test('image folds by hand: eight rows of two classes in two folds have one of each stratum', () => {
  const labels = [0, 0, 1, 1, 0, 0, 1, 1];
  const groups = { names: ['even', 'odd'], of: Uint8Array.from(labels, (_, i) => i % 2) };
  for (const fold of stratifiedFolds(labels, 2, 5, groups)) {
    expect(Array.from(fold, (i) => labels[i] * 2 + (i % 2)).sort()).toEqual([0, 1, 2, 3]);
  }
});

test('5×2: the same repeat gives the same folds, another repeat others', () => {
  const labels = Array.from({ length: 200 }, (_, i) => i % 10);
  const writers = Uint16Array.from({ length: 200 }, (_, i) => 2090 + ((i * 7) % 20));
  const repeats = [0, 1, 2, 3, 4];
  for (const draw of [
    (repeat: number) => stratifiedFolds(labels, 2, repeat),
    (repeat: number) => writerFolds(writers, 2, repeat),
  ]) {
    expect(draw(3)).toEqual(draw(3));
    expect(new Set(repeats.map((repeat) => String(draw(repeat)[0]))).size).toBe(5);
  }
});

test('each image is in the first of five folds in a fifth of 400 repeats, ± 40', () => {
  const hits = new Array<number>(20).fill(0);
  for (let repeat = 0; repeat < 400; repeat++) {
    for (const i of stratifiedFolds(new Uint8Array(20), 5, repeat)[0]) hits[i]++;
  }
  for (const count of hits) expect(Math.abs(count - 80)).toBeLessThan(40);
});

test('largest first by hand: writers of 7, 6, 5, 3, 1 images → 7+3+1 and 6+5', () => {
  const writers = writersOf({ 1: 7, 2: 6, 3: 5, 4: 3, 5: 1 });
  const folds = writerFolds(writers, 2, 0).map((fold) => ofWriters(writers, fold).sort());
  expect(folds.sort()).toEqual([
    [1, 4, 5],
    [2, 3],
  ]);
});

test('equal folds are chosen at random: after 7+4 and 6+5 the writer of 3 images joins either, over 40 repeats', () => {
  const writers = writersOf({ 2101: 7, 2102: 6, 2103: 5, 2104: 4, 2105: 3 });
  const joined = Array.from({ length: 40 }, (_, repeat) => {
    const folds = writerFolds(writers, 2, repeat).map((fold) => ofWriters(writers, fold));
    return folds
      .find((fold) => fold.includes(2105))!
      .filter((writer) => writer !== 2105)
      .join('+');
  });
  expect([...new Set(joined)].sort()).toEqual(['2101+2104', '2102+2103']);
});

test('by hand: employees even out the students, yet both folds get one', () => {
  // Students 9 | 2. Employees 4, then 1: by images alone both would join the 2; the last one is owed to the 9.
  const writers = writersOf({ 10: 4, 11: 1, 2200: 9, 2201: 2 });
  const folds = writerFolds(writers, 2, 0).map((fold) => ofWriters(writers, fold).sort((a, b) => a - b));
  expect(folds.sort(([a], [b]) => a - b)).toEqual([
    [10, 2201],
    [11, 2200],
  ]);
});

test('writer folds are a partition, no writer in two, both populations in each, sizes within twice the largest writer', () => {
  const writer = fc.record({
    images: fc.integer({ min: 1, max: 30 }),
    id: fc.oneof(fc.integer({ min: 0, max: 2099 }), fc.integer({ min: 2100, max: 65535 })),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(writer, { minLength: 4, maxLength: 60, selector: ({ id }) => id }),
      fc.nat(),
      fc.integer(),
      (all, draw, repeat) => {
        const populations = [...new Set(all.map(({ id }) => writerPopulation(id)))];
        const most = Math.min(
          ...populations.map((one) => all.filter(({ id }) => writerPopulation(id) === one).length),
        );
        fc.pre(most >= 2);
        const writers = Uint16Array.from(all.flatMap(({ id, images }) => new Array<number>(images).fill(id)));
        new Random(repeat, 'test').shuffle(writers as unknown as Uint32Array);
        const folds = writerFolds(writers, 2 + (draw % (most - 1)), repeat);
        expectPartition(folds, writers.length);
        const found = folds.map((fold) => ofWriters(writers, fold));
        expect(sum(found.map((ids) => ids.length))).toBe(all.length);
        for (const ids of found) expect(new Set(ids.map(writerPopulation)).size).toBe(populations.length);
        expect(spread(sizesOf(folds))).toBeLessThanOrEqual(2 * Math.max(...all.map(({ images }) => images)));
      },
    ),
  );
});

test('impossible numbers of folds are refused, also more folds than writers of one population', () => {
  for (const folds of [-1, 0, 1, 1.5, 5, NaN]) {
    expect(() => stratifiedFolds([0, 1, 0, 1], folds, 0)).toThrow(/expected from 2 to 4 folds/);
  }
  expect(() => stratifiedFolds([0, 1], 2, 0.5)).toThrow(/expected a whole number as repeat, received 0.5/);
  const writers = writersOf({ 1: 3, 2: 3, 3: 3, 2100: 3, 2101: 3 });
  expect(writerFolds(writers, 2, 0)).toHaveLength(2);
  expect(() => writerFolds(writers, 3, 0)).toThrow(
    expect.objectContaining({
      code: 'E_ARGUMENT',
      message: expect.stringContaining(
        "2 writers of the population 'student': expected from 2 to 2 folds",
      ) as unknown,
    }),
  );
});

/**
 * Forty made-up writers, five classes, six images of each by each. A writer has a way of his own to write each class:
 * a point of R¹², of which the class explains little; his images lie closely around it.
 */
function madeUp(): { images: number[][]; labels: number[]; writers: Uint16Array } {
  const random = new Random(1, 'made-up writers');
  const point = (around: readonly number[], sd: number): number[] =>
    around.map((mean) => mean + sd * random.normal());
  const origin = new Array<number>(12).fill(0);
  const classes = Array.from({ length: 5 }, () => point(origin, 0.3));
  const rows = Array.from({ length: 40 }, (_, w) =>
    classes.flatMap((mean, label) => {
      const style = point(mean, 1);
      return Array.from({ length: 6 }, () => ({ image: point(style, 0.2), label, writer: 2080 + w }));
    }),
  ).flat();
  random.shuffle(rows);
  return {
    images: rows.map(({ image }) => image),
    labels: rows.map(({ label }) => label),
    writers: Uint16Array.from(rows, ({ writer }) => writer),
  };
}

/** Share of the images whose nearest image of another fold has their class. */
function crossValidated(images: number[][], labels: number[], folds: readonly Uint32Array[]): number {
  let right = 0;
  for (const fold of folds) {
    const rest = folds.filter((other) => other !== fold).flatMap((other) => [...other]);
    for (const i of fold) {
      let nearest = -1;
      let least = Infinity;
      for (const j of rest) {
        let distance = 0;
        for (let d = 0; d < 12; d++) distance += (images[i][d] - images[j][d]) ** 2;
        if (distance < least) [least, nearest] = [distance, j];
      }
      if (labels[nearest] === labels[i]) right++;
    }
  }
  return right / images.length;
}

test('the leak of ungrouped folds: a nearest neighbour above .95 on image folds is below .5 on new writers', () => {
  const { images, labels, writers } = madeUp();
  const ungrouped = crossValidated(images, labels, stratifiedFolds(labels, 5, 0));
  const grouped = crossValidated(images, labels, writerFolds(writers, 5, 0));
  expect(ungrouped).toBeGreaterThan(0.95);
  expect(grouped).toBeLessThan(0.5);
  expect(grouped).toBeGreaterThan(0.2);
});
