import { expect, test } from 'vitest';
import { kernelText } from '../../scripts/kernelText.ts';
import { bytesOf } from './embedded.ts';

test('every byte comes out as it went in, whichever are frequent', () => {
  const ascending = Uint8Array.from({ length: 256 }, (_, k) => k);
  const skewed = Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31 + (k >> 3)) & 255);
  for (const bytes of [
    ascending,
    ascending.toReversed(),
    skewed,
    new Uint8Array(0),
    Uint8Array.of(7, 7, 255),
  ]) {
    const text = kernelText(bytes);
    expect(bytesOf(text)).toEqual(bytes);
    expect(text).toMatch(/^[(-[\]-_a-~]*$/);
  }
});

test('a text worked by hand: frequent bytes 5 and 9 take one character, 200 two', () => {
  const rest = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => ![5, 9].includes(byte));
  const frequent = [5, 9, ...rest.slice(0, 80)];
  const digits = frequent.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  // The first of the others is byte 82: 200 is number 118 of them, 1 × 85 + 33; the escapes are the last three of the alphabet, | } ~, and number 33 is I.
  expect([...bytesOf(`${digits}()(}I`)]).toEqual([5, 9, 5, 200]);
});
