import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp } from '../../../test/support/ops.ts';
import { referenceAveragePooling2d } from '../reference/averagePooling2d.ts';
import { averagePooling2d, averagePooling2dOutputShape } from './averagePooling2d.ts';

test('outputs and gradients are those of the reference within 1e-6 of the largest value, over geometries and batches', () => {
  fc.assert(
    fc.property(geometries, ({ shape, size, strides, padding, rows, seed }) => {
      const step = averagePooling2d({ poolSize: size, strides, padding });
      const gap = gapToReference(step, referenceAveragePooling2d(step.spec, shape), shape, rows, { seed });
      expect(gap).toBeLessThan(1e-6);
    }),
    REPEATABLE,
  );
});

test('the gradients of the reference are central differences within 1e-8', () => {
  const { spec } = averagePooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' });
  expect(gapToDifferences(referenceAveragePooling2d(spec, [5, 4, 3]), [5, 4, 3], 3)).toBeLessThan(1e-8);
});

test('by hand: padding counts neither in the sum nor in the number', () => {
  const step = averagePooling2d({ poolSize: [2, 2], strides: [2, 2], padding: 'same' });
  const { y, dx } = new LoneOp(step, [3, 3, 1]).run([[1, 2, 3, 4, 5, 6, 7, 8, 9]], [[4, 2, 6, 1]], true);
  expect(y).toEqual([[3, 4.5, 7.5, 9]]);
  expect(dx).toEqual([[1, 1, 1, 1, 1, 1, 3, 3, 1]]);
});

test('a NaN stays in its window and channel', () => {
  const step = averagePooling2d({ poolSize: [1, 2], strides: [1, 2], padding: 'valid' });
  const image = [1, 2, 3, NaN, 5, 6, 7, 8];
  expect(new LoneOp(step, [1, 4, 2]).run([image], [[0, 0, 0, 0]], true).y).toEqual([[2, NaN, 6, 7]]);
});

test('shapes, and what is refused', () => {
  const options = { poolSize: [2, 3], strides: [2, 1], padding: 'valid' } as const;
  expect(averagePooling2dOutputShape(options, [5, 5, 2])).toEqual([2, 3, 2]);
  expect(() => averagePooling2dOutputShape(options, [5, 2, 2])).toThrow(
    /AveragePooling2D .*at least 2 × 3 pixels/,
  );
});
