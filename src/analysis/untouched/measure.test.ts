import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import type { Examples } from '../../data/examples.ts';
import type { UntouchedDigits } from '../../data/mnist/untouched.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import type { Subject } from '../subject.ts';
import { measureUntouched } from './measure.ts';

/** Images whose first pixels say what network 0, 1, … answers; network k is wrong in the first `wrong[k]`. */
function told(n: number, wrong: readonly number[]): Examples {
  const data = new Uint8Array(n * 784);
  const labels = Uint8Array.from({ length: n }, (_, i) => i % 10);
  wrong.forEach((count, network) => {
    labels.forEach((label, i) => (data[784 * i + network] = i < count ? (label + 1) % 10 : label));
  });
  return { images: { data, shape: [n, 28, 28] }, labels, classes: 10 };
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

const SUBJECTS = [subject(0, 'relu', 1), subject(1, 'relu', 2), subject(2, 'tanh', 1), subject(3, 'tanh', 2)];
// Of 100 published images 2, 4, 6 and 6 are misread: ReLU is 3 points ahead.
const TEST = told(100, [2, 4, 6, 6]);
// Of 400 others 12, 20, 20 and 24: 1.5 points, half of it. 40 writers, ten each.
const UNTOUCHED: UntouchedDigits = {
  ...told(400, [12, 20, 20, 24]),
  writers: Uint16Array.from({ length: 400 }, (_, i) => 2_100 + Math.floor(i / 10)),
};
// −ln of .91 and of .01 as float32.
const [RIGHT, WRONG] = [0.0943106735, 4.6051702084];
const lossOf = (wrong: number) => (1 - wrong) * RIGHT + wrong * WRONG;

test('accuracy, loss, their differences and what is left of a gain: a hand-worked case, losses within 1e-6', async () => {
  const found = await measureUntouched(SUBJECTS, { test: TEST }, UNTOUCHED);
  expect(found).toMatchObject({ images: 400, writers: 40, testImages: 100, quick: false, resamples: 1_000 });
  const [relu] = found.arms;
  expect(relu.networks.map(({ accuracy, testAccuracy }) => [accuracy, testAccuracy])).toEqual([
    [0.97, 0.98],
    [0.95, 0.96],
  ]);
  expect(relu.networks[0].loss).toBeCloseTo(lossOf(0.03), 6);
  expect(relu.networks[1].testLoss).toBeCloseTo(lossOf(0.04), 6);
  expect(relu.error).toMatchObject({ images: 400, writers: 40, rate: expect.closeTo(0.04, 12) as number });
  expect(relu.loss.mean).toBeCloseTo(lossOf(0.04), 6);
  expect(relu.change.mean).toBeCloseTo(-0.01, 12);
  const [{ first, second, test: published, accuracy, loss, change }] = found.differences;
  expect([first, second]).toEqual(['relu', 'tanh']);
  expect(published).toBeCloseTo(0.03, 12);
  expect(accuracy.mean).toBeCloseTo(0.015, 12);
  expect(change.mean).toBeCloseTo(-0.015, 12);
  expect(loss.mean).toBeCloseTo(lossOf(0.04) - lossOf(0.055), 6);
  for (const { mean, low, high } of [relu.loss, relu.change, accuracy, loss, change]) {
    expect(low).toBeLessThan(mean);
    expect(high).toBeGreaterThan(mean);
  }
});

test('one network: intervals over writers, nothing to compare; quick: fewer resamples, the same means', async () => {
  const [whole, quick] = [
    await measureUntouched(SUBJECTS.slice(0, 1), { test: TEST }, UNTOUCHED),
    await measureUntouched(SUBJECTS.slice(0, 1), { test: TEST }, UNTOUCHED, { quick: true }),
  ];
  expect(whole.differences).toEqual([]);
  expect(quick).toMatchObject({ quick: true, resamples: 250 });
  expect(quick.arms[0].error.rate).toBe(whole.arms[0].error.rate);
  expect(whole.arms[0].loss.low).toBeLessThan(whole.arms[0].loss.mean);
});

test('no network or no image is E_ARGUMENT', async () => {
  const empty = { ...told(0, []), writers: new Uint16Array(0) };
  expect((await errorOf(() => measureUntouched([], { test: TEST }, UNTOUCHED))).code).toBe('E_ARGUMENT');
  expect((await errorOf(() => measureUntouched(SUBJECTS, { test: TEST }, empty))).code).toBe('E_ARGUMENT');
});
