import { mix } from './mix.ts';
import type { Steps } from './steps.ts';
import type { Tensor } from './tensor.ts';

/** Some milliseconds; a multiple of four. */
const WORDS_AT_A_TIME = 1 << 20;

/**
 * 128 bits as hexadecimal digits that tell two tensors apart by type, shape and every value: four lanes of 32-bit words, each multiplied and
 * rotated, after xxHash. A change of one word always changes it. It guards against mistakes, not against an adversary, and takes a
 * hundredth of SHA-256's time.
 */
export function* fingerprint({ data, shape }: Tensor): Steps<string> {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  const count = Math.floor(aligned.byteLength / 4);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, count);
  let [a, b, c, d] = [1, 2, 3, 4];
  let i = 0;
  while (i + 4 <= count) {
    if (i > 0) yield;
    for (const end = Math.min(count - 3, i + WORDS_AT_A_TIME); i < end; i += 4) {
      a = step(a, words[i], 0x9e3779b1);
      b = step(b, words[i + 1], 0x85ebca6b);
      c = step(c, words[i + 2], 0xc2b2ae35);
      d = step(d, words[i + 3], 0x27d4eb2f);
    }
  }
  for (; i < count; i++) a = step(a, words[i], 0x9e3779b1);
  const rest = new Uint8Array(aligned.buffer, aligned.byteOffset + 4 * count, aligned.byteLength - 4 * count);
  for (const byte of rest) b = step(b, byte, 0x85ebca6b);
  for (const extent of [...shape, data.BYTES_PER_ELEMENT, data.length]) c = step(c, extent, 0xc2b2ae35);
  for (const character of data.constructor.name) d = step(d, character.charCodeAt(0), 0x27d4eb2f);
  return [a, b, c, d].map((word) => (mix(word) >>> 0).toString(16).padStart(8, '0')).join('');
}

/** One to one in `state` for each `word`, and in `word` for each `state`. */
function step(state: number, word: number, prime: number): number {
  const mixed = Math.imul(state ^ word, prime);
  return (mixed << 13) | (mixed >>> 19);
}
