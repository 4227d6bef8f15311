import { expect, test } from 'vitest';
import { Dense, Flatten, Input } from '../nn/layers.ts';
import { Sequential } from '../nn/sequential.ts';
import { type Classifier, classOf, extentsOf } from './classOf.ts';

/** Three columns of two rows: the logit of a class is a hundredth of the sum of its column. */
function columns(channels: 1 | 3 = 1): Classifier {
  const model = new Sequential([
    Input([2, 3, channels]),
    Flatten(),
    Dense(3, { activation: 'softmax', useBias: false }),
  ]);
  const kernel = new Float32Array(6 * channels * 3);
  for (let pixel = 0; pixel < 6; pixel++) {
    for (let k = 0; k < channels; k++) kernel[(pixel * channels + k) * 3 + (pixel % 3)] = 0.01;
  }
  model.setWeights([{ data: kernel, shape: [6 * channels, 3] }]);
  return {
    name: 'columns',
    hash: '',
    model,
    extents: [2, 3, channels],
    classes: ['left', 'middle', 'right'],
  };
}

test('the class of a picture, its share to 6 digits of the softmax by hand, the next class', () => {
  const data = Uint8Array.of(10, 100, 0, 20, 50, 0);
  const { label, second, confidence, probabilities, notSure, image } = classOf(
    { data, rows: 2, columns: 3, channels: 1 },
    columns(),
  );
  expect({ label, second, notSure, image }).toEqual({ label: 1, second: 0, notSure: undefined, image: data });
  const sum = Math.exp(0.3) + Math.exp(1.5) + 1;
  expect(confidence).toBeCloseTo(Math.exp(1.5) / sum, 6);
  expect(probabilities[2]).toBeCloseTo(1 / sum, 6);
});

test('an answer without half of the probability is doubtful', () => {
  const even = { data: new Uint8Array(6), rows: 2, columns: 3, channels: 1 };
  expect(classOf(even, columns()).notSure).toBe(
    'no class has more than half of the probability; middle is next',
  );
});

test('dark on light is turned, another size is scaled, colours become grey or stay', () => {
  // 4 × 6, a dark stroke in the third and fourth column: as light on dark, 2 × 3, the middle one.
  const data = Uint8Array.from({ length: 24 }, (_, i) => (i % 6 === 2 || i % 6 === 3 ? 0 : 255));
  const { label, image } = classOf({ data, rows: 4, columns: 6, channels: 1 }, columns());
  expect({ label, image: [...image] }).toEqual({ label: 1, image: [0, 255, 0, 0, 255, 0] });
  const coloured = Uint8Array.from({ length: 18 }, (_, i) => (i % 9 === 6 ? 200 : 0));
  const red = { data: coloured, rows: 2, columns: 3, channels: 3 };
  expect(classOf(red, columns(3)).image).toEqual(coloured);
  // 200 of red is 60 of grey (BT.601).
  expect([...classOf(red, columns()).image]).toEqual([0, 0, 60, 0, 0, 60]);
});

test('extentsOf: by the input, by the form of the data, as a square; no image, no classifier', () => {
  const net = (input: number[], activation: 'softmax' | 'relu' = 'softmax') =>
    new Sequential([Input(input), Flatten(), Dense(3, { activation })]);
  expect(extentsOf(net([20, 24, 3]), 'm')).toEqual([20, 24, 3]);
  expect(extentsOf(net([5, 4]), 'm')).toEqual([5, 4, 1]);
  expect(extentsOf(net([9]), 'm')).toEqual([3, 3, 1]);
  expect(extentsOf(net([12]), 'm', [2, 2, 3])).toEqual([2, 2, 3]);
  expect(() => extentsOf(net([12]), 'm')).toThrow('m: expected a network of images in one channel or three');
  expect(() => extentsOf(net([2, 2, 2]), 'm')).toThrow('received one that takes (2, 2, 2)');
  expect(() => extentsOf(net([2, 2], 'relu'), 'm')).toThrow('m: expected a classifier');
});
