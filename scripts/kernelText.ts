import { SYMBOLS } from '../src/engine/kernelSymbols.ts';

/*
 * Bytes as printable characters that need no escape in a string: the byte sequences of `src/engine/kernelSymbols.ts` take one character each, other bytes two. The same for all
 * modules, so gzip finds in one what stands in another. Packed they are smaller than the bytes
 * themselves.
 */

/** As `src/engine/embedded.ts` reads them. */
const ALPHABET = Array.from({ length: 87 }, (_, k) => String.fromCharCode(40 + k)).filter(
  (character) => character !== '\\',
);

export const SEQUENCES: readonly string[] = SYMBOLS.split(' ');

/** `sequences` in hexadecimal digits; the longest that fits is taken. */
export function kernelText(bytes: Uint8Array, sequences = SEQUENCES): string {
  const digits = Buffer.from(bytes).toString('hex');
  const longest = sequences.map((digits, k) => ({ digits, character: ALPHABET[k] }));
  longest.sort((a, b) => b.digits.length - a.digits.length);
  let text = '';
  for (let at = 0; at < digits.length;) {
    const found = longest.find((sequence) => digits.startsWith(sequence.digits, at));
    if (found) {
      text += found.character;
      at += found.digits.length;
      continue;
    }
    const byte = parseInt(digits.slice(at, at + 2), 16);
    text +=
      ALPHABET[sequences.length + Math.floor(byte / ALPHABET.length)] + ALPHABET[byte % ALPHABET.length];
    at += 2;
  }
  return text;
}
