import { expect, test } from 'vitest';
import { unsnap } from './snappy.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const said = (packed: string, size: number): string => Buffer.from(unsnap(hex(packed), size)).toString();

test('lines, zeros and all bytes, as Arrow packs them', () => {
  const lines = Array.from({ length: 40 }, (_, k) => `${k} 1:-1 2:0.25 16:1\n`).join('');
  const wanted = Buffer.concat([
    Buffer.from(lines),
    Buffer.alloc(300),
    Buffer.from(Array.from({ length: 256 }, (_, k) => k)),
  ]);
  // pyarrow.compress(…, codec='snappy', asbytes=True) of Arrow 26, but for the last literal: the 255 bytes from 1 on.
  const head =
    'wgpMMCAxOi0xIDI6MC4yNSAxNjoxCjFGEwAAMkYTAAAzRhMAADRGEwAANUYTAAA2RhMAADdGEwAAOEYTAAA5RhMAADFOvwBKwAAAMUrBAAAxSsIAADFKwwAAMUrEAAAxSsUAADFKxgAAMUrHAAAxSsgAADJKyAAAMkrIAAQyMkYEAQAySsgAADJKyAAAMkrIAAAySsgAADJKyAAAMkrIAAAySsgAADNKyAAAM0rIAAAzSsgABDMzRtwAADNKyAAAM0rIAAAzSsgAADNKyAAAM0rIAAAzSsgAAAD+AQD+AQD+AQD+AQCuAQDw/g==';
  const packed = Buffer.concat([Buffer.from(head, 'base64'), wanted.subarray(wanted.length - 255)]);
  expect(Buffer.from(unsnap(packed, 1346)).equals(wanted)).toBe(true);
});

test('by hand, after the format: short and long literals, copies with one, two and four bytes of distance, over themselves', () => {
  expect(said('03 08 616263', 3)).toBe('abc');
  expect(said('03 f0 02 616263', 3)).toBe('abc');
  expect(said('07 08 616263 01 03', 7)).toBe('abcabca');
  expect(said('05 08 616263 06 03 00', 5)).toBe('abcab');
  expect(said('05 08 616263 07 03 00 00 00', 5)).toBe('abcab');
  expect(said('0a 00 61 22 01 00', 10)).toBe('a'.repeat(10));
  expect(said('00', 0)).toBe('');
});

test.each([
  ['', 3, 'the end within a number'],
  ['ff ff ff ff ff ff', 3, 'a length that does not end'],
  ['04 08 616263', 3, '4 bytes where the page has 3'],
  ['03 08 6162', 3, 'a literal beyond the end'],
  ['02 08 616263', 2, 'a literal beyond the end'],
  // A length of 2³² in four bytes, and one cut off.
  ['03 fc ff ff ff ff 616263', 3, 'a literal beyond the end'],
  ['03 fc ff ff', 3, 'the end within a number'],
  ['07 08 616263 01 00', 7, 'a copy from nowhere'],
  ['07 08 616263 01 04', 7, 'a copy from nowhere'],
  ['05 08 616263 01 03', 5, 'a copy from nowhere'],
  ['07 08 616263', 7, '3 bytes of 7'],
])('refused at once: %s', (packed, size, words) => {
  expect(() => unsnap(hex(packed), size)).toThrow(`Snappy: ${words}`);
});
