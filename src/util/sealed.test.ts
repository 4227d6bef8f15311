import { expect, test } from 'vitest';
import { encodeSealed, sealHolds } from './sealed.ts';

const WEIGHTS = { data: Float32Array.of(1, 2), shape: [2] };

test.each([
  ['plain bytes', (bytes: Uint8Array) => bytes],
  ['a Buffer, whose slice is the same memory', (bytes: Uint8Array) => Buffer.from(bytes)],
])('a file is left as it is by the look at its seal: %s', (_, as) => {
  const file = as(encodeSealed({ weights: WEIGHTS }, 'a/1'));
  const before = Uint8Array.from(file);
  expect(sealHolds(file, 'a/1')).toBe(true);
  expect(Uint8Array.from(file)).toEqual(before);
  expect(sealHolds(file, 'a/1')).toBe(true);
});
