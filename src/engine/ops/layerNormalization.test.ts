import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPEATABLE, rowShapes } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp } from '../../../test/support/ops.ts';
import { referenceLayerNormalization } from '../reference/layerNormalization.ts';
import {
  layerNormalization,
  layerNormalizationOutputShape,
  type LayerNormalizationSpec,
} from './layerNormalization.ts';

const SPEC: Omit<LayerNormalizationSpec, 'kind'> = { epsilon: 1e-3, center: true, scale: true };
const FLAGS = fc.record({ center: fc.boolean(), scale: fc.boolean() });

test('outputs and gradients are those of the reference within 2e-5 of the largest value, over shapes, batches and flags', () => {
  fc.assert(
    fc.property(rowShapes, FLAGS, ({ shape, rows, seed }, flags) => {
      const step = layerNormalization({ ...SPEC, ...flags });
      const reference = referenceLayerNormalization(step.spec, shape);
      expect(gapToReference(step, reference, shape, rows, { seed })).toBeLessThan(2e-5);
    }),
    REPEATABLE,
  );
});

test('the same over several of the last axes', () => {
  const over = fc.record({
    extents: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(over, FLAGS, fc.integer({ min: 2, max: 3 }), ({ extents, seed }, flags, most) => {
      const step = layerNormalization({ ...SPEC, ...flags, axes: Math.min(most, extents.length) });
      const reference = referenceLayerNormalization(step.spec, extents);
      expect(gapToReference(step, reference, extents, 3, { seed })).toBeLessThan(2e-5);
    }),
    REPEATABLE,
  );
});

test.each([[[3, 2, 3]], [[7]]])(
  'the gradients of the reference are central differences within 1e-7: shape %o',
  (shape) => {
    const { spec } = layerNormalization(SPEC);
    expect(gapToDifferences(referenceLayerNormalization(spec, shape), shape, 4)).toBeLessThan(1e-7);
  },
);

test('worked by hand: the pixels (1, 3) and (7, 7), epsilon 3, gamma 2, beta 10 and 20', () => {
  const lone = new LoneOp(layerNormalization({ ...SPEC, epsilon: 3 }), [1, 2, 2]);
  lone.setWeights([
    [2, 2],
    [10, 20],
  ]);
  const { y, dx, gradients } = lone.run([[1, 3, 7, 7]], [[1, 0, 0, 3]], true);
  expect(y).toEqual([[9, 21, 10, 20]]);
  const inverse = Math.fround(1 / Math.sqrt(3));
  expect(dx).toEqual([[0.375, -0.375, -3 * inverse, 3 * inverse].map(Math.fround)]);
  expect(gradients).toEqual([
    [-0.5, 0],
    [1, 3],
  ]);
});

test('weights in Keras’ order: gamma, beta', () => {
  const { op } = new LoneOp(layerNormalization(SPEC), [5]);
  expect(op.parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ['gamma', [5]],
    ['beta', [5]],
  ]);
});

test('an infinite value leaves the padding of the gradients zero', () => {
  const lone = new LoneOp(layerNormalization(SPEC), [3]);
  lone.run([[Infinity, 1, 2]], [[1, 2, 3]], true);
});

test('the shape stays; inputs without an axis are refused', () => {
  expect(layerNormalizationOutputShape([3, 4, 5])).toEqual([3, 4, 5]);
  expect(() => layerNormalizationOutputShape([])).toThrow(
    /LayerNormalization needs inputs with at least one axis/,
  );
});
