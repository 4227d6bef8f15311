import { expect, test } from 'vitest';
import { pixels } from '../../../test/support/networks.ts';
import type { Dataset } from '../../data/examples.ts';
import { randomHalf } from '../../data/splits/half.ts';
import { Dense, Flatten, Input, Rescaling } from '../../nn/layers.ts';
import { Adam } from '../../nn/optimizers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import type { Subject } from '../subject.ts';
import { confidencesOf } from './confidences.ts';
import { measurePrivacy } from './lossThreshold.ts';
import { measureMembership, membershipTrial } from './membership.ts';
import { priceOfPrivacy, type PrivacyRun } from './price.ts';

/** Pure noise with random labels: whatever a network knows of it, it has memorised. */
function noise(count: number, seed: number): Dataset {
  const random = new Random(seed, 'noise');
  const { data } = pixels(count, 784, random);
  return {
    images: { data, shape: [count, 28, 28] },
    labels: Uint8Array.from({ length: count }, () => random.integer(10)),
    classes: 10,
  };
}

function subject(seed: number, arm = 'relu'): Subject {
  const activation = 'relu';
  const model = new Sequential(
    [
      Input([28, 28]),
      Rescaling(1 / 255),
      Flatten(),
      Dense(16, { activation }),
      Dense(10, { activation: 'softmax' }),
    ],
    { seed },
  );
  model.compile({
    optimizer: Adam({ learningRate: 0.01 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return { arm, activation, seed, hash: `${arm}${seed}`, model };
}

async function trained(
  seed: number,
  { images, labels }: Dataset,
  rows: Uint32Array,
  arm = 'relu',
): Promise<Subject> {
  const one = subject(seed, arm);
  const inputs = new Uint8Array(rows.length * 784);
  rows.forEach((row, k) => {
    inputs.set(images.data.subarray(row * 784, (row + 1) * 784), k * 784);
  });
  await one.model.fit(
    { data: inputs, shape: [rows.length, 28, 28] },
    { data: Uint8Array.from(rows, (row) => labels[row]), shape: [rows.length] },
    { epochs: 15, batchSize: 16, verbose: 0 },
  );
  return one;
}

const TRAIN = noise(200, 1);
const TEST = noise(150, 2);
const ALL = Uint32Array.from({ length: 200 }, (_, i) => i);

test('confidencesOf: log(p / (1 − p)), accuracy and loss from the softmax outputs within 1e-4', async () => {
  const one = await trained(1, TRAIN, ALL);
  const { scores, accuracy, loss } = confidencesOf(one.model, TEST);
  const outputs = one.model.predict(TEST.images).data;
  TEST.labels.forEach((label, s) => {
    const p = outputs[10 * s + label];
    if (p > 1e-5 && p < 1 - 1e-4) expect(Math.abs(scores[s] - Math.log(p / (1 - p)))).toBeLessThan(2e-2);
    if (p > 0.01 && p < 0.99) expect(Math.abs(scores[s] - Math.log(p / (1 - p)))).toBeLessThan(1e-4);
  });
  const evaluated = one.model.evaluate(TEST.images, { data: TEST.labels, shape: [150] });
  expect(accuracy).toBe(evaluated.accuracy);
  expect(Math.abs(loss - evaluated.loss)).toBeLessThan(1e-4);
  const rows = Uint32Array.of(5, 9);
  expect([...confidencesOf(one.model, TEST, rows).scores]).toEqual([scores[5], scores[9]]);
});

test('measurePrivacy: a network that memorised noise is caught, one that did not, or is constant, is not; twice the same', async () => {
  const memorised = await trained(1, TRAIN, ALL, 'memorised');
  const fresh = subject(2, 'fresh');
  const constant = subject(3, 'constant');
  constant.model.setWeights(
    constant.model.getWeights().map(({ data, shape }) => ({ data: data.fill(0), shape })),
  );
  const shares: number[] = [];
  const work = { onProgress: (share: number) => void shares.push(share) };
  const audit = await measurePrivacy([memorised, fresh, constant], { train: TRAIN, test: TEST }, {}, work);
  expect(shares).toEqual([1 / 3, 2 / 3, 1]);
  const [a, b, c] = audit.arms;
  expect(audit.runs[0].accuracy.members).toBeGreaterThan(0.9);
  expect(a.auc.mean).toBeGreaterThan(0.9);
  expect(audit.runs[0].auc.low).toBeGreaterThan(0.85);
  expect(audit.runs[0].truePositive.low).toBeGreaterThan(0.01);
  expect(Math.abs(b.auc.mean - 0.5)).toBeLessThan(0.1);
  expect(audit.runs[1].auc.low).toBeLessThan(0.5);
  expect(c.auc.mean).toBe(0.5);
  expect(c.truePositive.mean).toBe(0);
  expect(c.auc.low).toBeNull();
  expect(JSON.parse(JSON.stringify(audit))).toEqual(audit);
  expect(await measurePrivacy([memorised, fresh, constant], { train: TRAIN, test: TEST }, {}, {})).toEqual(
    audit,
  );
});

test('measurePrivacy: members are the images that the network was trained on; stopping is E_ABORTED, no network E_ARGUMENT', async () => {
  const half = randomHalf(200, 4);
  const one = await trained(4, TRAIN, half);
  const data = { train: TRAIN, test: TEST };
  const all = await measurePrivacy([one], data, {}, {});
  const own = await measurePrivacy([one], data, { trainedOn: () => half }, {});
  expect(own.members).toBe(100);
  expect(own.arms[0].auc.mean).toBeGreaterThan(all.arms[0].auc.mean + 0.15);
  await expect(measurePrivacy([one], data, {}, { signal: AbortSignal.abort() })).rejects.toThrow('stopped');
  await expect(measurePrivacy([], data, {}, {})).rejects.toThrow('at least one network');
});

test('measureMembership: networks that memorised their halves are told, likelihood ratio above loss; those that learnt nothing are not', async () => {
  const data = { train: TRAIN, test: TEST };
  const trials = [];
  for (let seed = 1; seed <= 9; seed++) {
    const half = randomHalf(200, seed);
    trials.push(membershipTrial(await trained(seed, TRAIN, half), data, half));
    trials.push(membershipTrial(subject(seed, 'fresh'), data, half));
  }
  const { arms, seen, images, pooled } = await measureMembership(trials, TRAIN, {});
  expect([seen, images, pooled]).toEqual([0.5, 200, true]);
  const [memorised, fresh] = arms;
  expect(memorised.networks).toBe(9);
  expect(memorised.gap.mean).toBeGreaterThan(0.5);
  expect(memorised.ratio.auc.low).toBeGreaterThan(0.9);
  expect(memorised.loss.auc.low).toBeGreaterThan(0.85);
  expect(memorised.writers.mean).toBeGreaterThan(0.4);
  expect(memorised.writers.mean).toBeLessThan(0.6);
  expect(memorised.exposed).toHaveLength(12);
  const [worst] = memorised.exposed;
  expect(worst.told).toBeLessThanOrEqual(worst.trained);
  for (const { index, trained: seenBy } of memorised.exposed) {
    const own = trials.filter(({ arm, inside }) => arm === 'relu' && inside[index] === 1);
    expect(seenBy).toBe(own.length);
  }
  expect(worst.pixels).toEqual([...TRAIN.images.data.subarray(784 * worst.index, 784 * (worst.index + 1))]);
  expect(memorised.everTold).toBeGreaterThanOrEqual(memorised.mostlyTold);
  expect(fresh.ratio.auc.low).toBeLessThan(0.5);
  expect(fresh.ratio.auc.high).toBeGreaterThan(0.5);
  expect(Math.abs(fresh.ratio.auc.mean - 0.5)).toBeLessThan(0.06);
  await expect(measureMembership(trials.slice(0, 4), TRAIN, {})).rejects.toThrow('at least 3');
  await expect(measureMembership([], TRAIN, {})).rejects.toThrow('at least 3');
});

function run(
  activation: string,
  seed: number,
  noiseMultiplier: number | null,
  testAccuracy: number,
): PrivacyRun {
  const arm = `${activation}-${noiseMultiplier ?? 'plain'}`;
  const privacy = noiseMultiplier === null ? null : { clip: 1, noiseMultiplier };
  return { arm, activation, seed, testAccuracy, privacy, images: 60_000, batchSize: 256, epochs: 15 };
}

test('priceOfPrivacy: ε of the accountant’s published training (classic 1.19), means, paired differences (hand-worked)', () => {
  const price = priceOfPrivacy([
    run('tanh', 1, 1.3, 0.5),
    run('tanh', 2, 1.3, 0.75),
    run('relu', 1, 1.3, 0.25),
    run('relu', 2, 1.3, 0.25),
    run('relu', 1, null, 1),
    run('relu', 1, 0, 0.75),
    run('relu', 1, 2, 0.125),
  ]);
  expect(price).toMatchObject({ delta: 1e-5, conversion: 'improved', images: 60_000 });
  expect(price.points.map(({ arm }) => arm)).toEqual([
    'relu-2',
    'tanh-1.3',
    'relu-1.3',
    'relu-plain',
    'relu-0',
  ]);
  const [, tanh, relu, plain, noiseless] = price.points;
  expect(relu.epsilon).toBe(tanh.epsilon);
  expect(relu.epsilon).toBeLessThan(1.19);
  expect(relu.epsilon).toBeGreaterThan(0.9);
  expect([relu.steps, plain.epsilon, noiseless.epsilon]).toEqual([15 * 235, null, null]);
  expect(tanh.accuracy).toMatchObject({ n: 2, mean: 0.625 });
  expect(plain.accuracy).toEqual({ n: 1, mean: 1, low: null, high: null });
  expect(price.differences).toHaveLength(1);
  // Differences −0.25 and −0.5: mean −0.375, t of one degree of freedom 12.706, s/√2 = 0.125.
  expect(price.differences[0]).toMatchObject({
    first: 'relu',
    second: 'tanh',
    difference: { n: 2, mean: -0.375 },
  });
  expect(price.differences[0].difference.high).toBeCloseTo(-0.375 + 12.7062047 * 0.125, 6);
});

test('priceOfPrivacy: no private run, or runs of an arm that differ, are E_ARGUMENT', () => {
  expect(() => priceOfPrivacy([run('relu', 1, null, 1)])).toThrow('at least one run with privacy');
  const other = { ...run('relu', 2, 1, 1), batchSize: 512 };
  expect(() => priceOfPrivacy([run('relu', 1, 1, 1), other])).toThrow('trained alike');
});
