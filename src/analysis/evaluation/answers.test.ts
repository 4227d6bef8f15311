import { expect, test } from 'vitest';
import { Dense, Flatten, Input } from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { loadMnist } from '../../store/mnist.ts';
import type { Subject } from '../subject.ts';
import { measureAnswers } from './answers.ts';
import { isMnistTest } from './known.ts';

const { test: mnist } = loadMnist();

/** Says `digit` to everything. */
function constant(digit: number): Subject {
  const model = new Sequential([Input([28, 28]), Flatten(), Dense(10, { activation: 'softmax' })]);
  model.setWeights(
    model.getWeights().map(({ data, shape }, k) => ({
      shape,
      data: data.map((_, j) => (k === 1 && j === digit ? 1 : 0)),
    })),
  );
  return { arm: `says ${digit}`, activation: 'relu', seed: 1, hash: String(digit), model };
}

test('accuracies of constant answers on MNIST’s test set, by the labels as given and as corrected (counted by hand)', async () => {
  const { images, subjects } = await measureAnswers([0, 4, 6].map(constant), mnist);
  expect(images).toBe(10_000);
  // 0: two became sixes, two others noughts. 4: a nine became one, two became nines. 6: four others became sixes, three have no label.
  const given = [980, 982, 958];
  const corrected = [980, 981, 959];
  subjects.forEach(({ accuracy, mnist: own }, k) => {
    expect(accuracy).toBeCloseTo(given[k] / 10_000, 12);
    expect(own!.corrected).toBeCloseTo(corrected[k] / 9_997, 12);
  });
  const fours = [...mnist.labels].map((label) => Number(label === 4));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  expect(subjects[1].mnist!.students).toBeCloseTo(sum(fours.slice(0, 5_001)) / 5_001, 12);
  expect(subjects[1].mnist!.employees).toBeCloseTo(sum(fours.slice(5_001)) / 4_999, 12);
  expect(subjects[1].confusion.map((row) => row[4])).toEqual([
    980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
  ]);
});

test('other images have no corrected labels and no populations', async () => {
  const labels = mnist.labels.slice();
  labels[947] = 9;
  expect(isMnistTest(mnist)).toBe(true);
  expect(isMnistTest({ ...mnist, labels })).toBe(false);
  const { subjects } = await measureAnswers([constant(4)], { ...mnist, labels });
  expect(subjects[0].mnist).toBeNull();
});
