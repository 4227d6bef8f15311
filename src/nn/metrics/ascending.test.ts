import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascending } from './ascending.ts';

test('the order of a stable sort by <, for any float32 but NaN, infinities and −0 among them', () => {
  const value = fc.oneof(
    fc.float({ noNaN: true }),
    fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, 1e-45, -1e-45),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const floats = Float32Array.from(values);
      const expected = values
        .map((_, i) => i)
        .sort((a, b) => (floats[a] < floats[b] ? -1 : Number(floats[a] > floats[b])));
      expect([...ascending(floats)]).toEqual(expected);
    }),
  );
  expect([...ascending(Float32Array.of(0, -0, 0, -1, -0))]).toEqual([3, 0, 1, 2, 4]);
});
