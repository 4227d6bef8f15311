import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp } from '../../../test/support/ops.ts';
import { referenceMaxPooling2d } from '../reference/maxPooling2d.ts';
import { maxPooling2d, maxPooling2dOutputShape, type MaxPooling2dSpec } from './maxPooling2d.ts';

const SPEC: Omit<MaxPooling2dSpec, 'kind'> = { poolSize: [2, 2], strides: [2, 2], padding: 'valid' };

test('outputs and gradients are those of the reference within 1e-6 of the largest value, over geometries and batches', () => {
  fc.assert(
    fc.property(geometries, ({ shape, size, strides, padding, rows, seed }) => {
      const step = maxPooling2d({ poolSize: size, strides, padding });
      const gap = gapToReference(step, referenceMaxPooling2d(step.spec, shape), shape, rows, { seed });
      expect(gap).toBeLessThan(1e-6);
    }),
    REPEATABLE,
  );
});

test('the gradients of the reference are central differences within 1e-8', () => {
  const { spec } = maxPooling2d({ poolSize: [3, 2], strides: [2, 1], padding: 'same' });
  expect(gapToDifferences(referenceMaxPooling2d(spec, [5, 4, 3]), [5, 4, 3], 3)).toBeLessThan(1e-8);
});

test.each<[Omit<MaxPooling2dSpec, 'kind'>, number[], number[]]>([
  [{ ...SPEC, strides: [1, 1] }, [1, 2, 3, 4], [1, 2, 0, 3, 4, 0, 0, 0, 0]],
  [{ ...SPEC, padding: 'same' }, [1, 2, 3, 4], [1, 0, 0, 0, 0, 2, 0, 3, 4]],
  [{ ...SPEC, strides: [1, 1], padding: 'same' }, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 0, 4, 5, 9, 0, 15, 9]],
  [{ poolSize: [3, 2], strides: [1, 2], padding: 'same' }, [1, 2, 3, 4, 5, 6], [4, 0, 0, 5, 0, 12, 0, 0, 0]],
])('of equal values the first, row-major, gets the gradient: %o, by hand', (options, dy, dx) => {
  const image = [1, 1, 0, 1, 1, 1, 0, 1, 1];
  const run = new LoneOp(maxPooling2d(options), [3, 3, 1]).run([image], [dy], true);
  expect(run.dx).toEqual([dx]);
  expect(run.y).toEqual([new Array(dy.length).fill(1)]);
});

test('padding never wins over negative values; −0 and 0 are equal', () => {
  const same = new LoneOp(maxPooling2d({ ...SPEC, padding: 'same' }), [3, 3, 1]);
  const image = [-1, -2, -3, -4, -5, -6, -7, -8, -9];
  expect(same.run([image], [[1, 2, 3, 4]], true).y).toEqual([[-1, -3, -7, -9]]);
  const zeros = new LoneOp(maxPooling2d(SPEC), [2, 2, 1]).run([[-0, 0, 0, -0]], [[5]], true);
  expect(zeros).toMatchObject({ y: [[-0]], dx: [[5, 0, 0, 0]] });
});

test.each([0, 1, 2, 3])(
  'a NaN at place %i of a window makes it NaN and gets its gradient; other channels are free of it',
  (place) => {
    const channels = 5;
    const image = Float32Array.from({ length: 4 * channels }, (_, k) => k);
    image[place * channels + 2] = NaN;
    const { y, dx } = new LoneOp(maxPooling2d(SPEC), [2, 2, channels]).run([image], [[1, 1, 1, 1, 1]], true);
    expect(y).toEqual([[15, 16, NaN, 18, 19]]);
    const winners = [15, 16, place * channels + 2, 18, 19];
    expect(dx[0].flatMap((d, k) => (d === 1 ? [k] : [])).sort((a, b) => a - b)).toEqual(
      winners.sort((a, b) => a - b),
    );
  },
);

test('of two NaNs the first gets the gradient; infinities are values', () => {
  const lone = new LoneOp(maxPooling2d(SPEC), [2, 2, 1]);
  expect(lone.run([[1, NaN, NaN, Infinity]], [[1]], true).dx).toEqual([[0, 1, 0, 0]]);
  expect(lone.run([[-Infinity, -Infinity, 3, Infinity]], [[1]], true)).toMatchObject({
    y: [[Infinity]],
    dx: [[0, 0, 0, 1]],
  });
});

test('shapes, and what is refused', () => {
  expect(maxPooling2dOutputShape(SPEC, [13, 13, 64])).toEqual([6, 6, 64]);
  expect(maxPooling2dOutputShape({ ...SPEC, padding: 'same' }, [13, 13, 64])).toEqual([7, 7, 64]);
  expect(() => maxPooling2dOutputShape(SPEC, [1, 4, 8])).toThrow(
    /MaxPooling2D with padding 'valid' needs images of at least 2 × 2 pixels, its poolSize; received 1 × 4 \(shape \(1, 4, 8\)\)/,
  );
  expect(() => maxPooling2dOutputShape(SPEC, [28, 28])).toThrow(/Put Reshape\(\[28, 28, 1\]\) before it/);
});
