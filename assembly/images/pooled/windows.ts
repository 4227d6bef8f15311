// Convolution and 2 x 2 max pooling in one: which windows of the pooling there are. Images: ../geometry.ts.
//
// In all kernels of this folder a geometry is that of both together: height, width and stride are those of the images as they are read, padding included; the window and its step are the
// convolution's; outHeight, outWidth and outStride are the pooling's. A window of the pooling holds four outputs of the convolution, its places 0 to 3, row-major; what the convolution sees from
// a place is a patch of the image.
//
// A list of windows is u32[count][2], rows of the batch outermost, then row and column: where the window's outputs stand in y, and where the patch of its first place begins in x, in bytes.

import { at } from "../../layout";
import { copyFloats, Geometry } from "../geometry";

/** Widest image that a mask has room for. */
const MASK_BITS: usize = 32;

/**
 * Writes the list of the windows of rows `first` to before `end`, of those of all images, from `places`, u32[2], on: where the next window of the list goes and the next of those alike; they go on from call to call.
 * masks: 0, or u32[height] for images at most 32 wide, of one channel or a multiple of 4: then of the windows in whose patches every pixel has the bits of
 * x's very first one, as those of an empty background have, only the first is in the list; where the outputs of all these stand, its own first, is written to `alike`, u32 each.
 */
export function pooledWindows(g: Geometry, x: usize, places: usize, alike: usize, masks: usize, first: usize, end: usize): void {
  const pixel = g.channels << 2, row = g.width * pixel, outPixel = g.outChannels << 2;
  const stepY = g.stepY << 1, stepX = g.stepX << 1, high = g.stepY + g.windowHeight, wide = g.stepX + g.windowWidth;
  const patch: u32 = wide < MASK_BITS ? (1 << <u32>wide) - 1 : -1;
  let list = <usize>load<u32>(places), others: usize = load<u32>(places, 4);
  for (let r = first; r < end; r++) {
    const s = r / g.outHeight, oy = r % g.outHeight, image = s * g.stride << 2;
    const from = image + oy * stepY * row;
    let to = (s * g.outStride << 2) + oy * g.outWidth * outPixel;
    let differ: u32 = -1;
    if (masks) {
      if (!oy) writeMasks(g, x + image, x, masks);
      differ = 0;
      for (let p = masks + (oy * stepY << 2), last = p + (high << 2); p < last; p += 4) differ |= load<u32>(p);
    }
    for (let ox: usize = 0; ox < g.outWidth; ox++, to += outPixel) {
      if (!((differ >> <u32>(ox * stepX)) & patch)) {
        store<u32>(others, <u32>to);
        others += 4;
        if (others > alike + 4) continue;
      }
      store<u32>(list, <u32>to);
      store<u32>(list, <u32>(from + ox * stepX * pixel), 4);
      list += 8;
    }
  }
  store<u32>(places, <u32>list);
  store<u32>(places, <u32>others, 4);
}

/** A bit for each pixel of an image, 1 where its bits are not those of the pixel at `first`; what lies beyond a row's end is of no account. */
function writeMasks(g: Geometry, x: usize, first: usize, masks: usize): void {
  const n = g.channels;
  for (const end = masks + (g.height << 2); masks < end; masks += 4, x += g.width * n << 2) {
    let bits: u32 = 0;
    if (n == 1) for (let c: usize = 0; c < g.width; c += 4) bits |= <u32>i32x4.bitmask(i32x4.ne(at(x + (c << 2)), v128.load32_splat(first))) << <u32>c;
    else for (let c: usize = 0; c < g.width; c++) bits |= <u32>differs(x + (c * n << 2), first, n) << <u32>c;
    store<u32>(masks, bits);
  }
}

// @ts-ignore: decorator
@inline function differs(p: usize, q: usize, n: usize): bool {
  let bits = i32x4.splat(0);
  for (const end = p + (n << 2); p < end; p += 16, q += 16) bits = v128.or(bits, v128.xor(at(p), at(q)));
  return v128.any_true(bits);
}

/** Gives the windows whose outputs stand at the places of `alike`, u32[count], what the first of them has in y and z. */
export function copyWindows(g: Geometry, y: usize, z: usize, alike: usize, count: usize): void {
  const from = <usize>load<u32>(alike), n = g.outChannels;
  for (const end = alike + (count << 2); (alike += 4) < end; ) {
    const to = <usize>load<u32>(alike);
    copyFloats(y + from, y + to, n);
    const p = z + (from >> 2), q = z + (to >> 2);
    copyFloats(p, q, n >> 2);
    for (let c = n & ~3; c < n; c++) store<u8>(q + c, load<u8>(p + c));
  }
}
