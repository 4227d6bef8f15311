import type { Picture } from '../../../images/scale.ts';
import { ANEW, refuse } from '../refuse.ts';
import { MOST_PIXELS, requireSize } from './picture.ts';

/**
 * An uncompressed bitmap of Windows or OS/2: 1, 4 or 8 bits with a palette, 16, 24 or 32 bits; rows from below or from above; masks. As colours, or
 * colours and opacity where a mask says so. Throws E_DATA, with the byte, for what is damaged, and for run-length coding.
 */
export function readBmp(bytes: Uint8Array, file: string, most = MOST_PIXELS): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (at: number, expected: string, received: string, remedy = ANEW): never =>
    refuse(file, { at: `byte ${at}`, expected, received, remedy });
  const headerSize = bytes.length < 26 ? 0 : view.getUint32(14, true);
  const core = headerSize === 12;
  if (bytes.length < 14 + headerSize || (!core && headerSize < 40)) {
    return fail(14, 'the header of a bitmap', `${bytes.length} bytes`);
  }
  const columns = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  const rows = Math.abs(height);
  if (compression === 1 || compression === 2) {
    return fail(30, 'an uncompressed bitmap', 'one with run-length coding', 'Convert it to PNG.');
  }
  const masked = compression === 3 || compression === 6;
  if (
    ![1, 4, 8, 16, 24, 32].includes(bits) ||
    (compression !== 0 && !(masked && (bits === 16 || bits === 32)))
  ) {
    return fail(
      28,
      'a bitmap of 1, 4, 8, 16, 24 or 32 bits',
      `${bits} bits in form ${compression}`,
      'Convert it to PNG.',
    );
  }
  requireSize(file, 'BMP', rows, Math.max(columns, 0), (bytes.length * 8) / bits, most);
  const stride = Math.ceil((columns * bits) / 32) * 4;
  const start = view.getUint32(10, true);
  const masksInside = masked && headerSize === 40;
  const paletteAt = 14 + headerSize + (masksInside ? (compression === 6 ? 16 : 12) : 0);
  const end = start + stride * rows;
  if (start < paletteAt || end > bytes.length) {
    return fail(
      10,
      `pixels from byte ${paletteAt} to the end of the file at ${bytes.length}`,
      `${start} to ${end}`,
    );
  }
  if (bits <= 8) return withPalette();
  return withChannels();

  function rowAt(row: number): number {
    return start + stride * (height < 0 ? row : rows - 1 - row);
  }

  function withPalette(): Picture {
    const entry = core ? 3 : 4;
    const used = core ? 0 : view.getUint32(46, true);
    const most = Math.floor((start - paletteAt) / entry);
    const colours = Math.min(used === 0 ? 1 << bits : used, most, 256);
    const data = new Uint8Array(rows * columns * 3);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const bit = column * bits;
        const index = (bytes[rowAt(row) + (bit >> 3)] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
        if (index >= colours) {
          fail(rowAt(row) + (bit >> 3), `one of the palette's ${colours} colours`, `number ${index}`);
        }
        const to = (row * columns + column) * 3;
        for (let k = 0; k < 3; k++) data[to + k] = bytes[paletteAt + index * entry + 2 - k];
      }
    }
    return { data, rows, columns, channels: 3 };
  }

  function withChannels(): Picture {
    const size = bits >> 3;
    const masks = masked
      ? [0, 1, 2, 3].map((k) =>
          k < 3 || headerSize >= 56 || compression === 6 ? view.getUint32(54 + 4 * k, true) : 0,
        )
      : bits === 16
        ? [0x7c00, 0x3e0, 0x1f, 0]
        : [0xff0000, 0xff00, 0xff, 0];
    const channels = masks[3] === 0 ? 3 : 4;
    const parts = masks.slice(0, channels).map((mask) => {
      const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
      return { mask, shift, most: mask >>> shift };
    });
    const data = new Uint8Array(rows * columns * channels);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const at = rowAt(row) + column * size;
        const value =
          size === 2
            ? view.getUint16(at, true)
            : size === 3
              ? bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
              : view.getUint32(at, true);
        const to = (row * columns + column) * channels;
        parts.forEach(({ mask, shift, most }, k) => {
          data[to + k] = most === 0 ? 0 : Math.round((((value & mask) >>> shift) * 255) / most);
        });
      }
    }
    return { data, rows, columns, channels };
  }
}
