import { expect, test } from 'vitest';
import { CLASSES, errorOf, points, smallModel } from '../../test/support/models.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import { poissonSample, privateBatch } from './privacy.ts';

test('poissonSample: each row with the given probability, independently: counts of rows, sizes and pairs within 5 standard deviations', () => {
  const [n, rate, draws] = [40, 0.3, 2000];
  const counts = new Uint32Array(n);
  let [pairs, sizes, squares] = [0, 0, 0];
  for (let k = 0; k < draws; k++) {
    const rows = poissonSample(n, rate, new Random(k, 'poisson'));
    expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
    for (const row of rows) counts[row]++;
    sizes += rows.length;
    squares += (rows.length - n * rate) ** 2;
    if (rows.includes(3) && rows.includes(17)) pairs++;
  }
  const within = (seen: number, p: number, trials: number): void => {
    expect(Math.abs(seen - p * trials)).toBeLessThan(5 * Math.sqrt(trials * p * (1 - p)));
  };
  for (const count of counts) within(count, rate, draws);
  within(pairs, rate * rate, draws);
  within(sizes, rate, draws * n);
  // Sizes vary as binomial ones, where shuffled batches would not vary at all.
  expect(squares / draws / (n * rate * (1 - rate))).toBeGreaterThan(0.85);
  expect(squares / draws / (n * rate * (1 - rate))).toBeLessThan(1.15);
  expect(poissonSample(5, 1, new Random(1, 'x'))).toHaveLength(5);
  expect(poissonSample(5, 0, new Random(1, 'x'))).toHaveLength(0);
});

test('privateBatch: noise and batch of every step and seed are others, and repeat', () => {
  const seen = (seed: number, step: number): string => {
    const privacy = { clip: 2, noiseMultiplier: 3 };
    const { batch, privately } = privateBatch(90, { privacy, seed, batchSize: 30, step });
    const { noise, ...rest } = privately;
    expect(rest).toEqual({ clip: 2, noiseMultiplier: 3, expectedBatch: 30 });
    return `${noise.save().join()}/${[...batch].join()}`;
  };
  const parts = [0, 1, 2, 3].flatMap((seed) => [0, 1, 2, 3].flatMap((step) => seen(seed, step).split('/')));
  expect(new Set(parts).size).toBe(32);
  expect(seen(2, 3)).toBe(seen(2, 3));
});

const { inputs, labels } = points(90);
const RUN = { epochs: 4, batchSize: 20, verbose: 0 } as const;

async function fitted(noiseMultiplier: number, clip = 1, seed = 1) {
  const model = smallModel({ optimizer: 'adam', seed });
  const sizes: number[] = [];
  const { history } = await model.fit(inputs, labels, {
    ...RUN,
    privacy: { clip, noiseMultiplier },
    callbacks: [{ onBatchEnd: (_, { size }) => void sizes.push(size) }],
  });
  return { model, sizes, history };
}

test('fit with privacy: ⌈n / batchSize⌉ steps an epoch, batches of changing size, accuracies that are shares; the same seed gives the same bits, another other batches', async () => {
  const { model, sizes, history } = await fitted(0.5);
  expect(sizes).toHaveLength(4 * 5);
  expect(new Set(sizes).size).toBeGreaterThan(5);
  expect(Math.abs(sizes.reduce((a, b) => a + b) / 20 - 20)).toBeLessThan(5);
  expect(history.accuracy!.every((share) => share > 0 && share <= 1)).toBe(true);
  const again = await fitted(0.5);
  expect(again.model.weightsHash()).toBe(model.weightsHash());
  expect((await fitted(0.5, 1, 2)).sizes).not.toEqual(sizes);
});

test('fit with privacy: metrics of training are shown the examples that each step has drawn, with their own targets and outputs', async () => {
  const model = smallModel();
  const shown: number[] = [];
  const right: number[] = [];
  const share = (targets: Tensor, { data }: Tensor<Float32Array>): number => {
    const [count] = targets.shape;
    shown.push(count);
    const hits = [...targets.data].filter((target, s) => {
      const row = [...data.subarray(s * CLASSES, (s + 1) * CLASSES)];
      return row.indexOf(Math.max(...row)) === target;
    });
    right.push(hits.length / count);
    return hits.length / count;
  };
  model.compile({
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy', share],
  });
  const counted: { size: number; accuracy: number }[] = [];
  await model.fit(inputs, labels, {
    ...RUN,
    privacy: { clip: 1, noiseMultiplier: 0.5 },
    callbacks: [{ onBatchEnd: (_, { size, accuracy }) => void counted.push({ size, accuracy }) }],
  });
  expect(shown).toEqual(counted.map(({ size }) => size));
  expect(right).toEqual(counted.map(({ accuracy }) => accuracy));
});

test('fit with privacy: little noise learns, much noise does not', async () => {
  const learn = async (noise: number): Promise<number> => {
    const model = smallModel({
      optimizer: { name: 'sgd', learningRate: 0.5, momentum: 0.9, nesterov: false },
    });
    await model.fit(inputs, labels, { ...RUN, epochs: 15, privacy: { clip: 1, noiseMultiplier: noise } });
    return model.evaluate(inputs, labels).accuracy;
  };
  expect(await learn(0.1)).toBeGreaterThan(0.85);
  expect(await learn(300)).toBeLessThan(0.3 + 1 / CLASSES);
});

test('fit with privacy: batches that are empty are steps too', async () => {
  const model = smallModel();
  const before = model.weightsHash();
  const { inputs: one, labels: its } = points(8);
  const sizes: number[] = [];
  const { history } = await model.fit(one, its, {
    epochs: 6,
    batchSize: 1,
    verbose: 0,
    privacy: { clip: 1, noiseMultiplier: 1 },
    callbacks: [{ onBatchEnd: (_, { size }) => void sizes.push(size) }],
  });
  expect(sizes).toContain(0);
  expect(history.loss.every(Number.isFinite)).toBe(true);
  expect(model.weightsHash()).not.toBe(before);
});

test.each([
  [{ clip: 0, noiseMultiplier: 1 }, /clip/],
  [{ clip: Infinity, noiseMultiplier: 1 }, /clip/],
  [{ clip: 1, noiseMultiplier: -1 }, /noiseMultiplier/],
  [{ clip: 1, noiseMultiplier: NaN }, /noiseMultiplier/],
])('privacy %j is E_ARGUMENT', async (privacy, message) => {
  const error = await errorOf(() => smallModel().fit(inputs, labels, { ...RUN, privacy }));
  expect(error.code).toBe('E_ARGUMENT');
  expect(error.message).toMatch(message);
});

test('a batch size above the number of examples is E_ARGUMENT with privacy', async () => {
  const privacy = { clip: 1, noiseMultiplier: 1 };
  const error = await errorOf(() => smallModel().fit(inputs, labels, { ...RUN, batchSize: 91, privacy }));
  expect(error).toMatchObject({ code: 'E_ARGUMENT', message: expect.stringContaining('91') as string });
});
