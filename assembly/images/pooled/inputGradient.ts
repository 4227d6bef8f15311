// Gradient of the images below a convolution and 2 x 2 max pooling. Windows and geometry: windows.ts.
//
// For each window the channels with a gradient are listed under the place that won; then up to eight vectors of a patch stay in registers while a list is gone through.

import { at, mulAdd } from "../../layout";
import { copyFloats, Geometry } from "../geometry";

/** Vectors that are summed at once, of those that are left. */
// @ts-ignore: decorator
@inline function partOf(left: usize): usize { return left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1; }

/** A kernel as this gradient reads it: for ky, then for each part of the vectors of kx and c, f32[outChannels][vectors of the part][4], zero behind the last c. For the outputs from `first` to before `end`. */
export function pooledTranspose(g: Geometry, w: usize, t: usize, first: usize, end: usize): void {
  const run = g.windowWidth * g.channels, taps = g.windowHeight * run;
  for (let ky: usize = 0; ky < g.windowHeight; ky++) {
    let i: usize = 0;
    for (let left = (run + 3) >> 2; left > 0; ) {
      const n = partOf(left);
      let q = t + (first * n << 4);
      for (let o = first; o < end; o++) {
        const from = w + (((o >> 3) * taps + ky * run) << 5) + ((o & 7) << 2);
        for (let k = i; k < i + (n << 2); k++, q += 4) store<f32>(q, k < run ? load<f32>(from + (k << 5)) : 0);
      }
      t += g.outChannels * n << 4;
      left -= n;
      i += n << 2;
    }
  }
}

/** Windows whose lists are made before the first is gone through, so that the processor need not guess where they end. */
const LISTS: usize = 32;

/**
 * dx[pixel] = sum over windows, ascending, of the outputs o, ascending, that won at place 0, then at place 1, 2, 3, of d[window][o] w[ky][kx][c][o], over patches that hold the pixel; what is
 * zero adds nothing. t: the kernel, transposed. z: of pooledForward. dx: f32[rows][conv.stride], images without the padding that g has. places: as in kernelGradient.ts. image: one with padding
 * and 16 bytes behind it; entries: u32[32][4][outChannels + 1][2]; segments: u32[129][3], scratch. Of each image the windows from `first` to before `until`, all of them in this order; to the
 * last one where that is 0.
 */
export function pooledInputGradient(
  g: Geometry, conv: Geometry, d: usize, z: usize, t: usize, dx: usize, rows: usize, places: usize, image: usize, entries: usize, segments: usize,
  first: usize, until: usize,
): void {
  const pixel = g.channels << 2, row = g.width * pixel, outPixel = g.outChannels << 2, stepX = g.stepX * pixel << 1, stepY = g.stepY * row << 1, windows = g.outHeight * g.outWidth;
  if (!until) until = windows;
  const from = image + g.top * row + g.left * pixel, rowBytes = conv.width * pixel, size = conv.height * conv.width * g.channels;
  // No padding, and no vector that reaches beyond its patch: the sums may grow where they belong.
  const direct = g.height == conv.height && g.width == conv.width && !(g.windowWidth * g.channels & 3);
  for (let s: usize = 0; s < rows; s++, dx += conv.stride << 2) {
    if (direct) image = dx;
    if (!first) memory.fill(image, 0, direct ? conv.stride << 2 : g.height * row + 16);
    const before = s * g.outStride + first * g.outChannels;
    let p = d + (before << 2), q = z + before, ox = first % g.outWidth, window = image + first / g.outWidth * stepY + ox * stepX;
    for (let left = until - first; left > 0; ) {
      let segment = segments, list = entries;
      const some = min(LISTS, left);
      left -= some;
      for (let k = some; k > 0; k--, p += outPixel, q += g.outChannels) {
        segment = listWindow(p, q, outPixel, window, places, list, segment);
        list += (g.outChannels + 1) << 5;
        window += stepX;
        if (++ox == g.outWidth) {
          ox = 0;
          window += stepY - g.outWidth * stepX;
        }
      }
      for (let k = segments; k < segment; k += 12) addPatch(g, <usize>load<u32>(k), row, <usize>load<u32>(k, 4), <usize>load<u32>(k, 8), t);
    }
    if (direct || until < windows) continue;
    for (let y: usize = 0; y < conv.height; y++) copyFloats(from + y * row, dx + y * rowBytes, conv.width * g.channels);
  }
}

/** A bit for each of the first n floats at p, of 64 at most: 1 where it is not zero. */
// @ts-ignore: decorator
@inline function nonZero(p: usize, n: usize): u64 {
  let bits: u64 = 0;
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < min<usize>(n, 64); k += 4) bits |= <u64>i32x4.bitmask(f32x4.ne(at(p + (k << 2)), zero)) << <u64>k;
  return n < 64 ? bits & (((<u64>1) << <u64>n) - 1) : bits;
}

/** Lists the gradients of a window's channels, (16 o, value), under their places, and those places that have any as segments: patch, first entry, end. Returns where the next segment goes. */
// @ts-ignore: decorator
@inline function listWindow(d: usize, z: usize, outPixel: usize, window: usize, places: usize, entries: usize, segment: usize): usize {
  const room = (outPixel << 1) + 8;
  // Their ends stand where the segments will, until these are written.
  const ends = segment;
  let e0 = entries, e1 = e0 + room, e2 = e1 + room, e3 = e2 + room;
  store<u32>(ends, <u32>e0); store<u32>(ends, <u32>e1, 4); store<u32>(ends, <u32>e2, 8); store<u32>(ends, <u32>e3, 12);
  for (let o: usize = 0; o < outPixel; o += 256) {
    for (let bits = nonZero(d + o, (outPixel - o) >> 2); bits; bits &= bits - 1) {
      const c = o + (<usize>ctz(bits) << 2), end = ends + <usize>load<u8>(z + (c >> 2)), e = <usize>load<u32>(end);
      store<u32>(e, <u32>(c << 2));
      store<u32>(e, load<u32>(d + c), 4);
      store<u32>(end, <u32>(e + 8));
    }
  }
  const t0 = load<u32>(ends), t1 = load<u32>(ends, 4), t2 = load<u32>(ends, 8), t3 = load<u32>(ends, 12);
  segment = writeSegment(segment, window + <usize>load<u32>(places), e0, t0);
  segment = writeSegment(segment, window + <usize>load<u32>(places, 4), e1, t1);
  segment = writeSegment(segment, window + <usize>load<u32>(places, 8), e2, t2);
  return writeSegment(segment, window + <usize>load<u32>(places, 12), e3, t3);
}

// @ts-ignore: decorator
@inline function writeSegment(segment: usize, patch: usize, first: usize, end: u32): usize {
  store<u32>(segment, <u32>patch);
  store<u32>(segment, <u32>first, 4);
  store<u32>(segment, end, 8);
  return segment + <usize>(end != <u32>first) * 12;
}

function addPatch(g: Geometry, x: usize, row: usize, entries: usize, end: usize, t: usize): void {
  const vectors = (g.windowWidth * g.channels + 3) >> 2;
  for (let ky: usize = 0; ky < g.windowHeight; ky++, x += row) {
    let p = x;
    for (let left = vectors; left > 0; ) {
      const n = partOf(left);
      if (n == 8) addWeights(8, 3, p, entries, end, t);
      else if (n == 4) addWeights(4, 2, p, entries, end, t);
      else if (n == 2) addWeights(2, 1, p, entries, end, t);
      else addWeights(1, 0, p, entries, end, t);
      left -= n;
      p += n << 4;
      t += g.outChannels * n << 4;
    }
  }
}

/** x[v] += sum over entries (16 o, value) of value t[o][v] for n = 2 ^ bits vectors; both are constants. */
// @ts-ignore: decorator
@inline function addWeights(n: i32, bits: i32, x: usize, entries: usize, end: usize, t: usize): void {
  const zero = f32x4.splat(0);
  let a0 = at(x), a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero;
  if (n > 1) a1 = v128.load(x, 16);
  if (n > 2) { a2 = v128.load(x, 32); a3 = v128.load(x, 48); }
  if (n > 4) { a4 = v128.load(x, 64); a5 = v128.load(x, 80); a6 = v128.load(x, 96); a7 = v128.load(x, 112); }
  for (let e = entries; e < end; e += 8) {
    const p = t + (<usize>load<u32>(e) << bits), u = v128.load32_splat(e, 4);
    a0 = mulAdd(a0, u, at(p));
    if (n > 1) a1 = mulAdd(a1, u, v128.load(p, 16));
    if (n > 2) { a2 = mulAdd(a2, u, v128.load(p, 32)); a3 = mulAdd(a3, u, v128.load(p, 48)); }
    if (n > 4) {
      a4 = mulAdd(a4, u, v128.load(p, 64)); a5 = mulAdd(a5, u, v128.load(p, 80)); a6 = mulAdd(a6, u, v128.load(p, 96)); a7 = mulAdd(a7, u, v128.load(p, 112));
    }
  }
  v128.store(x, a0);
  if (n > 1) v128.store(x, a1, 16);
  if (n > 2) { v128.store(x, a2, 32); v128.store(x, a3, 48); }
  if (n > 4) { v128.store(x, a4, 64); v128.store(x, a5, 80); v128.store(x, a6, 96); v128.store(x, a7, 112); }
}
