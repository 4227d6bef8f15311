// How images lie in memory, and which pixels a window covers.
//
// An image is f32[height][width][channels], channels last and unpadded; rows of a batch are `stride` floats apart (the image's size rounded
// up to a multiple of 8), and what lies between the end of an image and the next one is zero, always.

import { at } from "../layout";

/** Of a convolution or a pooling: a record of u32, written by the host (src/engine/ops/geometry.ts). */
@unmanaged
export class Geometry {
  height: usize;
  width: usize;
  channels: usize;
  /** Floats from one row of the batch to the next. */
  stride: usize;
  outHeight: usize;
  outWidth: usize;
  outChannels: usize;
  outStride: usize;
  windowHeight: usize;
  windowWidth: usize;
  stepY: usize;
  stepX: usize;
  /** Pixels of padding above and to the left: output pixel (y, x) sees the input's rows y stepY - top ... y stepY - top + windowHeight - 1. */
  top: usize;
  left: usize;
  /** The image with its padding. */
  paddedHeight: usize;
  paddedWidth: usize;
}

// @ts-ignore: decorator
@inline export function roundUp8(n: usize): usize { return (n + 7) & ~7; }

/** Places of the input that a window sees, of those from 0 to `extent`: low ... high - 1. `start`: where it begins in the padded input. */
// @ts-ignore: decorator
@inline export function low(start: usize, before: usize): usize { return start > before ? start - before : 0; }

// @ts-ignore: decorator
@inline export function high(start: usize, window: usize, before: usize, extent: usize): usize { return min(start + window - before, extent); }

/** The first n floats of 4 at p, and zeros; nothing behind them is read. */
// @ts-ignore: decorator
@inline export function loadFirst(p: usize, n: usize): v128 {
  if (n >= 4) return at(p);
  if (n == 1) return v128.load32_zero(p);
  const two = v128.load64_zero(p);
  return n == 2 ? two : v128.load32_lane(p, two, 2, 8);
}

/** Writes the first n lanes; nothing behind them changes. */
// @ts-ignore: decorator
@inline export function storeFirst(p: usize, x: v128, n: usize): void {
  if (n >= 4) v128.store(p, x);
  else storeFew(p, x, n);
}

/** The same for fewer than four. */
export function storeFew(p: usize, x: v128, n: usize): void {
  if (n == 1) v128.store32_lane(p, x, 0);
  else {
    v128.store64_lane(p, x, 0);
    if (n == 3) v128.store32_lane(p, x, 2, 8);
  }
}

/** The same for eight lanes in two vectors. */
export function storeFirst8(p: usize, x0: v128, x1: v128, n: usize): void {
  if (n >= 8) { v128.store(p, x0); v128.store(p, x1, 16); }
  else if (n <= 4) storeFirst(p, x0, n);
  else { v128.store(p, x0); storeFirst(p + 16, x1, n - 4); }
}

/** Copies n floats; memory.copy costs more than a row of a small image takes. */
// @ts-ignore: decorator
@inline export function copyFloats(from: usize, to: usize, n: usize): void {
  for (; n >= 4; n -= 4, from += 16, to += 16) v128.store(to, at(from));
  if (n > 0) storeFirst(to, loadFirst(from, n), n);
}

/** Puts images [rows][g.stride] into larger ones [rows][stride], g.paddedHeight x g.paddedWidth pixels, whose edges stay as they are. */
export function padImages(g: Geometry, x: usize, padded: usize, stride: usize, rows: usize): void {
  const pixel = g.channels << 2, pitch = g.paddedWidth * pixel;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, padded += stride << 2) {
    place(x, g.height, g.width, g.channels, 1, padded + g.top * pitch + g.left * pixel, pitch, pixel);
  }
}

/**
 * Copies an image [height][width][channels] into a larger one, whose rows are toRow bytes and whose pixels are toPixel bytes apart; each channel is
 * written `repeats` times. What lies around it stays.
 */
export function place(x: usize, height: usize, width: usize, channels: usize, repeats: usize, to: usize, toRow: usize, toPixel: usize): void {
  const rowBytes = width * channels << 2;
  for (let y: usize = 0; y < height; y++, to += toRow) {
    if (repeats == 1 && toPixel == channels << 2) {
      copyFloats(x, to, rowBytes >> 2);
      x += rowBytes;
      continue;
    }
    for (let p = to, end = to + width * toPixel; p < end; p += toPixel) {
      let q = p;
      for (const last = x + (channels << 2); x < last; x += 4) {
        const value = load<f32>(x);
        for (let m: usize = 0; m < repeats; m++, q += 4) store<f32>(q, value);
      }
    }
  }
}
