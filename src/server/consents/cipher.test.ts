import { expect, test } from 'vitest';
import { openBytes, sealBytes } from './cipher.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, k) => k);
const PLACE = ['consent-1', 'image'];
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** By AESGCM of Python's cryptography: the key above, nonce 100 … 111, associated data `["consent-1","image"]`, text `seven`. */
const BY_PYTHON = '016465666768696a6b6c6d6e6f3b7ea80317fdadfdbaa37c9d624ea0c96e51213ba0';

test('opens what another implementation of AES-256-GCM has sealed', () => {
  expect(text(openBytes(KEY, PLACE, Buffer.from(BY_PYTHON, 'hex')))).toBe('seven');
});

test('what was sealed opens again, and never looks the same twice', () => {
  const seven = new TextEncoder().encode('seven');
  const [one, two] = [sealBytes(KEY, PLACE, seven), sealBytes(KEY, PLACE, seven)];
  expect(text(openBytes(KEY, PLACE, one))).toBe('seven');
  expect(Buffer.compare(one, two)).not.toBe(0);
  expect(Buffer.from(one).includes('seven')).toBe(false);
  expect(openBytes(KEY, PLACE, sealBytes(KEY, PLACE, new Uint8Array()))).toHaveLength(0);
});

test('every changed bit, every cut, another key, consent or field: refused', () => {
  const sealed = Buffer.from(BY_PYTHON, 'hex');
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] ^= 1 << (bit & 7);
    expect(() => openBytes(KEY, PLACE, changed)).toThrow(expect.objectContaining({ code: 'E_CHECKSUM' }));
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => openBytes(KEY, PLACE, sealed.subarray(0, length))).toThrow(/^consent-1, image: /);
  }
  expect(() =>
    openBytes(
      KEY.map((byte) => byte ^ 1),
      PLACE,
      sealed,
    ),
  ).toThrow(/sealed with another key/);
  expect(() => openBytes(KEY, ['consent-1', 'label'], sealed)).toThrow(/belong to another place/);
  expect(() => openBytes(KEY, ['consent-2', 'image'], sealed)).toThrow(/do not open/);
});
