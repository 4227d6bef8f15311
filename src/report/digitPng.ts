import { encode } from 'fast-png';
import { toBase64 } from './base64.ts';
import { PIXELS, SIDE } from './input.ts';

/**
 * Images in rows of `columns` as one PNG of 16 grey levels, dark ink on white, as a data URI. `images` is n × 784 bytes
 * (0 background, 255 ink), `indices` says which of them and in which order.
 */
export function digitSprite(images: Uint8Array, indices: ArrayLike<number>, columns: number): string {
  const width = columns * SIDE;
  const height = Math.max(1, Math.ceil(indices.length / columns)) * SIDE;
  const packed = new Uint8Array((width / 2) * height).fill(0xff);
  for (let i = 0; i < indices.length; i++) {
    const left = (i % columns) * SIDE;
    const top = Math.floor(i / columns) * SIDE;
    for (let pixel = 0; pixel < PIXELS; pixel += 2) {
      const at = indices[i] * PIXELS + pixel;
      const x = left + (pixel % SIDE);
      const y = top + Math.floor(pixel / SIDE);
      packed[(y * width + x) / 2] = (level(images[at]) << 4) | level(images[at + 1]);
    }
  }
  const png = encode({ width, height, depth: 4, channels: 1, data: packed }, { zlib: { level: 6 } });
  return `data:image/png;base64,${toBase64(png)}`;
}

/** One image. */
export function digitPng(images: Uint8Array, index: number): string {
  return digitSprite(images, [index], 1);
}

/** 0 (ink) … 15 (white). */
function level(byte: number): number {
  return 15 - Math.round(byte / 17);
}
