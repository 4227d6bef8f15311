import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Random } from './random.ts';
import { sha256Hex } from './hash.ts';

test('SHA-256 of the examples of FIPS 180-4', () => {
  const text = new TextEncoder();
  expect(sha256Hex(new Uint8Array(0))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
  expect(sha256Hex(text.encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(sha256Hex(text.encode('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
});

test('only the bytes of a view are hashed', () => {
  const bytes = new Uint8Array([9, 97, 98, 99, 9]).subarray(1, 4);
  expect(sha256Hex(bytes)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('bytes in shared memory hash like others', () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(3));
  bytes.set([97, 98, 99]);
  expect(sha256Hex(bytes)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('lengths around one and two blocks, whole or in parts of any sizes, as node:crypto has them', () => {
  const random = new Random(1, 'hash');
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, () => random.integer(256));
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(sha256Hex(bytes), `${length} bytes`).toBe(expected);
    const [a, b] = [random.integer(length + 1), random.integer(length + 1)].sort((x, y) => x - y);
    expect(sha256Hex(bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b))).toBe(expected);
  }
});
