import { expect, test } from 'vitest';
import { IMAGE_NETWORKS, withRandomWeights } from '../../test/support/imageNetworks.ts';
import { layerOutputs } from '../nn/layerOutputs.ts';
import { Activation, BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D } from '../nn/layers.ts';
import { Sequential } from '../nn/sequential.ts';
import { Random } from '../util/random.ts';
import { forEachOutputs, hiddenLayers, stepsBelowLast } from './hiddenLayers.ts';
import { measureUnits } from './sensitivity/units.ts';

const random = new Random(2, 'bytes');
const IMAGES = {
  data: Uint8Array.from({ length: 50 * 784 }, () => random.integer(256)),
  shape: [50, 28, 28],
};

test('a hidden layer ends with the activation that follows, its own or a layer of itself; the last layer with a kernel is none', () => {
  const layers = [
    Input([8, 8, 1]),
    BatchNormalization(),
    Conv2D(4, 3, { activation: 'relu' }),
    Conv2D(2, 3),
    BatchNormalization(),
    MaxPooling2D(2),
    Activation({ name: 'elu', alpha: 2 }),
    Flatten(),
    Dense(5),
    Dense(3),
    Activation('softmax'),
  ];
  expect(hiddenLayers({ layers })).toEqual([
    { activation: 'relu', parameter: 0, before: 2, steps: 3, units: 4, places: 36 },
    { activation: 'elu', parameter: 2, before: 6, steps: 7, units: 2, places: 4 },
    { activation: 'linear', parameter: 0, before: 8, steps: 8, units: 5, places: 1 },
  ]);
  expect(stepsBelowLast({ layers })).toBe(8);
  expect(stepsBelowLast({ layers: [Input([4]), Dense(3, { activation: 'softmax' })] })).toBeNull();
});

test('flat ends of channels are counted over all places of their maps', () => {
  const model = withRandomWeights(IMAGE_NETWORKS['one convolution']);
  const [first, ...none] = measureUnits(model, IMAGES);
  const { data } = layerOutputs(model, IMAGES, 'conv2d');
  const off = Array.from(
    { length: 4 },
    (_, channel) => data.filter((y, i) => i % 4 === channel && y === 0).length,
  );
  const all = data.length / 4;
  expect(none).toEqual([]);
  expect(first).toMatchObject({ layer: 1, activation: 'relu', units: 4, high: 0 });
  expect(first.low).toBe(off.reduce((sum, count) => sum + count) / data.length);
  expect(first.dead).toBe(off.filter((count) => count === all).length);
});

test('flat ends of an activation of its own are those of what the normalisation before it gives', () => {
  const model = withRandomWeights(IMAGE_NETWORKS['a normalisation, and an activation of its own']);
  const [{ low, high, activation, units }] = measureUnits(model, IMAGES);
  const z = layerOutputs(model, IMAGES, 'batch_normalization').data;
  const share = (of: (x: number) => boolean): number => z.filter(of).length / z.length;
  expect({ activation, units }).toEqual({ activation: 'tanh', units: 4 });
  // |tanh z| ≥ .99
  expect(low).toBe(share((x) => x <= -2.6466524123622457));
  expect(high).toBe(share((x) => x >= 2.6466524123622457));
  expect(low! + high!).toBeGreaterThan(0);
});

test('a linear hidden layer has no flat end', () => {
  const model = new Sequential([Input([784]), Dense(4), Dense(10, { activation: 'softmax' })]);
  expect(measureUnits(model, IMAGES)).toEqual([
    { layer: 1, activation: 'linear', units: 4, low: 0, high: 0, dead: 0 },
  ]);
});

test('outputs in pieces are those of all images at once', () => {
  const model = withRandomWeights(IMAGE_NETWORKS['one convolution']);
  const whole = layerOutputs(model, IMAGES, 'conv2d').data;
  const pieces: number[] = [];
  forEachOutputs(
    model,
    IMAGES,
    2,
    (outputs, first, rows) => {
      pieces.push(rows);
      expect(outputs).toEqual(whole.subarray(first * 576, (first + rows) * 576));
    },
    20 * 576,
  );
  expect(pieces).toEqual([20, 20, 10]);
});
