import type { Picture } from '../../../images/scale.ts';
import { ANEW, hexOf, refuse } from '../refuse.ts';
import { MOST_PIXELS, requireSize } from './picture.ts';

/**
 * The first frame of a GIF (89a) on its screen, as colours, or colours and opacity where it is transparent or smaller than the screen. Throws E_DATA, with the byte,
 * for what is damaged or cut.
 */
export function readGif(bytes: Uint8Array, file: string, most = MOST_PIXELS): Picture {
  let at = 0;
  const fail = (expected: string, received: string): never =>
    refuse(file, { at: `byte ${at}`, expected, received, remedy: ANEW });
  const need = (count: number): void => {
    if (at + count > bytes.length) fail(`${count} more bytes of the GIF`, 'the end of the file');
  };
  const uint16 = (): number => {
    need(2);
    at += 2;
    return bytes[at - 2] | (bytes[at - 1] << 8);
  };
  const palette = (flags: number): Uint8Array | undefined => {
    if ((flags & 0x80) === 0) return undefined;
    const size = 3 << ((flags & 7) + 1);
    need(size);
    at += size;
    return bytes.subarray(at - size, at);
  };
  need(13);
  if (!/^GIF8[79]a$/.test(String.fromCharCode(...bytes.subarray(0, 6)))) {
    fail("GIF's signature", hexOf(bytes, 6));
  }
  at = 6;
  const [columns, rows] = [uint16(), uint16()];
  requireSize(file, 'GIF', rows, columns, Infinity, most);
  const flags = bytes[at];
  at += 3;
  const common = palette(flags);
  let transparent = -1;
  for (;;) {
    need(1);
    const block = bytes[at++];
    if (block === 0x2c) break;
    if (block !== 0x21) fail('an image or an extension', `0x${block.toString(16).padStart(2, '0')}`);
    need(1);
    if (bytes[at++] === 0xf9 && bytes[at] === 4) {
      need(6);
      transparent = (bytes[at + 1] & 1) === 1 ? bytes[at + 4] : -1;
    }
    for (let length = -1; length !== 0; at += length) {
      need(1);
      length = bytes[at++];
      need(length);
    }
  }
  const [left, top, width, height] = [uint16(), uint16(), uint16(), uint16()];
  if (left + width > columns || top + height > rows || width * height === 0) {
    fail(`a frame within ${columns} × ${rows}`, `${width} × ${height} at ${left}, ${top}`);
  }
  need(1);
  const frame = bytes[at++];
  const colours = palette(frame) ?? common;
  if (colours === undefined) return fail('a palette', 'none');
  need(1);
  const bits = bytes[at++];
  if (!(bits >= 2 && bits <= 8)) fail('codes of 2 to 8 bits at first', String(bits));
  const from = at;
  // A code of two bits or more stands for at most 4,096 pixels.
  requireSize(file, 'GIF', height, width, (bytes.length - at) * 16_384, most);
  const packed = blocks();
  const indices = lzw(packed, bits, width * height);
  if (indices === undefined) {
    at = from;
    return fail(`${width * height} pixels`, 'fewer, or codes that do not stand for any');
  }
  const channels = transparent >= 0 || width * height < columns * rows ? 4 : 3;
  const data = new Uint8Array(rows * columns * channels);
  const order = rowOrder(height, (frame & 0x40) !== 0);
  for (let k = 0; k < height; k++) {
    for (let column = 0; column < width; column++) {
      const index = indices[k * width + column];
      if (index === transparent) continue;
      if (3 * index >= colours.length) fail(`one of ${colours.length / 3} colours`, `number ${index}`);
      const to = ((top + order[k]) * columns + left + column) * channels;
      for (let c = 0; c < 3; c++) data[to + c] = colours[3 * index + c];
      if (channels === 4) data[to + 3] = 255;
    }
  }
  return { data, rows, columns, channels };

  function blocks(): Uint8Array {
    const packed = new Uint8Array(bytes.length - at);
    let filled = 0;
    for (;;) {
      need(1);
      const length = bytes[at++];
      if (length === 0) return packed.subarray(0, filled);
      need(length);
      packed.set(bytes.subarray(at, at + length), filled);
      filled += length;
      at += length;
    }
  }
}

/** Rows in the order in which they are stored. */
function rowOrder(height: number, interlaced: boolean): number[] {
  if (!interlaced) return Array.from({ length: height }, (_, row) => row);
  const order: number[] = [];
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ]) {
    for (let row = first; row < height; row += step) order.push(row);
  }
  return order;
}

/** GIF's Lempel–Ziv–Welch; undefined where there are fewer values than `count`. */
function lzw(packed: Uint8Array, bits: number, count: number): Uint8Array | undefined {
  const clear = 1 << bits;
  const prefix = new Uint16Array(4096);
  const last = new Uint8Array(4096);
  const lengths = new Uint16Array(4096);
  for (let code = 0; code < clear; code++) {
    last[code] = code;
    lengths[code] = 1;
  }
  const result = new Uint8Array(count);
  let filled = 0;
  let width = bits + 1;
  let next = clear + 2;
  let previous = -1;
  let buffer = 0;
  let held = 0;
  let at = 0;
  while (filled < count) {
    while (held < width) {
      if (at >= packed.length) return undefined;
      buffer |= packed[at++] << held;
      held += 8;
    }
    const code = buffer & ((1 << width) - 1);
    buffer >>= width;
    held -= width;
    if (code === clear) {
      width = bits + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === clear + 1) return undefined;
    if (code > next || (code === next && previous < 0) || (previous < 0 && code >= clear)) return undefined;
    // The code that is only now being made: the one before and its own first value.
    const own = code === next && previous >= 0 ? previous : code;
    let place = filled + lengths[own] - 1;
    let walk = own;
    for (; place >= filled; place--) {
      if (place < count) result[place] = last[walk];
      if (place === filled) break;
      walk = prefix[walk];
    }
    const first = last[walk];
    filled += lengths[own];
    if (own !== code) {
      if (filled < count) result[filled] = first;
      filled++;
    }
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      last[next] = first;
      lengths[next] = lengths[previous] + 1;
      next++;
      if (next === 1 << width && width < 12) width++;
    }
    previous = code;
  }
  return result;
}
