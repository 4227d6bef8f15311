import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import { subset } from '../../data/examples.ts';
import { wilson } from '../../stats/wilson.ts';
import { loadMnist } from '../../store/mnist.ts';
import { madeUpDigits, madeUpSubject, madeUpWriters } from './fixtures/madeUp.ts';
import { measureEquity } from './measure.ts';
import { fifthBounds } from './slices.ts';
import { strokeMeasures } from './strokeMeasures.ts';

const data = { train: madeUpDigits(800, 1), test: madeUpDigits(1_000, 2) };
const writers = madeUpWriters(1_000);
const quick = { quick: true };

test('the made-up reader misreads the hard images, all by students: 20 % against 0 %, a gap with an interval by writer', async () => {
  const {
    families,
    arms,
    writers: people,
  } = await measureEquity([madeUpSubject('good')], data, { ...quick, writers }, {});
  expect(families.map(({ name }) => name)).toEqual([
    'population',
    'digit',
    'ink',
    'thickness',
    'slant',
    'size',
    'offCentre',
  ]);
  expect(people).toBe(50);
  const [{ original, corrected, cells, networks }] = arms;
  expect(corrected).toBeNull();
  expect(original.all.rate).toBeCloseTo(0.1, 12);
  expect(original.rates[0].map(({ images, rate }) => [images, rate])).toEqual([
    [500, 0.2],
    [500, 0],
  ]);
  expect(original.rates[0].map((rate) => rate.writers)).toEqual([25, 25]);
  const [gap, ...others] = original.gaps[0];
  expect(others).toEqual([]);
  expect(gap.difference).toBeCloseTo(0.2, 12);
  // Every fifth image of every student, none of 25 employees: 25 of whom no error is known are not certain never to make one.
  const [students, employees] = [wilson(100, 500), wilson(0, 25)];
  expect(gap.differenceInterval![0]).toBeCloseTo(
    0.2 - Math.sqrt((0.2 - students.low) ** 2 + employees.high ** 2),
    12,
  );
  expect(gap.differenceInterval![0]).toBeGreaterThan(0);
  expect(gap.holm).toBeLessThan(0.05);
  expect(cells!.map((row) => row.reduce((sum, { images }) => sum + images, 0))).toEqual([500, 500]);
  expect(networks).toMatchObject([{ seed: 1, population: [0.2, 0] }]);
  expect(networks[0].ranges[0]).toBeCloseTo(0.2, 12);
});

test('a constant model: all ones right, no other digit; rates of two arms and three seeds are means over seeds', async () => {
  const subjects = [
    madeUpSubject('constant', 1, 'constant'),
    ...[1, 2, 3].map((seed) => madeUpSubject('blind', seed, 'blind')),
  ];
  const { arms } = await measureEquity(subjects, data, quick, {});
  const [constant, blind] = arms;
  const digits = constant.original.rates[0];
  expect(digits.map(({ rate }) => rate)).toEqual([1, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(constant.original.gaps[0][1]).toMatchObject({ difference: -1, ratio: 0 });
  expect(constant.original.gaps[0][1].holm).toBeLessThan(1e-30);
  expect(constant.cells).toBeNull();
  expect(blind.networks.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  const mean = blind.networks.reduce((sum, { error }) => sum + error / 3, 0);
  expect(blind.original.all.rate).toBeCloseTo(mean, 12);
  expect(mean).toBeGreaterThan(0.7);
});

test('MNIST’s own test set: populations by the rule of the index, corrected labels without three images, twice the same numbers', async () => {
  const { train, test: own } = loadMnist();
  const small = {
    train: subset(
      train,
      Uint32Array.from({ length: 2_000 }, (_, i) => i),
    ),
    test: own,
  };
  const run = () => measureEquity([madeUpSubject('constant')], small, quick, {});
  const first = await run();
  const [{ original, corrected }] = first.arms;
  expect(first.writers).toBeNull();
  expect(original.rates[0].map(({ images }) => images)).toEqual([5_001, 4_999]);
  // 1,135 ones as given; 6783 is a six.
  expect(original.all.rate).toBeCloseTo(1 - 1_135 / 10_000, 12);
  expect(corrected!.images).toBe(9_997);
  expect(corrected!.all.rate).toBeCloseTo(1 - 1_134 / 9_997, 12);
  expect(JSON.parse(JSON.stringify(first))).toEqual(await run());
});

test('without writers rates of MNIST’s images are as uncertain as the design effects of 2.2 and 5.4 say, those of other images as 5.4, within 15 % of the width', async () => {
  const { train, test: own } = loadMnist();
  const first = subset(
    train,
    Uint32Array.from({ length: 2_000 }, (_, i) => i),
  );
  const mnist = await measureEquity([madeUpSubject('constant')], { train: first, test: own }, quick, {});
  expect(mnist.designEffects).toEqual([2.2, 5.4]);
  const width = ([low, high]: readonly [number, number]) => high - low;
  mnist.arms[0].original.rates[0].forEach(({ images, rate, interval }, population) => {
    const n = Math.round(images / [2.2, 5.4][population]);
    const expected = wilson(rate! * n, n);
    expect(Math.abs(width(interval!) / (expected.high - expected.low) - 1)).toBeLessThan(0.15);
  });
  const other = await measureEquity([madeUpSubject('good')], data, quick, {});
  const { images, rate, interval } = other.arms[0].original.all;
  const n = Math.round(images / 5.4);
  const expected = wilson(rate! * n, n);
  expect(Math.abs(width(interval!) / (expected.high - expected.low) - 1)).toBeLessThan(0.15);
  const known = await measureEquity([madeUpSubject('good')], data, { ...quick, writers }, {});
  expect(known.designEffects).toBeNull();
});

test('fifths are cut by the training images, before a test image is looked at', async () => {
  const thin = {
    ...data.test,
    images: { ...data.test.images, data: data.test.images.data.map((grey) => grey >> 1) },
  };
  const { bounds } = await measureEquity([madeUpSubject('good')], { ...data, test: thin }, quick, {});
  expect(bounds).toEqual(fifthBounds(strokeMeasures(data.train.images.data), data.train));
  expect(bounds.ink).not.toEqual(fifthBounds(strokeMeasures(thin.images.data), thin).ink);
});

test('too few images in a slice: a rate without an interval, and no p', async () => {
  const few = {
    train: data.train,
    test: subset(
      data.test,
      Uint32Array.from({ length: 120 }, (_, i) => i),
    ),
  };
  const { arms } = await measureEquity([madeUpSubject('good')], few, quick, {});
  expect(arms[0].original.rates[0].every(({ images, interval }) => images < 30 && interval === null)).toBe(
    true,
  );
  expect(arms[0].original.gaps[0].every(({ p, holm }) => p === null && holm === null)).toBe(true);
  expect(arms[0].original.all.interval).not.toBeNull();
});

test('E_ARGUMENT without a model, E_SHAPE for writers of other images, E_ABORTED on the signal; progress ends at 1', async () => {
  const subject = madeUpSubject('good');
  const code = async (use: () => Promise<unknown>) => (await errorOf(use)).code;
  expect(await code(() => measureEquity([], data, quick, {}))).toBe('E_ARGUMENT');
  expect(await code(() => measureEquity([subject], data, { writers: writers.slice(1) }, {}))).toBe('E_SHAPE');
  const signal = AbortSignal.abort();
  expect(await code(() => measureEquity([subject], data, quick, { signal }))).toBe('E_ABORTED');
  const shares: number[] = [];
  await measureEquity([subject], data, quick, { onProgress: (share) => void shares.push(share) });
  expect(shares.at(-1)).toBe(1);
});
