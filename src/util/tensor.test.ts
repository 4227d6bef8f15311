import { expect, test } from 'vitest';
import { checkTensor, type Tensor } from './tensor.ts';

test.each([
  ['an array', [[0, 1]]],
  ['undefined', undefined],
  ["the text 'abc'", 'abc'],
  ['a Float32Array without a shape', new Float32Array(2)],
  ['an array', { data: [0, 1], shape: [2] }],
  ['a BigInt64Array', { data: new BigInt64Array(2), shape: [2] }],
  ['a DataView', { data: new DataView(new ArrayBuffer(2)), shape: [2] }],
  ['an object with nothing', {}],
])('what is no { data, shape } is refused as %s', (received, value) => {
  expect(() => {
    checkTensor(value as Tensor, 'inputs');
  }).toThrow(
    expect.objectContaining({
      code: 'E_ARGUMENT',
      message: expect.stringMatching(
        new RegExp(`^inputs: expected (\\{ data, shape \\}|data as Uint8Array, ).*received ${received}\\.$`),
      ) as string,
    }),
  );
});

test('a shape has to hold as many values as there are', () => {
  expect(() => {
    checkTensor({ data: new Float32Array(7), shape: [4, 2] }, 'inputs');
  }).toThrow('inputs: shape (4, 2) needs 8 values, received 7.');
});
