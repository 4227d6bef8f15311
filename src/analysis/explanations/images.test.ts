import { expect, test } from 'vitest';
import { withRandomWeights } from '../../../test/support/imageNetworks.ts';
import { errorOf } from '../../../test/support/models.ts';
import { layerOutputs } from '../../nn/layerOutputs.ts';
import {
  Activation,
  AveragePooling2D,
  BatchNormalization,
  Conv2D,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  MaxPooling2D,
  Rescaling,
} from '../../nn/layers.ts';
import { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import type { Tensor } from '../../util/tensor.ts';
import { gap } from './fixtures/networks.ts';
import { gradient } from './gradient.ts';
import { firstLayerWeights, hiddenUnits } from './hiddenUnits.ts';
import { integratedGradients } from './integratedGradients.ts';
import { methodsFor } from './methods.ts';
import { nearestTraining } from './neighbours.ts';
import { occlusion } from './occlusion.ts';
import { layerwiseRelevance } from './relevance.ts';
import { smoothGrad } from './smoothGrad.ts';

const SIDE = 6;
const random = new Random(3, 'images');
const bytes = (count: number): Tensor<Uint8Array> => ({
  data: Uint8Array.from({ length: count * SIDE * SIDE }, () => random.integer(256)),
  shape: [count, SIDE, SIDE],
});
const IMAGES = bytes(4);
const CLASSES = [0, 2, 1, 2];
const AGAINST = [1, 0, 2, 1];
const HEAD = [Flatten(), Dense(3, { activation: 'softmax' })];
const LAYERS: readonly Layer[] = [
  Input([SIDE, SIDE, 1]),
  Rescaling(1 / 127.5, -1, { name: 'dense_1' }),
  Conv2D(2, 3, { activation: 'tanh', name: 'first' }),
  Dropout(0.3),
  MaxPooling2D(2),
  ...HEAD,
];

/** A linear layer on inputs of this shape as a dense one: its kernel [values below, values above] and its bias. */
function asDense(
  shape: readonly number[],
  layer: Layer,
  weights: readonly Tensor[],
): { kernel: Float32Array; bias: Float32Array; units: number } {
  const model = new Sequential([Input([...shape]), layer, Flatten(), Dense(1)]);
  model.setWeights([...weights, ...model.getWeights().slice(weights.length)]);
  const { name } = model.plannedLayers[1];
  const size = shape.reduce((product, extent) => product * extent);
  const at = (data: Float32Array): Float32Array =>
    layerOutputs(model, { data, shape: [data.length / size, ...shape] }, name).data;
  const bias = at(new Float32Array(size));
  const units = bias.length;
  const basis = new Float32Array(size * size);
  for (let i = 0; i < size; i++) basis[i * size + i] = 1;
  return { kernel: at(basis).map((value, k) => value - bias[k % units]), bias, units };
}

test.each([
  ['epsilon', 'a convolution and mean pooling', Conv2D(3, 3, { padding: 'same' }), AveragePooling2D(2)],
  ['zPlus', 'a convolution and mean pooling', Conv2D(3, 3, { strides: 2 }), AveragePooling2D(2)],
  ['epsilon', 'a depthwise one and global pooling', DepthwiseConv2D(2), GlobalAveragePooling2D()],
  ['zPlus', 'a depthwise one and global pooling', DepthwiseConv2D(3), GlobalAveragePooling2D()],
] as const)(
  'relevance by %s through %s is that through dense layers with the same sums, within 1e-5 of the largest',
  (rule, _, convolution, pooling) => {
    const shape = [SIDE, SIDE, 1];
    const start = [Input(shape), Rescaling(1 / 127.5, -1)];
    const model = withRandomWeights([...start, convolution, Activation('tanh'), pooling, ...HEAD]);
    const weights = model.getWeights();
    const [, , , { shape: between }] = model.plannedLayers;
    const first = asDense(shape, convolution, weights.slice(0, 2));
    const second = asDense(between, pooling, []);
    const dense = new Sequential([
      ...start,
      Flatten(),
      Dense(first.units, { activation: 'tanh' }),
      Dense(second.units, { useBias: false }),
      Dense(3, { activation: 'softmax' }),
    ]);
    dense.setWeights([
      { data: first.kernel, shape: [SIDE * SIDE, first.units] },
      { data: first.bias, shape: [first.units] },
      { data: second.kernel, shape: [first.units, second.units] },
      ...weights.slice(2),
    ]);
    const target = { classes: CLASSES, against: AGAINST };
    const expected = layerwiseRelevance(dense, IMAGES, target, { rule });
    expect(gap(layerwiseRelevance(model, IMAGES, target, { rule }), expected)).toBeLessThan(1e-5);
  },
);

test('max pooling hands all relevance to the largest input, whatever ε: 20/21 of 1 · 4 and 2 · 8 of a hand-made network, within 1e-5', () => {
  const model = new Sequential([
    Input([2, 4, 1]),
    MaxPooling2D(2),
    Flatten(),
    Dense(2, { activation: 'softmax', useBias: false }),
  ]);
  model.setWeights([{ data: Float32Array.from([1, 0, 2, 0]), shape: [2, 2] }]);
  const images = { data: Float32Array.from([1, 4, 8, 2, 3, 0, 5, 6]), shape: [1, 2, 4] };
  const maps = layerwiseRelevance(model, images, { classes: [0] }, { rule: 'epsilon', epsilon: 1 });
  [0, 80 / 21, 320 / 21, 0, 0, 0, 0, 0].forEach((value, p) => {
    expect(maps[p]).toBeCloseTo(value, 5);
  });
});

test('a network that is not dense below: SmoothGrad and integrated gradients are means of gradients at the points, within 1e-5 of the largest', () => {
  const model = withRandomWeights(LAYERS);
  const target = { classes: CLASSES, against: AGAINST };
  const noise = Float32Array.from({ length: 3 * SIDE * SIDE }, () => 0.2 * random.normal());
  const moved = (k: number): Float32Array =>
    Float32Array.from(IMAGES.data, (byte, i) => byte + 127.5 * noise[k * SIDE * SIDE + (i % (SIDE * SIDE))]);
  const on = (share: number): Float32Array => Float32Array.from(IMAGES.data, (byte) => byte * share);
  const meanOf = (points: Float32Array[]): Float64Array => {
    const sum = new Float64Array(IMAGES.data.length);
    for (const data of points) {
      gradient(model, { data, shape: [4, SIDE, SIDE] }, target).forEach((value, i) => {
        sum[i] += value / points.length;
      });
    }
    return sum;
  };
  expect(gap(smoothGrad(model, IMAGES, target, { noise }), meanOf([0, 1, 2].map(moved)))).toBeLessThan(1e-5);
  const baseline = { data: new Uint8Array(SIDE * SIDE), shape: [1, SIDE, SIDE] };
  const { maps, errors } = integratedGradients(model, IMAGES, target, { baseline, steps: 4 });
  const slopes = meanOf([0.125, 0.375, 0.625, 0.875].map(on));
  const expected = slopes.map((slope, i) => (slope * IMAGES.data[i]) / 127.5);
  expect(gap(maps, expected)).toBeLessThan(1e-5);
  const fine = integratedGradients(model, IMAGES, target, { baseline, tolerance: 0.01 });
  expect(Math.max(...fine.errors)).toBeLessThan(0.01);
  expect(Math.max(...errors)).toBeGreaterThan(0);
});

test('a normalisation has no rule of relevance: the layer is named, and the other eight methods explain', async () => {
  const model = withRandomWeights([
    Input([SIDE, SIDE, 1]),
    Conv2D(2, 3),
    BatchNormalization({ name: 'norm' }),
    ...HEAD,
  ]);
  const { code, message } = await errorOf(() =>
    layerwiseRelevance(model, IMAGES, { classes: CLASSES }, { rule: 'zPlus' }),
  );
  expect(code).toBe('E_ARGUMENT');
  expect(message).toContain('no rule for norm (BatchNormalization)');
  const { methods, leftOut } = methodsFor(model);
  expect(methods).toHaveLength(8);
  expect(leftOut.map(({ method }) => method)).toEqual(['relevanceEpsilon', 'relevancePlus']);
});

test('channels are units: the largest value of the map counts; kernels are pictures', () => {
  const model = withRandomWeights(LAYERS);
  const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
  const images = bytes(12);
  const [layer, ...none] = hiddenUnits(model, images, labels, { top: 12, share: 0.2 });
  expect(none).toEqual([]);
  expect(layer).toMatchObject({ layer: 0, count: 2, places: 16, constant: 0 });
  const { data } = layerOutputs(model, images, 'first');
  layer.units.forEach(({ unit, top }) => {
    const most = (i: number): number =>
      Math.max(...Array.from({ length: 16 }, (_, place) => data[(i * 16 + place) * 2 + unit]));
    expect(top).toEqual([...labels.keys()].sort((a, b) => most(b) - most(a) || a - b));
  });
  const [{ data: kernel }] = model.getWeights();
  const pictures = firstLayerWeights(model)!;
  expect(pictures.shape).toEqual([2, 3, 3]);
  expect(pictures.data[9 + 5]).toBe(kernel[5 * 2 + 1]);
  expect(
    firstLayerWeights(withRandomWeights([Input([SIDE, SIDE, 1]), BatchNormalization(), ...HEAD])),
  ).toBeNull();
});

test('nearest training images are near in what the last layer with weights reads, within 1e-6', () => {
  const model = withRandomWeights(LAYERS);
  const training = bytes(30);
  const read = (images: Tensor): Float32Array => layerOutputs(model, images, 'max_pooling2d').data;
  const [own, known] = [read(IMAGES), read(training)];
  const width = own.length / 4;
  nearestTraining(model, IMAGES, training, 3)!.forEach(({ indices, distances }, i) => {
    const all = Array.from({ length: 30 }, (_, t) =>
      Math.hypot(...Array.from({ length: width }, (__, j) => own[i * width + j] - known[t * width + j])),
    );
    const order = [...all.keys()].sort((a, b) => all[a] - all[b]).slice(0, 3);
    expect([...indices]).toEqual(order);
    order.forEach((t, k) => {
      expect(distances[k]).toBeCloseTo(all[t], 6);
    });
  });
});

test('images with an extent for their one channel are occluded like those without; flat rows are refused', async () => {
  const model = withRandomWeights(LAYERS);
  const target = { classes: CLASSES };
  const flat = occlusion(model, IMAGES, target, { side: 2 });
  expect(occlusion(model, { ...IMAGES, shape: [4, SIDE, SIDE, 1] }, target, { side: 2 })).toEqual(flat);
  const rows = { ...IMAGES, shape: [4, SIDE * SIDE] };
  const { code, message } = await errorOf(() => occlusion(model, rows, target));
  expect({ code, message }).toMatchObject({
    code: 'E_SHAPE',
    message: expect.stringContaining('(4, 36)') as string,
  });
});

test('a name that a part of a network would have taken does not stand in the way of explaining it', () => {
  const model = new Sequential([
    Input([SIDE, SIDE]),
    Flatten(),
    Dense(4, { name: 'below' }),
    Dense(3, { name: 'dense', activation: 'softmax' }),
  ]);
  expect(smoothGrad(model, IMAGES, { classes: CLASSES }, { samples: 2 })).toHaveLength(IMAGES.data.length);
});
