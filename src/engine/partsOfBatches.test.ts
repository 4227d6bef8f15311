import { describe, expect, test } from 'vitest';
import { LoneOp, randomRows } from '../../test/support/ops.ts';
import { watched } from '../../test/support/watched.ts';
import { Random } from '../util/random.ts';
import type { Step } from './op.ts';
import { activation } from './ops/activation.ts';
import { averagePooling2d } from './ops/averagePooling2d.ts';
import { batchNormalization } from './ops/batchNormalization.ts';
import { dropout } from './ops/dropout.ts';
import { layerNormalization } from './ops/layerNormalization.ts';
import { maxPooling2d } from './ops/maxPooling2d.ts';

describe('of eight images of 16,384 products each, a value that is read and written being 32, every kernel takes one, two, three and two at a time:', () => {
  const AXIS = { epsilon: 0.001, center: true, scale: true };
  const window = { poolSize: [2, 2], strides: [2, 2], padding: 'valid' } as const;
  // Which argument is the number of rows, and what a row counts there.
  const rows: Record<string, readonly [argument: number, each?: number]> = {
    batchSums: [1],
    batchForward: [2],
    batchGradient: [2],
    batchBackward: [3],
    layerForward: [2],
    layerBackward: [3],
    layerGradient: [2],
    averagePoolingForward: [3],
    averagePoolingBackward: [3],
    maxPoolingForward: [4],
    maxPoolingBackward: [4],
    gelu: [2, 512],
    geluBackward: [3, 512],
    softmax: [2, 512],
    softmaxBackward: [3, 512],
    leakyRelu: [3, 512],
    leakyReluBackward: [4, 512],
    dropoutMask: [1, 512],
    multiply: [3, 512],
  };
  test.each<[string, Step, number, readonly string[]]>([
    [
      'batch normalization',
      batchNormalization({ ...AXIS, momentum: 0.9, frozen: false }),
      1,
      ['batchSums', 'batchSums', 'batchForward', 'batchGradient', 'batchBackward', 'batchGradient'],
    ],
    ['layer normalization', layerNormalization(AXIS), 1, ['layerForward', 'layerBackward', 'layerGradient']],
    // Besides, of each of the 512 values of four windows a quarter as much.
    ['average pooling', averagePooling2d(window), 1.25, ['averagePoolingForward', 'averagePoolingBackward']],
    ['max pooling', maxPooling2d(window), 1.25, ['maxPoolingForward', 'maxPoolingBackward']],
    ['an activation', activation({ activation: 'gelu', parameter: 0 }), 1, ['gelu', 'geluBackward']],
    ['softmax', activation({ activation: 'softmax', parameter: 0 }), 1, ['softmax', 'softmaxBackward']],
    [
      'one with a parameter',
      activation({ activation: 'leakyRelu', parameter: 0.2 }),
      1,
      ['leakyRelu', 'leakyReluBackward'],
    ],
    ['dropout', dropout({ rate: 0.5 }), 1, ['dropoutMask', 'multiply', 'multiply']],
  ])('%s', (name, step, share, kernels) => {
    const lone = new LoneOp(step, [8, 8, 8]);
    const { heap } = lone.context;
    heap.mostProducts = () => 3.5 * 32 * 512 * share;
    const worth = Object.fromEntries(
      Object.entries(rows).map(([kernel, [argument, each = 1]]) => [
        kernel,
        (args: number[]) => args[argument] / each,
      ]),
    );
    const seen = watched(lone, worth);
    const random = new Random(1, 'parts');
    lone.run(randomRows(8, 512, random), randomRows(8, lone.op.out.width, random), true);
    const parts =
      name === 'dropout' ? [1, 1, 2, 2, 3, 3, 2, 2, 1, 2, 3, 2] : kernels.flatMap(() => [1, 2, 3, 2]);
    expect(seen).toEqual(parts);
  });
});
