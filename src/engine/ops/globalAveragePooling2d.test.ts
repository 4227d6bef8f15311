import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp } from '../../../test/support/ops.ts';
import { referenceGlobalAveragePooling2d } from '../reference/globalAveragePooling2d.ts';
import { globalAveragePooling2d, globalAveragePooling2dOutputShape } from './globalAveragePooling2d.ts';

test('outputs and gradients are those of the reference within 1e-6 of the largest value, over geometries and batches', () => {
  fc.assert(
    fc.property(geometries, ({ shape, rows, seed }) => {
      const step = globalAveragePooling2d();
      const reference = referenceGlobalAveragePooling2d(step.spec, shape);
      expect(gapToReference(step, reference, shape, rows, { seed })).toBeLessThan(1e-6);
    }),
    REPEATABLE,
  );
});

test('the gradients of the reference are central differences within 1e-8', () => {
  const reference = referenceGlobalAveragePooling2d(globalAveragePooling2d().spec, [2, 3, 3]);
  expect(gapToDifferences(reference, [2, 3, 3], 2)).toBeLessThan(1e-8);
});

test('by hand, two channels of two pixels; the shape is that of the channels', () => {
  const lone = new LoneOp(globalAveragePooling2d(), [1, 2, 2]);
  expect(lone.op.out.shape).toEqual([2]);
  expect(lone.run([[1, 10, 3, 30]], [[2, 4]], true)).toMatchObject({ y: [[2, 20]], dx: [[1, 2, 1, 2]] });
  expect(globalAveragePooling2dOutputShape([7, 7, 64])).toEqual([64]);
  expect(() => globalAveragePooling2dOutputShape([7, 7])).toThrow(
    /GlobalAveragePooling2D needs images .*Reshape\(\[7, 7, 1\]\)/,
  );
});
