import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from '../../util/steps.ts';
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
      expect([...atOnce(ascending(floats))]).toEqual(expected);
    }),
  );
  expect([...atOnce(ascending(Float32Array.of(0, -0, 0, -1, -0)))]).toEqual([3, 0, 1, 2, 4]);
});

test('across stops: 200,000 values of which most are there several times', () => {
  const floats = Float32Array.from({ length: 200_000 }, (_, i) => ((i * 7919) % 4099) - 2000);
  const expected = Uint32Array.from(floats.keys()).sort((a, b) => floats[a] - floats[b] || a - b);
  expect(atOnce(ascending(floats))).toEqual(expected);
});
