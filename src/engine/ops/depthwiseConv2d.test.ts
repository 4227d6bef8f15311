import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp } from '../../../test/support/ops.ts';
import { referenceDepthwiseConv2d } from '../reference/depthwiseConv2d.ts';
import { depthwiseConv2d, depthwiseConv2dOutputShape, type DepthwiseConv2dSpec } from './depthwiseConv2d.ts';

const SPEC: Omit<DepthwiseConv2dSpec, 'kind'> = {
  kernelSize: [2, 2],
  strides: [1, 1],
  padding: 'valid',
  depthMultiplier: 1,
  useBias: true,
  l1: 0,
  l2: 0,
};

test('outputs and gradients are those of the reference within 1e-5 of the largest value, over geometries, multipliers and batches', () => {
  fc.assert(
    fc.property(
      geometries,
      fc.constantFrom(1, 1, 2, 3, 4),
      fc.boolean(),
      (geometry, depthMultiplier, useBias) => {
        const { shape, size, strides, padding, rows, seed } = geometry;
        const step = depthwiseConv2d({
          ...SPEC,
          depthMultiplier,
          kernelSize: size,
          strides,
          padding,
          useBias,
        });
        const gap = gapToReference(step, referenceDepthwiseConv2d(step.spec, shape), shape, rows, { seed });
        expect(gap).toBeLessThan(1e-5);
      },
    ),
    REPEATABLE,
  );
});

test('the gradients of the reference are central differences within 1e-8', () => {
  const { spec } = depthwiseConv2d({
    ...SPEC,
    depthMultiplier: 2,
    kernelSize: [3, 2],
    strides: [2, 1],
    padding: 'same',
  });
  expect(gapToDifferences(referenceDepthwiseConv2d(spec, [5, 4, 3]), [5, 4, 3], 3)).toBeLessThan(1e-8);
});

test('worked by hand: two channels with two kernels each, output channel c · 2 + m', () => {
  const lone = new LoneOp(depthwiseConv2d({ ...SPEC, kernelSize: [1, 2], depthMultiplier: 2 }), [1, 2, 2]);
  // kernel[tap][channel][m]
  lone.setWeights([
    [1, 10, 2, 20, 3, 30, 4, 40],
    [0.5, 0, 0, 0],
  ]);
  const { y, dx, gradients } = lone.run([[1, 2, 3, 4]], [[1, 0, 2, 1]], true);
  expect(y).toEqual([[1 + 9 + 0.5, 10 + 90, 4 + 16, 40 + 160]]);
  expect(dx).toEqual([[1, 2 * 2 + 20, 3, 4 * 2 + 40]]);
  expect(gradients).toEqual([
    [1, 0, 4, 2, 3, 0, 8, 4],
    [1, 0, 2, 1],
  ]);
});

test('its kernel is saved as [height, width, channels, depthMultiplier]; shapes of outputs', () => {
  const options = { ...SPEC, depthMultiplier: 3, kernelSize: [3, 5] as const, padding: 'same' as const };
  const { op } = new LoneOp(depthwiseConv2d(options), [6, 6, 4]);
  expect(op.parameters.map(({ shape }) => shape)).toEqual([[3, 5, 4, 3], [12]]);
  expect(depthwiseConv2dOutputShape(options, [6, 6, 4])).toEqual([6, 6, 12]);
  expect(() => depthwiseConv2dOutputShape(options, [36])).toThrow(
    /DepthwiseConv2D needs images .*received \(36,\)/,
  );
});
