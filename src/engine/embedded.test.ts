import { expect, test } from 'vitest';
import { kernelText, SEQUENCES } from '../../scripts/kernelText.ts';
import { bytesOf } from './embedded.ts';

test('every byte comes out as it went in, whatever stands beside it', () => {
  const ascending = Uint8Array.from({ length: 256 }, (_, k) => k);
  const skewed = Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31 + (k >> 3)) & 255);
  const sequences = Buffer.from(SEQUENCES.join(''), 'hex');
  for (const bytes of [
    ascending,
    ascending.toReversed(),
    skewed,
    Uint8Array.from(sequences),
    Uint8Array.from(sequences).reverse(),
    new Uint8Array(0),
    Uint8Array.of(7, 7, 255),
  ]) {
    const text = kernelText(bytes);
    expect(bytesOf(text)).toEqual(bytes);
    expect(text).toMatch(/^[(-[\]-~]*$/);
  }
});

test('all characters are in use: 83 sequences that differ, and three that begin two characters', () => {
  expect(SEQUENCES.length).toBe(83);
  expect(new Set(SEQUENCES).size).toBe(83);
  for (const sequence of SEQUENCES) expect(sequence).toMatch(/^([0-9a-f]{2})+$/);
});

test('a text worked by hand: the first and the last sequence, and bytes by their number', () => {
  const [first, last] = [SEQUENCES[0], SEQUENCES[82]].map((digits) => [...Buffer.from(digits, 'hex')]);
  // Characters without the backslash: ( is 0, - 5, { 82; | begins the bytes from 0, } those from 86, ~ those from 172, and 200 is 28 more, which is D.
  expect([...bytesOf('({|-~D')]).toEqual([...first, ...last, 5, 200]);
});
