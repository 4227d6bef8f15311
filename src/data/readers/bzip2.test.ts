import { expect, test } from 'vitest';
import fixtures from '../../../test/fixtures/bzip2.json' with { type: 'json' };
import { errorOf } from '../../../test/support/models.ts';
import { sha256Hex } from '../../util/hash.ts';
import { bunzip2 } from './bzip2.ts';

test.each(fixtures)('$name: what Python’s bz2 packed comes out, every byte', ({ packed, bytes, sha256 }) => {
  const unpacked = bunzip2(Buffer.from(packed, 'base64'), 'x.bz2');
  expect(unpacked.length).toBe(bytes);
  expect(sha256Hex(unpacked)).toBe(sha256);
});

test('cut anywhere, with a bit changed, longer than allowed, or followed by something else: E_DATA, never another text', async () => {
  const { packed, sha256, bytes } = fixtures.find(({ name }) => name === 'noise')!;
  const whole = Buffer.from(packed, 'base64');
  const code = 'E_DATA';
  for (let k = 97; k < whole.length; k += 97) {
    expect(await errorOf(() => bunzip2(whole.subarray(0, k), 'x.bz2'))).toMatchObject({ code });
    const changed = Buffer.from(whole);
    changed[k] ^= 1 << (k % 8);
    try {
      // A bit that fills the last byte, or one of an unused table, says nothing.
      expect(sha256Hex(bunzip2(changed, 'x.bz2'))).toBe(sha256);
    } catch (error) {
      expect(error).toMatchObject({ code });
    }
  }
  expect(await errorOf(() => bunzip2(whole, 'x.bz2', bytes - 1))).toMatchObject({ code });
  expect(await errorOf(() => bunzip2(Buffer.concat([whole, Buffer.from('more')]), 'x.bz2'))).toMatchObject({
    code,
  });
});
