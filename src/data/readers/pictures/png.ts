import { inflateSync } from 'fflate';
import type { Picture } from '../../../images/scale.ts';
import { crc32 } from '../crc32.ts';
import { ANEW, hexOf, refuse } from '../refuse.ts';
import { exifOrientation, MOST_PIXELS, oriented, requireSize } from './picture.ts';

interface Header {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly type: number;
  readonly interlaced: boolean;
  /** Values a pixel as stored. */
  readonly samples: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Depths of each type of colour. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Adam7: first row, first column, steps of rows and columns. */
const PASSES = [
  [0, 0, 8, 8],
  [0, 4, 8, 8],
  [4, 0, 8, 4],
  [0, 2, 4, 4],
  [2, 0, 4, 2],
  [0, 1, 2, 2],
  [1, 0, 2, 1],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/**
 * A PNG (W3C, third edition) as bytes: grey, grey and opacity, colours, or colours and opacity. Every depth, palettes, colours that stand for
 * transparency, interlacing, EXIF's orientation; 16 bits are divided by 257, gamma and profiles are not applied. Nothing is lost in a PNG, so these
 * are the same bytes as any correct decoder's. Throws E_DATA, with the byte, for what is damaged: checksums are held, and no more is inflated than the
 * header says.
 */
export function readPng(bytes: Uint8Array, file: string, most = MOST_PIXELS): Picture {
  if (!SIGNATURE.every((byte, k) => bytes[k] === byte)) {
    refuse(file, { at: 'byte 0', expected: "PNG's signature", received: hexOf(bytes, 8), remedy: ANEW });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  let orientation = 1;
  const parts: Uint8Array[] = [];
  for (let at = 8; ;) {
    if (at + 12 > bytes.length) {
      return refuse(file, {
        at: `byte ${bytes.length}`,
        expected: 'more of the PNG, up to its chunk IEND',
        received: 'the end of the file',
        remedy: ANEW,
      });
    }
    const length = view.getUint32(at);
    const end = at + 12 + length;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) {
      refuse(file, {
        at: `byte ${at}`,
        expected: `${length} bytes of ${type}`,
        received: `the end of the file after ${bytes.length - at - 8}`,
        remedy: ANEW,
      });
    }
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      refuse(file, {
        at: `byte ${at}`,
        expected: 'the CRC-32 that the chunk states',
        received: 'another',
        remedy: ANEW,
      });
    }
    const content = bytes.subarray(at + 8, end - 4);
    if (header === undefined) header = headerOf(type, content, bytes.length, file, most);
    else if (type === 'PLTE') palette = content;
    else if (type === 'tRNS') transparency = content;
    else if (type === 'eXIf') orientation = exifOrientation(content);
    else if (type === 'IDAT') parts.push(content);
    else if (type === 'IEND') break;
    else if ((bytes[at + 4] & 32) === 0) {
      refuse(file, {
        at: `byte ${at}`,
        expected: 'chunks of a PNG',
        received: JSON.stringify(type),
        remedy: ANEW,
      });
    }
    at = end;
  }
  if (header.type === 3 && (palette === undefined || palette.length % 3 !== 0)) {
    refuse(file, { expected: 'a palette', received: 'none', remedy: ANEW });
  }
  const raw = inflated(parts, header, file);
  const values = unfiltered(raw, header, file);
  return oriented(asBytes(values, header, palette, transparency, file), orientation);
}

function headerOf(type: string, content: Uint8Array, bytes: number, file: string, most: number): Header {
  const wrong = (expected: string, received: string): never =>
    refuse(file, { at: 'byte 8', expected, received, remedy: ANEW });
  if (type !== 'IHDR' || content.length !== 13) return wrong('the chunk IHDR', JSON.stringify(type));
  const view = new DataView(content.buffer, content.byteOffset, 13);
  const [columns, rows] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, compression, filter, interlace] = content.subarray(8);
  if (!(DEPTHS[colour] as readonly number[] | undefined)?.includes(depth)) {
    wrong('a type of colour with its depth', `type ${colour} with ${depth} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    wrong('compression 0, filter 0, interlacing 0 or 1', `${compression}, ${filter}, ${interlace}`);
  }
  const samples = SAMPLES[colour];
  // A byte of deflate becomes at most 1,032, and each holds that many pixels.
  requireSize(file, 'PNG', rows, columns, (bytes * 1032 * 8) / (samples * depth), most);
  return { rows, columns, depth, type: colour, interlaced: interlace === 1, samples };
}

function rowBytes({ samples, depth }: Header, columns: number): number {
  return Math.ceil((columns * samples * depth) / 8);
}

function passesOf(header: Header): { rows: number; columns: number; pass: readonly number[] }[] {
  return (header.interlaced ? PASSES : WHOLE)
    .map((pass) => ({
      rows: Math.ceil((header.rows - pass[0]) / pass[2]),
      columns: Math.ceil((header.columns - pass[1]) / pass[3]),
      pass,
    }))
    .filter(({ rows, columns }) => rows > 0 && columns > 0);
}

/** The filtered rows, exactly as many bytes as the header says. */
function inflated(parts: readonly Uint8Array[], header: Header, file: string): Uint8Array {
  const size = passesOf(header).reduce(
    (sum, { rows, columns }) => sum + rows * (1 + rowBytes(header, columns)),
    0,
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const damaged = (received: string): never =>
    refuse(file, {
      expected: `image data that become ${size} bytes`,
      received,
      remedy: ANEW,
    });
  // Deflate adds five bytes to a block that does not shrink; more than this only looks for trouble.
  if (length < 6 || length > size + (size >> 3) + 4096) return damaged(`${length} bytes of IDAT`);
  if (size > length * 1032) return damaged(`${length} bytes of IDAT, which cannot hold them`);
  let packed = parts[0];
  if (parts.length > 1) {
    packed = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      packed.set(part, at);
      at += part.length;
    }
  }
  const head = (packed[0] << 8) | packed[1];
  if ((packed[0] & 15) !== 8 || head % 31 !== 0 || (packed[1] & 32) !== 0) {
    return damaged(`no zlib stream (${hexOf(packed, 2)})`);
  }
  let raw: Uint8Array;
  try {
    // One byte more than needed, so that more than that shows.
    raw = inflateSync(packed.subarray(2, -4), { out: new Uint8Array(size + 1) });
  } catch (error) {
    return damaged(`a fault (${(error as Error).message})`);
  }
  if (raw.length !== size) return damaged(raw.length > size ? 'more' : `${raw.length}`);
  const stated = new DataView(packed.buffer, packed.byteOffset + length - 4).getUint32(0);
  if (adler32(raw) !== stated) return damaged('others: the checksum of zlib differs');
  return raw;
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + 3800, bytes.length);
    for (; at < end; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}

/** The values of all pixels in their depth, packed as in a PNG without interlacing and filters, rows of whole bytes. */
function unfiltered(raw: Uint8Array, header: Header, file: string): Uint8Array {
  const back = Math.max(1, (header.samples * header.depth) >> 3);
  const stride = rowBytes(header, header.columns);
  const values = new Uint8Array(stride * header.rows);
  let at = 0;
  for (const { rows, columns, pass } of passesOf(header)) {
    const length = rowBytes(header, columns);
    let above = new Uint8Array(length);
    for (let row = 0; row < rows; row++) {
      const filter = raw[at++];
      if (filter > 4) {
        refuse(file, {
          expected: `a filter from 0 to 4 for row ${row}`,
          received: String(filter),
          remedy: ANEW,
        });
      }
      const line = raw.subarray(at, at + length) as Uint8Array<ArrayBuffer>;
      unfilter(line, above, filter, back);
      if (header.interlaced) spread(line, values, header, columns, pass, row, stride);
      else values.set(line, row * stride);
      above = line;
      at += length;
    }
  }
  return values;
}

function unfilter(line: Uint8Array, above: Uint8Array, filter: number, back: number): void {
  const n = line.length;
  switch (filter) {
    case 1:
      for (let i = back; i < n; i++) line[i] += line[i - back];
      return;
    case 2:
      for (let i = 0; i < n; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < n; i++) line[i] += ((i < back ? 0 : line[i - back]) + above[i]) >> 1;
      return;
    case 4:
      for (let i = 0; i < n; i++) {
        const left = i < back ? 0 : line[i - back];
        const corner = i < back ? 0 : above[i - back];
        const up = above[i];
        const guess = left + up - corner;
        const [dl, du, dc] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
        line[i] += dl <= du && dl <= dc ? left : du <= dc ? up : corner;
      }
  }
}

/** Puts a row of an interlaced pass where its pixels belong. */
function spread(
  line: Uint8Array,
  values: Uint8Array,
  { samples, depth }: Header,
  columns: number,
  [row0, column0, rowStep, columnStep]: readonly number[],
  row: number,
  stride: number,
): void {
  const bits = samples * depth;
  const start = (row0 + row * rowStep) * stride;
  for (let column = 0; column < columns; column++) {
    const target = column0 + column * columnStep;
    if (bits >= 8) {
      const size = bits >> 3;
      for (let k = 0; k < size; k++) values[start + target * size + k] = line[column * size + k];
    } else {
      const value = (line[(column * bits) >> 3] >> (8 - bits - ((column * bits) & 7))) & ((1 << bits) - 1);
      values[start + ((target * bits) >> 3)] |= value << (8 - bits - ((target * bits) & 7));
    }
  }
}

function asBytes(
  values: Uint8Array,
  header: Header,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
  file: string,
): Picture {
  const { rows, columns, depth, type, samples } = header;
  if (depth === 8 && type !== 3 && (transparency === undefined || type > 3)) {
    return { data: values, rows, columns, channels: samples };
  }
  const stride = rowBytes(header, columns);
  const key = type < 3 && transparency !== undefined;
  const alpha = key || (type === 3 && transparency !== undefined);
  const channels = (type === 3 ? 3 : samples) + (alpha ? 1 : 0);
  const most = (1 << depth) - 1;
  const data = new Uint8Array(rows * columns * channels);
  const pixel = new Array<number>(samples);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let k = 0; k < samples; k++) {
        const place = column * samples + k;
        if (depth === 16) {
          const at = row * stride + 2 * place;
          pixel[k] = (values[at] << 8) | values[at + 1];
        } else {
          const bit = place * depth;
          pixel[k] = (values[row * stride + (bit >> 3)] >> (8 - depth - (bit & 7))) & most;
        }
      }
      const to = (row * columns + column) * channels;
      if (type === 3) {
        const [index] = pixel;
        if (3 * index >= palette!.length) {
          refuse(file, {
            expected: `one of the palette's ${palette!.length / 3} colours for the pixel in row ${row}, column ${column}`,
            received: `number ${index}`,
            remedy: ANEW,
          });
        }
        for (let k = 0; k < 3; k++) data[to + k] = palette![3 * index + k];
        if (alpha) data[to + 3] = transparency[index] ?? 255;
        continue;
      }
      for (let k = 0; k < samples; k++) {
        data[to + k] = depth === 16 ? Math.round(pixel[k] / 257) : (pixel[k] * 255) / most;
      }
      if (key) {
        const through = pixel.every(
          (value, k) => value === (((transparency[2 * k] << 8) | transparency[2 * k + 1]) & most),
        );
        data[to + samples] = through ? 0 : 255;
      }
    }
  }
  return { data, rows, columns, channels };
}
