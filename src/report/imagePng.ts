import { encode } from 'fast-png';
import { type DataWords, MNIST_WORDS } from './dataWords.ts';
import { toBase64 } from './base64.ts';

/** What has to be known of images to draw them. */
export type Look = Pick<DataWords, 'extents' | 'isInk'>;

/**
 * Images in rows of `columns` as one PNG, a data URI: dark ink on white in 16 grey levels, or as they are, in grey or colour. `images` has one after the other
 * (0 background, 255 ink), `indices` says which of them and in which order, −1 for an empty place. `square`: each in the middle of a square, whatever its sides.
 */
export function imageSprite(
  images: Uint8Array,
  indices: ArrayLike<number>,
  columns: number,
  look: Look = MNIST_WORDS,
  square = false,
): string {
  const [rows, wide] = look.extents;
  const side = Math.max(rows, wide);
  const [height, width] = square ? [side, side] : [rows, wide];
  const lines = Math.max(1, Math.ceil(indices.length / columns));
  const canvas = { width: columns * width, height: lines * height };
  const places = Array.from({ length: indices.length }, (_, i) => ({
    index: indices[i],
    left: (i % columns) * width + Math.floor((width - wide) / 2),
    top: Math.floor(i / columns) * height + Math.floor((height - rows) / 2),
  })).filter(({ index }) => index >= 0);
  const png = look.isInk && canvas.width % 2 === 0 ? ink : plain;
  return `data:image/png;base64,${toBase64(png(images, places, canvas, look))}`;
}

/** One image. */
export function imagePng(images: Uint8Array, index: number, look: Look = MNIST_WORDS): string {
  return imageSprite(images, [index], 1, look);
}

interface Place {
  readonly index: number;
  readonly left: number;
  readonly top: number;
}

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** Two pixels a byte. */
function ink(
  images: Uint8Array,
  places: readonly Place[],
  { width, height }: Canvas,
  { extents: [rows, columns] }: Look,
): Uint8Array {
  const packed = new Uint8Array((width / 2) * height).fill(0xff);
  for (const { index, left, top } of places) {
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      const at = (top + Math.floor(pixel / columns)) * width + left + (pixel % columns);
      const level = 15 - Math.round(images[index * rows * columns + pixel] / 17);
      packed[at >> 1] =
        at % 2 === 0 ? (packed[at >> 1] & 0x0f) | (level << 4) : (packed[at >> 1] & 0xf0) | level;
    }
  }
  return encode({ width, height, depth: 4, channels: 1, data: packed }, { zlib: { level: 6 } });
}

/** Red, green, blue and opacity; nothing between images. Of two channels the first is grey, of more than three the first three are colours. */
function plain(
  images: Uint8Array,
  places: readonly Place[],
  { width, height }: Canvas,
  { extents: [rows, columns, channels], isInk }: Look,
): Uint8Array {
  const data = new Uint8Array(4 * width * height);
  for (const { index, left, top } of places) {
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      const from = (index * rows * columns + pixel) * channels;
      const to = 4 * ((top + Math.floor(pixel / columns)) * width + left + (pixel % columns));
      for (let k = 0; k < 3; k++) {
        const value = images[channels >= 3 ? from + k : from];
        data[to + k] = isInk ? 255 - value : value;
      }
      data[to + 3] = 255;
    }
  }
  return encode({ width, height, depth: 8, channels: 4, data }, { zlib: { level: 6 } });
}
