import { expect, test } from 'vitest';
import { LoneOp, randomRows } from '../../test/support/ops.ts';
import { watched } from '../../test/support/watched.ts';
import { Random } from '../util/random.ts';
import { sizeOf } from '../util/tensor.ts';
import type { Step } from './op.ts';
import { activation } from './ops/activation.ts';
import { averagePooling2d } from './ops/averagePooling2d.ts';
import { batchNormalization } from './ops/batchNormalization.ts';
import { conv2d, conv2dOutputShape } from './ops/conv2d.ts';
import { depthwiseConv2d } from './ops/depthwiseConv2d.ts';
import { dropout } from './ops/dropout.ts';
import { globalAveragePooling2d } from './ops/globalAveragePooling2d.ts';
import { layerNormalization } from './ops/layerNormalization.ts';
import { maxPooling2d } from './ops/maxPooling2d.ts';
import { ownActivation } from './ops/ownActivation.ts';

const AXIS = { epsilon: 0.001, center: true, scale: true };
const CONVOLUTION = { useBias: true, l1: 0, l2: 0 };
const window = (size: number, step: number, padding: 'same' | 'valid', height = size) => ({
  poolSize: [height, size] as const,
  strides: [height === 1 ? 1 : step, step] as const,
  padding,
});
const depthwise = (size: number, step: number, padding: 'same' | 'valid', height = size): Step =>
  depthwiseConv2d({
    ...CONVOLUTION,
    kernelSize: [height, size],
    strides: [height === 1 ? 1 : step, step],
    padding,
    depthMultiplier: 2,
  });

/** A step, the shape of an image (without padding where the op works in place), and in how many calls the kernels named take two of them where every value is too many. */
test.each<[string, Step, number[], Record<string, number>]>([
  [
    'an activation',
    activation({ activation: 'gelu', parameter: 0 }),
    [3, 3, 8],
    { gelu: 18, geluBackward: 18 },
  ],
  [
    'an activation with a parameter',
    activation({ activation: 'elu', parameter: 0.5 }),
    [40],
    { elu: 10, eluBackward: 10 },
  ],
  [
    'an activation that is not 0 at 0',
    activation({ activation: 'sigmoid', parameter: 0 }),
    [24],
    { sigmoid: 6, sigmoidBackward: 6 },
  ],
  // Largest values, exponentials, quotients.
  [
    'softmax',
    activation({ activation: 'softmax', parameter: 0 }),
    [32],
    { softmax: 24, softmaxBackward: 24 },
  ],
  [
    'an activation of one’s own',
    ownActivation({ name: 'square', forward: (x) => x * x, derivative: (x) => 2 * x }),
    [3, 8],
    {},
  ],
  ['dropout', dropout({ rate: 0.5 }), [5, 8], { dropoutMask: 10, multiply: 20 }],
  [
    'batch normalization',
    batchNormalization({ ...AXIS, momentum: 0.9, frozen: false }),
    [3, 2, 5],
    // Mean and variance; sums on the way back, and for the gradients.
    { batchSums: 24, batchForward: 12, batchGradient: 24, batchBackward: 12 },
  ],
  [
    'layer normalization',
    layerNormalization(AXIS),
    [3, 1, 21],
    // Three parts of each pixel: its sum, that of squares, its values; on the way back both sums, then its gradient.
    { layerForward: 54, layerBackward: 36, layerGradient: 18 },
  ],
  [
    'max pooling',
    maxPooling2d(window(3, 2, 'same')),
    [5, 4, 3],
    { maxPoolingForward: 12, maxPoolingBackward: 12 },
  ],
  [
    'max pooling of one row',
    maxPooling2d(window(3, 1, 'valid', 1)),
    [1, 9, 5],
    { maxPoolingForward: 14, maxPoolingBackward: 14 },
  ],
  [
    'max pooling of one window',
    maxPooling2d(window(4, 1, 'valid')),
    [4, 4, 6],
    { maxPoolingForward: 8, maxPoolingBackward: 8 },
  ],
  [
    'average pooling',
    averagePooling2d(window(2, 1, 'same')),
    [4, 3, 5],
    { averagePoolingForward: 24, averagePoolingBackward: 24 },
  ],
  // Rows that no window sees are no parts of it.
  [
    'average pooling of one window that leaves out a row',
    averagePooling2d(window(2, 2, 'valid')),
    [3, 3, 5],
    { averagePoolingForward: 4, averagePoolingBackward: 4 },
  ],
  [
    'average pooling of one window that is larger than the image',
    averagePooling2d(window(5, 3, 'same')),
    [3, 3, 5],
    { averagePoolingForward: 6, averagePoolingBackward: 6 },
  ],
  [
    'average pooling of the whole image',
    globalAveragePooling2d(),
    [4, 3, 9],
    { averagePoolingForward: 24, averagePoolingBackward: 24 },
  ],
  [
    'a depthwise convolution',
    depthwise(3, 2, 'same'),
    [7, 6, 3],
    { depthwiseForward: 8, depthwiseInputGradient: 14, depthwiseGradient: 8 },
  ],
  [
    'a depthwise convolution whose windows leave gaps, of 8 channels',
    depthwise(2, 3, 'valid'),
    [8, 8, 4],
    { depthwiseForward: 6, depthwiseInputGradient: 16, depthwiseGradient: 6 },
  ],
  [
    'a depthwise convolution of one row',
    depthwise(3, 2, 'same', 1),
    [1, 11, 3],
    { depthwiseForward: 12, depthwiseInputGradient: 22, depthwiseGradient: 12 },
  ],
  [
    'a depthwise convolution as high as the image',
    depthwise(2, 1, 'valid', 4),
    [4, 6, 3],
    { depthwiseForward: 10, depthwiseInputGradient: 8, depthwiseGradient: 10 },
  ],
])('%s goes on within an image, the same bits', (_, step, shape, expected) => {
  const runs = [Infinity, 1].map((most) => {
    const lone = new LoneOp(step, shape);
    lone.context.heap.mostProducts = () => most;
    lone.op.setSeed?.(1);
    const random = new Random(4, 'one');
    const { parameters, statistics } = lone.op;
    lone.setWeights(
      [...parameters, ...statistics].map((p) => randomRows(1, sizeOf(p.shape), random)[0].map(Math.abs)),
    );
    const names: string[] = [];
    const worth = Object.keys(expected).map((name) => [name, () => names.push(name)] as const);
    watched(lone, Object.fromEntries(worth));
    const x = randomRows(2, sizeOf(shape), random);
    const run = lone.run(x, randomRows(2, lone.op.out.width, random), true);
    const calls = Object.fromEntries(
      Object.keys(expected).map((name) => [name, names.filter((called) => called === name).length]),
    );
    return { run, calls };
  });
  expect(runs[1].run).toEqual(runs[0].run);
  expect(runs[1].calls).toEqual(expected);
});

test.each([
  [[17, 19, 5], 3, 'same', 2],
  [[9, 12, 8], 16, 'valid', 1],
  [[1, 40, 3], 2, 'same', 1],
  [[5, 6, 20], 9, 'same', 2],
  [[30, 1, 3], 9, 'valid', 1],
] as const)(
  'the gradient of a convolution of %j with %i filters (%s, steps of %i) goes on from row to row of its outputs, or pixel to pixel, the same bits',
  (shape, filters, padding, step) => {
    const kernelSize = [Math.min(3, shape[0]), Math.min(3, shape[1])] as const;
    const runs = [Infinity, 1].map((most) => {
      const options = { ...CONVOLUTION, filters, kernelSize, padding, strides: [step, step] as const };
      const lone = new LoneOp(conv2d(options), shape);
      lone.context.heap.mostProducts = () => most;
      const random = new Random(2, 'rows');
      const taps = kernelSize[0] * kernelSize[1] * shape[2];
      lone.setWeights([randomRows(1, taps * filters, random)[0], randomRows(1, filters, random)[0]]);
      const seen = watched(lone, { conv2dGradient: () => 1 });
      const x = randomRows(2, shape[0] * shape[1] * shape[2], random);
      const run = lone.run(x, randomRows(2, lone.op.out.width, random), true);
      return { calls: seen.length, run };
    });
    const [height, width] = conv2dOutputShape(
      { ...CONVOLUTION, filters, kernelSize, padding, strides: [step, step] },
      shape,
    );
    const places = height === 1 ? width : height;
    const lines = kernelSize[0] * Math.ceil(filters / 8);
    expect(runs.map(({ calls }) => calls)).toEqual([1, 2 * lines * places]);
    expect(runs[1].run).toEqual(runs[0].run);
  },
);
