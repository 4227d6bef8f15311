import { expect, test } from 'vitest';
import { errorOf } from '../../../test/support/models.ts';
import { Input, LayerNormalization } from '../layers.ts';
import { Sequential } from '../sequential.ts';

const shapesOf = (axis: number | number[]): number[][] => {
  using model = new Sequential([Input([2, 3, 4]), LayerNormalization({ axis })]);
  return model.getWeights().map(({ shape }) => [...shape]);
};

test('axis from before, from behind, in any order; gamma and beta have the extents of these axes', () => {
  expect(shapesOf(3)).toEqual([[4], [4]]);
  expect(shapesOf([-1, -2])).toEqual([
    [3, 4],
    [3, 4],
  ]);
  expect(shapesOf([1, 2, 3])).toEqual([
    [2, 3, 4],
    [2, 3, 4],
  ]);
  expect(LayerNormalization({ axis: -1 })).toEqual(LayerNormalization());
  expect(LayerNormalization({ axis: [-1] })).not.toHaveProperty('axis');
});

test.each([[[1]], [[-1, -3]], [[-1, 3]], [[4]], [[-4, -3, -2, -1]]])(
  'axis %j of images is E_SHAPE, with the axes there are and what to do',
  async (axis) => {
    const { code, message } = await errorOf(() => shapesOf(axis));
    expect(code).toBe('E_SHAPE');
    expect(message).toMatch(/^LayerNormalization: expected the last axis .*\(-1, -2, -3, .* Reshape\.$/);
  },
);

test.each([[0], [1.5], ['-1'], [[]], [[-1, 0]], [null]])('axis %j is E_ARGUMENT', async (axis) => {
  const { code } = await errorOf(() => LayerNormalization({ axis: axis as number }));
  expect(code).toBe('E_ARGUMENT');
});
