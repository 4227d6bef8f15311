// Convolution and 2 x 2 max pooling in one: which windows of the pooling there are. Images: ../geometry.ts.
//
// In all kernels of this folder a geometry is that of both together: height, width and stride are those of the images as they are read, padding included; the window and its step are the
// convolution's; outHeight, outWidth and outStride are the pooling's. A window of the pooling holds four outputs of the convolution, its places 0 to 3, row-major; what the convolution sees from
// a place is a patch of the image.
//
// A list of windows is u32[count][2], rows of the batch outermost, then row and column: where the window's outputs stand in y, and where the patch of its first place begins in x, in bytes.

import { at } from "../../layout";
import { Geometry, storeFirst } from "../geometry";

/** Widest image that a mask of ink has room for. */
const MASK_BITS: usize = 32;

/**
 * Writes the list of all windows of `rows` images and returns their number. masks: 0, or u32[height] for images of one channel, at most 32 wide: then windows whose patches are all zero stay
 * out of the list, and their outputs, the larger of bias and floor in y and place 0 in z, are written here: the bits that convolution gives.
 */
export function pooledWindows(g: Geometry, x: usize, b: usize, y: usize, z: usize, floor: f32, rows: usize, list: usize, masks: usize): usize {
  const pixel = g.channels << 2, row = g.width * pixel, outPixel = g.outChannels << 2;
  const stepY = g.stepY << 1, stepX = g.stepX << 1, high = g.stepY + g.windowHeight, wide = g.stepX + g.windowWidth;
  const patch: u32 = wide < MASK_BITS ? (1 << <u32>wide) - 1 : -1;
  const begin = list;
  for (let s: usize = 0; s < rows; s++) {
    const image = s * g.stride << 2;
    let to = s * g.outStride << 2;
    if (masks) writeMasks(x + image, g.height, g.width, masks);
    for (let oy: usize = 0; oy < g.outHeight; oy++) {
      const from = image + oy * stepY * row;
      let ink: u32 = masks ? 0 : -1;
      if (masks) for (let p = masks + (oy * stepY << 2), end = p + (high << 2); p < end; p += 4) ink |= load<u32>(p);
      for (let ox: usize = 0; ox < g.outWidth; ox++, to += outPixel) {
        if (masks && !((ink >> <u32>(ox * stepX)) & patch)) {
          writeEmpty(b, y + to, z + to, outPixel, floor);
          continue;
        }
        store<u32>(list, <u32>to);
        store<u32>(list, <u32>(from + ox * stepX * pixel), 4);
        list += 8;
      }
    }
  }
  return (list - begin) >> 3;
}

/** A bit for each pixel, 1 where it is not zero. */
function writeMasks(x: usize, height: usize, width: usize, masks: usize): void {
  const zero = f32x4.splat(0), inside: u32 = width < MASK_BITS ? (1 << <u32>width) - 1 : -1;
  for (const end = masks + (height << 2); masks < end; masks += 4, x += width << 2) {
    let bits: u32 = 0;
    for (let c: usize = 0; c < width; c += 4) bits |= <u32>i32x4.bitmask(f32x4.ne(at(x + (c << 2)), zero)) << <u32>c;
    store<u32>(masks, bits & inside);
  }
}

function writeEmpty(b: usize, y: usize, z: usize, outPixel: usize, floor: f32): void {
  const least = f32x4.splat(floor), zero = f32x4.splat(0);
  for (let o: usize = 0; o < outPixel; o += 16) {
    const n = (outPixel - o) >> 2;
    storeFirst(y + o, f32x4.pmax(b ? at(b + o) : zero, least), n);
    storeFirst(z + o, zero, n);
  }
}
