import { MOST_UNPACKED } from './inflate.ts';
import { ANEW, refuse } from './refuse.ts';

const BLOCK = 0x314159265359;
const END = 0x177245385090;
/** CRC-32 with the polynomial 0x04c11db7, most significant bit first. */
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c11db7 : 0);
  return remainder;
});

/**
 * What bzip2 packed (J. Seward, bzip2 1.0; one stream or several), held to the checksums of its blocks and streams. Throws E_DATA, with the byte, for what is damaged
 * or becomes more than `most` bytes.
 */
export function bunzip2(bytes: Uint8Array, file: string, most = MOST_UNPACKED): Uint8Array {
  const bits = new Bits(bytes, file);
  const blocks: Uint8Array[] = [];
  let length = 0;
  while (bits.left() >= 32) {
    if (bits.take(24) !== 0x425a68) bits.fail("bzip2's magic 'BZh'", 'other bytes');
    const level = bits.take(8) - 0x30;
    if (!(level >= 1 && level <= 9)) bits.fail('a level from 1 to 9', String(level));
    const last = new Uint32Array(level * 100_000);
    let streamSum = 0;
    for (;;) {
      const magic = bits.take(24) * 0x100_0000 + bits.take(24);
      const stated = bits.take(16) * 0x1_0000 + bits.take(16);
      if (magic === END) {
        if (stated !== streamSum >>> 0) bits.fail('the checksum that the stream states', 'another');
        break;
      }
      if (magic !== BLOCK) bits.fail('a block or the end of the stream', 'neither');
      const block = blockOf(bits, last, most - length);
      if (crcOf(block) !== stated) bits.fail('the checksum that the block states', 'another');
      streamSum = ((streamSum << 1) | (streamSum >>> 31)) ^ stated;
      blocks.push(block);
      length += block.length;
    }
    bits.align();
  }
  if (bits.left() > 0) bits.fail('the end of the file, or another stream', `${bits.left() / 8} more bytes`);
  const all = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

class Bits {
  readonly #bytes: Uint8Array;
  readonly #file: string;
  #at = 0;
  #buffer = 0;
  #held = 0;

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#file = file;
  }

  /** The next `count` bits, at most 24. */
  take(count: number): number {
    while (this.#held < count) {
      if (this.#at >= this.#bytes.length) this.fail('more of the bzip2 stream', 'the end of the file');
      this.#buffer = ((this.#buffer << 8) | this.#bytes[this.#at++]) >>> 0;
      this.#held += 8;
    }
    this.#held -= count;
    const value = (this.#buffer >>> this.#held) & ((1 << count) - 1);
    this.#buffer &= (1 << this.#held) - 1;
    return value;
  }

  left(): number {
    return (this.#bytes.length - this.#at) * 8 + this.#held;
  }

  align(): void {
    this.take(this.#held % 8);
  }

  fail(expected: string, received: string): never {
    return refuse(this.#file, { at: `byte ${this.#at}`, expected, received, remedy: ANEW });
  }
}

/** A canonical code: for every length the first code, how many before it, and the symbols in order. */
interface Code {
  readonly symbols: Uint16Array;
  /** limit[k]: the largest code of k bits, −1 if none; base[k]: what is subtracted from a code of k bits to get the place of its symbol. */
  readonly limit: Int32Array;
  readonly base: Int32Array;
}

/** `last`: room for the transformed block, and how much it may be. */
function blockOf(bits: Bits, last: Uint32Array, most: number): Uint8Array {
  const size = last.length;
  if (bits.take(1) !== 0) bits.fail('a block that is not randomised', 'one of an early version');
  const origin = bits.take(24);
  const groups = bits.take(16);
  const used: number[] = [];
  for (let k = 0; k < 16; k++) {
    if (((groups >> (15 - k)) & 1) === 0) continue;
    const members = bits.take(16);
    for (let j = 0; j < 16; j++) if ((members >> (15 - j)) & 1) used.push(16 * k + j);
  }
  if (used.length === 0) bits.fail('bytes that occur in the block', 'none');
  const codes = bits.take(3);
  const selectors = bits.take(15);
  if (codes < 2 || codes > 6 || selectors === 0)
    bits.fail('2 to 6 codes, selected', `${codes}, ${selectors} times`);
  const front = Array.from({ length: codes }, (_, k) => k);
  const selected = new Uint8Array(selectors);
  for (let k = 0; k < selectors; k++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= codes) bits.fail(`one of ${codes} codes`, `number ${place}`);
    const [code] = front.splice(place, 1);
    front.unshift(code);
    selected[k] = code;
  }
  const symbols = used.length + 2;
  const tables = Array.from({ length: codes }, () => codeOf(bits, symbols));
  const counts = new Int32Array(256);
  const order = Uint8Array.from(used);
  let filled = 0;
  let run = 0;
  let weight = 1;
  for (let group = 0; ; group++) {
    if (group >= selectors) bits.fail('the end of the block', 'no more selected codes');
    const table = tables[selected[group]];
    let ended = false;
    for (let k = 0; k < 50; k++) {
      const symbol = symbolOf(bits, table);
      if (symbol < 2) {
        run += weight << symbol;
        weight <<= 1;
        if (run > size) bits.fail(`a block of at most ${size} bytes`, 'more');
        continue;
      }
      if (run > 0) {
        if (filled + run > size) bits.fail(`a block of at most ${size} bytes`, 'more');
        counts[order[0]] += run;
        last.fill(order[0], filled, filled + run);
        filled += run;
        run = 0;
        weight = 1;
      }
      if (symbol === symbols - 1) {
        ended = true;
        break;
      }
      if (filled === size) bits.fail(`a block of at most ${size} bytes`, 'more');
      const byte = order[symbol - 1];
      order.copyWithin(1, 0, symbol - 1);
      order[0] = byte;
      counts[byte]++;
      last[filled++] = byte;
    }
    if (ended) break;
  }
  if (origin >= filled) bits.fail(`an origin before ${filled}`, String(origin));
  return unsorted(last, filled, origin, counts, bits, most);
}

function codeOf(bits: Bits, symbols: number): Code {
  const lengths = new Uint8Array(symbols);
  let length = bits.take(5);
  for (let k = 0; k < symbols; k++) {
    for (;;) {
      if (length < 1 || length > 20) bits.fail('codes of 1 to 20 bits', String(length));
      if (bits.take(1) === 0) break;
      length += bits.take(1) === 0 ? 1 : -1;
    }
    lengths[k] = length;
  }
  const sorted = new Uint16Array(symbols);
  const limit = new Int32Array(21).fill(-1);
  const base = new Int32Array(21);
  let code = 0;
  let place = 0;
  for (let width = 1; width <= 20; width++) {
    base[width] = code - place;
    for (let k = 0; k < symbols; k++) {
      if (lengths[k] !== width) continue;
      sorted[place++] = k;
      code++;
    }
    limit[width] = code - 1;
    code <<= 1;
  }
  return { symbols: sorted, limit, base };
}

function symbolOf(bits: Bits, { symbols, limit, base }: Code): number {
  let code = 0;
  for (let width = 1; width <= 20; width++) {
    code = (code << 1) | bits.take(1);
    if (code <= limit[width]) {
      const place = code - base[width];
      if (place >= 0 && place < symbols.length) return symbols[place];
    }
  }
  return bits.fail('a code of the block', 'one that stands for nothing');
}

/** The inverse of Burrows' and Wheeler's transform, then of the runs: four equal bytes are followed by how many more there are. */
function unsorted(
  last: Uint32Array,
  filled: number,
  origin: number,
  counts: Int32Array,
  bits: Bits,
  most: number,
): Uint8Array {
  let sum = 0;
  const starts = counts.map((count) => ((sum += count), sum - count));
  for (let k = 0; k < filled; k++) last[starts[last[k] & 255]++] |= k << 8;
  let block = new Uint8Array(Math.min(filled + 256, Math.max(most, 0)));
  let length = 0;
  let same = 0;
  let previous = -1;
  let at = last[origin] >>> 8;
  for (let k = 0; k < filled; k++) {
    const entry = last[at];
    const byte = entry & 255;
    at = entry >>> 8;
    const count = same === 4 ? byte : 1;
    const value = same === 4 ? previous : byte;
    if (length + count > block.length) {
      if (length + count > most) bits.fail('fewer unpacked bytes', 'more than are read');
      const larger = new Uint8Array(Math.min(most, 2 * (length + count)));
      larger.set(block);
      block = larger;
    }
    block.fill(value, length, length + count);
    length += count;
    if (same === 4) {
      same = 0;
      previous = -1;
    } else {
      same = byte === previous ? same + 1 : 1;
      previous = byte;
    }
  }
  return block.subarray(0, length);
}

function crcOf(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ byte) & 255];
  return ~crc >>> 0;
}
