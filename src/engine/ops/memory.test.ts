import { expect, test } from 'vitest';
import { contextOf, fusedStep, whole } from '../../../test/support/ops.ts';
import type { Step } from '../op.ts';
import { activation } from './activation.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { batchNormalization } from './batchNormalization.ts';
import { outputsOf } from '../op.ts';
import { conv2d } from './conv2d.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import { globalAveragePooling2d } from './globalAveragePooling2d.ts';
import { layerNormalization } from './layerNormalization.ts';
import { maxPooling2d } from './maxPooling2d.ts';

const WINDOW = { strides: [1, 1], padding: 'same' } as const;
const KERNEL = { ...WINDOW, kernelSize: [3, 3], useBias: true, l1: 0, l2: 0 } as const;
const AFFINE = { epsilon: 1e-3, center: true, scale: true };
const STEPS: Step[] = [
  conv2d({ ...KERNEL, filters: 5 }),
  depthwiseConv2d({ ...KERNEL, depthMultiplier: 2 }),
  maxPooling2d({ ...WINDOW, poolSize: [2, 2] }),
  fusedStep([
    conv2d({ ...KERNEL, filters: 5 }),
    activation({ activation: 'relu', parameter: 0 }),
    maxPooling2d({ poolSize: [2, 2], strides: [2, 2], padding: 'valid' }),
  ]),
  averagePooling2d({ ...WINDOW, poolSize: [2, 2] }),
  globalAveragePooling2d(),
  batchNormalization({ ...AFFINE, momentum: 0.9, frozen: false }),
  layerNormalization(AFFINE),
];

test.each(STEPS.map((step) => [step.spec.kind, step] as const))(
  '%s: other numbers of rows, no memory lost',
  (_, step) => {
    const context = contextOf();
    const { heap, pieces } = context;
    const shape = [6, 5, 3];
    const op = step.create({
      context,
      below: outputsOf(shape),
      mayOverwrite: true,
      shape,
      lowest: true,
      index: 0,
    });
    const x = { kind: 'dense', x: pieces.floats(8 * 96) } as const;
    const dx = pieces.floats(8 * 96);
    const used = (rows: number): number => {
      op.resize(rows);
      whole(op.forward(x, rows, true));
      whole(op.gradients?.(x, rows));
      whole(op.backward(x, dx, rows));
      return heap.used;
    };
    const first = used(4);
    expect(used(8)).toBeGreaterThan(first);
    expect(used(4)).toBe(first);
    pieces.freeAll();
    expect(heap.used).toBe(0);
  },
);
