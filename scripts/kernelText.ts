/*
 * Bytes as printable characters that need no escape in a string: the 82 most frequent bytes take one character each, the others two. gzip finds in
 * the text what it finds in the bytes; hexadecimal digits come out a tenth larger, base64 half as large again.
 */

/** As `src/engine/embedded.ts` reads them. */
const ALPHABET = Array.from({ length: 87 }, (_, k) => String.fromCharCode(40 + k)).filter(
  (character) => character !== '\\' && character !== '`',
);
const SINGLE = 82;

/** The frequent bytes as hexadecimal digits, most frequent first, and then all bytes. */
export function kernelText(bytes: Uint8Array): string {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const all = counts.map((_, byte) => byte);
  const frequent = all.toSorted((a, b) => counts[b] - counts[a] || a - b).slice(0, SINGLE);
  const others = all.filter((byte) => !frequent.includes(byte));
  const codes = new Map(frequent.map((byte, k) => [byte, ALPHABET[k]]));
  others.forEach((byte, k) => {
    codes.set(byte, ALPHABET[SINGLE + Math.floor(k / ALPHABET.length)] + ALPHABET[k % ALPHABET.length]);
  });
  const digits = Buffer.from(frequent).toString('hex');
  return digits + Array.from(bytes, (byte) => codes.get(byte)!).join('');
}
