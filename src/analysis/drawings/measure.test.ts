import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import type { Dataset } from '../../data/examples.ts';
import type { DrawnDigits } from '../../data/unipen/drawnDigits.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import type { Subject } from '../subject.ts';
import { measureDrawings } from './measure.ts';

/** Images whose first pixels say what network 0, 1, … answers. */
function told(answers: readonly (readonly number[])[], labels: readonly number[]): Dataset {
  const data = new Uint8Array(labels.length * 784);
  answers.forEach((own, network) => {
    own.forEach((answer, i) => (data[784 * i + network] = answer));
  });
  return {
    images: { data, shape: [labels.length, 28, 28] },
    labels: Uint8Array.from(labels),
    classes: 10,
  };
}

/** Answers what pixel `network` says, with probability .91. */
function subject(network: number, arm: string, seed: number): Subject {
  const predict = ({ data, shape: [n] }: Tensor<Uint8Array>): Tensor<Float32Array> => ({
    data: Float32Array.from({ length: 10 * n }, (_, k) =>
      k % 10 === data[784 * Math.floor(k / 10) + network] ? 0.91 : 0.01,
    ),
    shape: [n, 10],
  });
  const model = { predict } as unknown as Sequential;
  return { arm, activation: arm, seed, hash: `${network}`, model };
}

// 400 drawings by 40 writers, ten each, one of each digit; the second half of the writers elsewhere.
const LABELS = Array.from({ length: 400 }, (_, i) => i % 10);
const wrongWhere = (where: (i: number) => boolean) =>
  LABELS.map((label, i) => (where(i) ? (label + 1) % 10 : label));
const ANSWERS = [
  wrongWhere((i) => i % 10 === 4), // every four: 40
  wrongWhere((i) => i % 10 === 4 || i < 20), // and the other 18 of two writers: 58
  wrongWhere((i) => i % 10 === 4 || i % 10 === 7), // 80
  wrongWhere((i) => i % 10 === 4 || i >= 398), // 42
];
const DRAWN: DrawnDigits = {
  ...told(ANSWERS, LABELS),
  writers: Uint16Array.from(LABELS, (_, i) => Math.floor(i / 10)),
  sources: Uint8Array.from(LABELS, (_, i) => (i < 200 ? 0 : 1)),
  sourceNames: ['here', 'there'],
};
// Of 100 test images 2, 4, 1 and 3 are misread.
const test100 = Array.from({ length: 100 }, (_, i) => i % 10);
const TEST = told(
  [2, 4, 1, 3].map((wrong) => test100.map((label, i) => (i < wrong ? (label + 5) % 10 : label))),
  test100,
);
const SUBJECTS = [subject(0, 'relu', 1), subject(1, 'relu', 2), subject(2, 'tanh', 1), subject(3, 'tanh', 2)];

test('rates, losses and differences of two arms with two seeds: a hand-worked case, exact', async () => {
  const found = await measureDrawings(SUBJECTS, { test: TEST }, DRAWN);
  expect(found).toMatchObject({ images: 400, writers: 40, testImages: 100, sources: ['here', 'there'] });
  const [relu, tanh] = found.arms;
  expect(relu.networks.map(({ error, testError }) => [error, testError])).toEqual([
    [0.1, 0.02],
    [0.145, 0.04],
  ]);
  expect(relu.error).toMatchObject({ images: 400, writers: 40, rate: expect.closeTo(0.1225, 12) as number });
  expect(relu.loss.mean).toBeCloseTo(0.0925, 12);
  expect(tanh.loss.mean).toBeCloseTo((0.2 + 0.105) / 2 - 0.02, 12);
  // Of the fours all are misread; of the sevens 2 of 80 by ReLU, 40 of 80 (one network) by Tanh, and a nine and an eight are at the end.
  expect(relu.digits[4].rate).toBeCloseTo(1, 12);
  expect(relu.digits[7].rate).toBeCloseTo(2 / 80, 12);
  expect(tanh.digits[7].rate).toBeCloseTo(0.5, 12);
  expect(relu.sources.map(({ rate }) => rate)).toEqual([
    expect.closeTo((20 + 38) / 400, 12),
    expect.closeTo(40 / 400, 12),
  ]);
  expect(relu.confusions[0]).toEqual({ digit: 4, read: 5, count: 40 });
  expect(relu.byWriter).toBeNull();
  expect(found.differences).toHaveLength(1);
  const [{ first, second, error, loss }] = found.differences;
  expect([first, second]).toEqual(['relu', 'tanh']);
  expect(error.networks).toBe(2);
  expect(error.mean).toBeCloseTo((0.2 + 0.105 - 0.1 - 0.145) / 2, 12);
  expect(loss.mean).toBeCloseTo(tanh.loss.mean - relu.loss.mean, 12);
  expect(error.low).toBeLessThan(error.mean);
  expect(error.high).toBeGreaterThan(error.mean);
  expect(found.agreedOtherwise).toBe(40);
  const worst = found.worst.filter(({ digit }) => digit === 4);
  expect(worst.map(({ index }) => index)).toEqual([4, 14, 24, 34]);
  expect(worst[0]).toMatchObject({ read: 5, right: 0, writer: 0, source: 'here' });
  expect(worst[0].probability).toBeCloseTo(0.01, 6);
});

test('a writer of 20 drawings or more counts among the writers; arms without a common seed have no difference', async () => {
  const writers = DRAWN.writers.map((writer) => writer >> 1);
  const found = await measureDrawings(
    [subject(0, 'relu', 1), subject(3, 'tanh', 2)],
    { test: TEST },
    { ...DRAWN, writers },
    { quick: true },
  );
  expect(found.differences).toEqual([]);
  // Each misreads its two fours of 20.
  expect(found.arms[0].byWriter).toEqual({ writers: 20, quantiles: [0.1, 0.1, 0.1] });
  expect(found.arms[0].loss.networks).toBe(1);
});

test('nothing to measure is E_ARGUMENT', async () => {
  expect(await errorOf(() => measureDrawings([], { test: TEST }, DRAWN))).toMatchObject({
    code: 'E_ARGUMENT',
  });
});
