import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REPEATABLE, rowShapes } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp, randomRows, whole } from '../../../test/support/ops.ts';
import { Random } from '../../util/random.ts';
import { referenceBatchNormalization } from '../reference/batchNormalization.ts';
import {
  batchNormalization,
  batchNormalizationOutputShape,
  type BatchNormalizationSpec,
} from './batchNormalization.ts';

const SPEC: Omit<BatchNormalizationSpec, 'kind'> = {
  momentum: 0.99,
  epsilon: 1e-3,
  center: true,
  scale: true,
  frozen: false,
};
const FLAGS = fc.record({
  center: fc.boolean(),
  scale: fc.boolean(),
  frozen: fc.boolean(),
  training: fc.boolean(),
});

test('outputs, gradients and moving statistics are those of the reference within 2e-5 of the largest value, over shapes, batches and flags', () => {
  fc.assert(
    fc.property(rowShapes, FLAGS, ({ shape, rows, seed }, { training, ...flags }) => {
      const step = batchNormalization({ ...SPEC, ...flags });
      const reference = referenceBatchNormalization(step.spec, shape);
      expect(gapToReference(step, reference, shape, rows, { seed, training })).toBeLessThan(2e-5);
    }),
    REPEATABLE,
  );
});

test.each([
  [true, [3, 2, 3]],
  [true, [4]],
  [false, [3, 2, 3]],
])(
  'the gradients of the reference are central differences within 1e-7: by the batch %s, shape %o',
  (training, shape) => {
    const { spec } = batchNormalization(SPEC);
    const reference = referenceBatchNormalization(spec, shape);
    expect(gapToDifferences(reference, shape, 4, { training })).toBeLessThan(1e-7);
  },
);

describe('worked by hand: the values 1 and 3, epsilon 3, gamma 2, beta 10, momentum 0.75', () => {
  const options = { ...SPEC, epsilon: 3, momentum: 0.75 };
  const of = (more: Partial<BatchNormalizationSpec>): LoneOp => {
    const lone = new LoneOp(batchNormalization({ ...options, ...more }), [1]);
    lone.setWeights([[2], [10], [4], [6]]);
    return lone;
  };

  test('training: mean 2, variance 1', () => {
    expect(of({}).run([[1], [3]], [[1], [0]], true)).toEqual({
      y: [[9], [11]],
      dx: [[0.375], [-0.375]],
      gradients: [[-0.5], [1]],
      statistics: [[3.5], [4.75]],
    });
  });

  test.each([
    ['inference', {}, false],
    ['frozen, in training', { frozen: true }, true],
  ])('%s: the moving mean 4 and variance 6 stay', (_, more, training) => {
    const lone = of(more);
    const { y, dx, gradients, statistics } = lone.run([[1], [3]], [[1], [0]], training);
    const inverse = Math.fround(1 / 3);
    expect(y).toEqual([[8], [Math.fround(10 - 2 * inverse)]]);
    expect(dx).toEqual([[Math.fround(2 * inverse)], [0]]);
    expect([gradients, statistics]).toEqual(
      training
        ? [[], [[2], [10], [4], [6]]]
        : [
            [[-1], [1]],
            [[4], [6]],
          ],
    );
  });
});

test('weights in Keras’ order; frozen, all of them are statistics', () => {
  const namesOf = (options: Partial<BatchNormalizationSpec>): string[][] => {
    const { op } = new LoneOp(batchNormalization({ ...SPEC, ...options }), [2, 2, 5]);
    return [op.parameters, op.statistics].map((weights) => weights.map(({ name }) => name));
  };
  expect(namesOf({})).toEqual([
    ['gamma', 'beta'],
    ['moving_mean', 'moving_variance'],
  ]);
  expect(namesOf({ frozen: true })).toEqual([[], ['gamma', 'beta', 'moving_mean', 'moving_variance']]);
  expect(namesOf({ center: false })[0]).toEqual(['gamma']);
  expect(namesOf({ scale: false })[0]).toEqual(['beta']);
});

test('several gradients from one forward: each backward goes by the d of its time', () => {
  const random = new Random(3, 'repeated');
  const [x, first, second] = [1, 2, 3].map(() => randomRows(6, 5, random));
  const step = batchNormalization(SPEC);
  const alone = new LoneOp(step, [5]);
  const expected = alone.run(x, second, true).dx;
  const lone = new LoneOp(step, [5]);
  lone.run(x, first, true);
  const { op, context } = lone;
  const { heap, pieces } = context;
  const inputs = pieces.floats(64);
  const dx = pieces.floats(64);
  second.forEach((row, s) => heap.float32(op.out.d + 32 * s, 5).set(row));
  x.forEach((row, s) => heap.float32(inputs + 32 * s, 5).set(row));
  whole(op.backward({ kind: 'dense', x: inputs }, dx, 6));
  expect(expected.map((_, s) => [...heap.float32(dx + 32 * s, 5)])).toEqual(expected);
});

test('means of large values keep their digits: 1e6 ± 1 normalized within 1e-3', () => {
  const lone = new LoneOp(batchNormalization({ ...SPEC, scale: false, center: false }), [2]);
  const x = Array.from({ length: 1000 }, (_, s) => [
    1e6 + (s % 2 === 0 ? 1 : -1),
    1e6 + (s % 4 < 2 ? 1 : -1),
  ]);
  const { y } = lone.run(
    x,
    x.map(() => [0, 0]),
    true,
  );
  y.forEach((row, s) => row.forEach((v, c) => expect(Math.abs(v - (x[s][c] - 1e6))).toBeLessThan(1e-3)));
});

test('an infinite value leaves the padding of the gradients zero', () => {
  const lone = new LoneOp(batchNormalization({ ...SPEC, epsilon: 0 }), [3]);
  lone.run([[Infinity, 1, 2]], [[1, 2, 3]], true);
});

test('the shape stays; inputs without an axis are refused', () => {
  expect(batchNormalizationOutputShape([3, 4, 5])).toEqual([3, 4, 5]);
  expect(() => batchNormalizationOutputShape([])).toThrow(
    /BatchNormalization needs inputs with at least one axis/,
  );
});
