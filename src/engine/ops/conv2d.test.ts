import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { gapToDifferences, gapToReference, LoneOp, randomRows } from '../../../test/support/ops.ts';
import { Random } from '../../util/random.ts';
import { atOnce } from '../../util/steps.ts';
import { referenceConv2d } from '../reference/conv2d.ts';
import { conv2d, conv2dOutputShape, type Conv2dSpec } from './conv2d.ts';

const SPEC: Omit<Conv2dSpec, 'kind'> = {
  filters: 1,
  kernelSize: [2, 2],
  strides: [1, 1],
  padding: 'valid',
  useBias: true,
  l1: 0,
  l2: 0,
};
const FILTERS = fc.constantFrom(1, 3, 6, 8, 10, 16, 20, 32);

test('outputs and gradients are those of the reference within 1e-5 of the largest value, over geometries, filters and batches', () => {
  fc.assert(
    fc.property(geometries, FILTERS, fc.boolean(), (geometry, filters, useBias) => {
      const { shape, size, strides, padding, rows, seed } = geometry;
      const step = conv2d({ ...SPEC, filters, kernelSize: size, strides, padding, useBias });
      const gap = gapToReference(step, referenceConv2d(step.spec, shape), shape, rows, { seed });
      expect(gap).toBeLessThan(1e-5);
    }),
    REPEATABLE,
  );
});

test.each<[number, number[], Partial<Conv2dSpec>]>([
  [2, [28, 28, 1], { filters: 32, kernelSize: [3, 3] }],
  [2, [13, 13, 32], { filters: 64, kernelSize: [3, 3] }],
  [2, [28, 28, 1], { filters: 6, kernelSize: [5, 5], padding: 'same' }],
  [2, [14, 14, 6], { filters: 16, kernelSize: [5, 5] }],
])('%i images %o through %o: as the reference within 1e-5 of the largest value', (rows, shape, options) => {
  const step = conv2d({ ...SPEC, ...options });
  expect(gapToReference(step, referenceConv2d(step.spec, shape), shape, rows, { seed: 1 })).toBeLessThan(
    1e-5,
  );
});

test.each<[string, number[], Partial<Conv2dSpec>]>([
  ['same, steps', [5, 4, 2], { filters: 3, kernelSize: [3, 2], strides: [2, 3], padding: 'same' }],
  ['valid', [4, 5, 3], { filters: 2, kernelSize: [2, 3] }],
])('the gradients of the reference are central differences within 1e-8: %s', (_, shape, options) => {
  const { spec } = conv2d({ ...SPEC, ...options });
  expect(gapToDifferences(referenceConv2d(spec, shape), shape, 3)).toBeLessThan(1e-8);
});

describe('worked by hand: the image 1 to 9 and the kernel 1 to 4', () => {
  const image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const run = (options: Partial<Conv2dSpec>, dy: number[]): ReturnType<LoneOp['run']> => {
    const lone = new LoneOp(conv2d({ ...SPEC, ...options }), [3, 3, 1]);
    lone.setWeights([[1, 2, 3, 4], [0.5]]);
    return lone.run([image], [dy], true);
  };

  test('valid: outputs, and all gradients of the last output alone', () => {
    const { y, dx, gradients } = run({}, [0, 0, 0, 2]);
    expect(y).toEqual([[37.5, 47.5, 67.5, 77.5]]);
    expect(dx).toEqual([[0, 0, 0, 0, 2, 4, 0, 6, 8]]);
    expect(gradients).toEqual([[10, 12, 16, 18], [2]]);
  });

  test('same with step 2: the padding lies below and to the right', () => {
    const { y, dx, gradients } = run({ padding: 'same', strides: [2, 2] }, [0, 1, 0, 10]);
    expect(y).toEqual([[37.5, 21.5, 23.5, 9.5]]);
    expect(dx).toEqual([[0, 0, 1, 0, 0, 3, 0, 0, 10]]);
    expect(gradients).toEqual([[3 + 90, 0, 6, 0], [11]]);
  });

  test('a step wider than the kernel: pixels that no window sees have no gradient', () => {
    const { y, dx } = run({ kernelSize: [1, 1], strides: [2, 2] }, [1, 1, 1, 1]);
    expect(y).toEqual([[1.5, 3.5, 7.5, 9.5]]);
    expect(dx).toEqual([[1, 0, 1, 0, 0, 0, 1, 0, 1]]);
  });
});

test('a kernel is saved as [height, width, channels, filters]: each entry meets its pixel, exactly', () => {
  const filters = 11;
  const shape = [2, 3, 2];
  const lone = new LoneOp(conv2d({ ...SPEC, filters, kernelSize: [2, 3], useBias: false }), shape);
  const [kernel] = lone.op.parameters;
  expect(kernel.shape).toEqual([2, 3, 2, filters]);
  const plain = Float32Array.from({ length: 12 * filters }, (_, k) => k + 1);
  lone.setWeights([plain]);
  expect(atOnce(kernel.read())).toEqual(plain);
  for (let pixel = 0; pixel < 12; pixel++) {
    const image = Float32Array.from({ length: 12 }, (_, k) => Number(k === pixel));
    const { y } = lone.run([image], [new Float32Array(filters)], true);
    expect(y[0]).toEqual([...plain.slice(pixel * filters, (pixel + 1) * filters)]);
  }
});

test('rows do not depend on the batch they are in: the same bits', () => {
  const shape = [7, 6, 3];
  const step = conv2d({ ...SPEC, filters: 10, kernelSize: [3, 3], padding: 'same' });
  const random = new Random(1, 'rows');
  const lone = new LoneOp(step, shape);
  lone.setWeights([randomRows(1, 270, random)[0], randomRows(1, 10, random)[0]]);
  const x = randomRows(5, 126, random);
  const dy = randomRows(5, 420, random);
  const together = lone.run(x, dy, true);
  x.forEach((row, s) => {
    const alone = lone.run([row], [dy[s]], true);
    expect([alone.y[0], alone.dx[0]]).toEqual([together.y[s], together.dx[s]]);
  });
});

test('the gradient of the inputs follows the weights', () => {
  const lone = new LoneOp(conv2d({ ...SPEC, kernelSize: [1, 1], useBias: false }), [1, 2, 1]);
  for (const weight of [3, -4]) {
    lone.setWeights([[weight]]);
    expect(lone.run([[1, 1]], [[1, 2]], true).dx).toEqual([[weight, 2 * weight]]);
  }
});

test('penalties are the kernel’s: 0.5 Σ|w| + 2 Σw² of 1 and −3, exactly', () => {
  const lone = new LoneOp(conv2d({ ...SPEC, kernelSize: [1, 2], l1: 0.5, l2: 2 }), [1, 2, 1]);
  lone.setWeights([[1, -3], [100]]);
  expect(lone.op.parameters.map((parameter) => atOnce(parameter.penalty()))).toEqual([22, 0]);
});

test('an infinite pixel leaves the padding of the gradient zero', () => {
  const lone = new LoneOp(conv2d({ ...SPEC, filters: 3 }), [2, 2, 1]);
  lone.run([[Infinity, 1, 1, 1]], [[1, 1, 1]], true);
});

describe('shapes', () => {
  test('of outputs: ceil(extent / stride) with same, the places of the window with valid', () => {
    const options = { ...SPEC, filters: 7, kernelSize: [3, 2] as const, strides: [2, 3] as const };
    expect(conv2dOutputShape({ ...options, padding: 'same' }, [28, 29, 3])).toEqual([14, 10, 7]);
    expect(conv2dOutputShape(options, [28, 29, 3])).toEqual([13, 10, 7]);
  });

  test.each<[number[], RegExp]>([
    [
      [28, 28],
      /Conv2D needs images \(height, width, channels\); received \(28, 28\)\. Put Reshape\(\[28, 28, 1\]\) before it/,
    ],
    [[784], /received \(784,\)\. .*Reshape\(\[28, 28, 1\]\)/],
    [[10], /received \(10,\)\. .*Reshape\(\[height, width, channels\]\)/],
    [[1, 5, 1], /at least 2 × 2 pixels, its kernelSize; received 1 × 5/],
  ])('an input of shape %o is refused in words', (shape, message) => {
    expect(() => conv2dOutputShape(SPEC, shape)).toThrow(expect.objectContaining({ code: 'E_SHAPE' }));
    expect(() => conv2dOutputShape(SPEC, shape)).toThrow(message);
  });
});
