import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';

test('bytes come back from base64, whatever their number; an example of RFC 4648', () => {
  expect(toBase64(Uint8Array.from('foob', (c) => c.charCodeAt(0)))).toBe('Zm9vYg==');
  for (const length of [0, 1, 2, 3, 0x8001, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 73) % 256);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
  }
});
