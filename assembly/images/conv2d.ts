// Two-dimensional convolution (cross-correlation, as all frameworks call it), in register tiles of 4 pixels x 8 channels. Images: geometry.ts.
//
// A kernel [windowHeight][windowWidth][channels][outChannels] is cut into blocks of 8 output channels, one block after the other; within a block the
// taps (ky, kx, channel) follow each other row-major, 8 floats each. Output channels are rounded up to a multiple of 8; those added hold zeros, always.
// Padding counts as pixels that are zero.

import { all, at, mulAdd } from "../layout";
import { Geometry, place, roundUp8, storeFirst8 } from "./geometry";

/**
 * y[oy][ox][o] = b[o] + sum over ky, kx, c, each ascending, of x[oy stepY + ky - top][ox stepX + kx - left][c] w[ky][kx][c][o], for each row. b: f32[outChannels rounded up], or
 * 0 for none. padded: f32[paddedHeight][paddedWidth][channels], its edge zero; 0 where nothing is padded. tables: u32[windowHeight windowWidth channels + 2 outHeight outWidth], scratch.
 * The channels from `channel`, a multiple of 8, to before `channels`, of each image's pixels from `first` to before `until`, multiples of 4 or their number; to the last one where that is 0.
 */
export function conv2dForward(g: Geometry, x: usize, w: usize, b: usize, y: usize, rows: usize, padded: usize, tables: usize, channel: usize, channels: usize, first: usize, until: usize): void {
  const pixel = g.channels << 2, pitch = pitchOf(g, padded), outPixel = g.outChannels << 2;
  const pixels = writeTaps(tables, g.windowHeight, g.windowWidth * pixel, pitch);
  const end = writePixels(pixels, g.outHeight, g.outWidth, g.stepY * pitch, g.stepX * pixel, g.outWidth * outPixel, outPixel, first, until);
  for (let s: usize = 0; s < rows; s++) {
    correlate(inPadding(g, x, padded, first), tables, pixels, end, w, b, y, g.outChannels, channel, channels, first, until);
    x += g.stride << 2;
    y += g.outStride << 2;
  }
}

/**
 * Kernel: g[ky][kx][c][o] = sum over rows, oy, ox, each ascending, of x[oy stepY + ky - top][ox stepX + kx - left][c] d[oy][ox][o]; lies as a kernel does.
 * Bias: gb[o] = the same sum of d[oy][ox][o]; gb may be 0. padded: as above. spread: f32[outHeight][outWidth][outChannels rounded up], zero behind the outChannels;
 * 0 where outChannels is a multiple of 8. Sums go on from what lies in gw and gb. Of the rows ky of the blocks of output channels, counted on from block to block, those from `first` to before
 * `until`; to the last one where that is 0; a block's bias goes with its first row. Of the sums the rows oy from `from` to before `to`, the first ones first; where outHeight is 1, pixels; all where `to` is 0.
 */
export function conv2dGradient(g: Geometry, x: usize, d: usize, gw: usize, gb: usize, rows: usize, padded: usize, spread: usize, first: usize, until: usize, from: usize, to: usize): void {
  const pixel = g.channels << 2, pitch = pitchOf(g, padded), run = g.windowWidth * pixel;
  const outChannels = roundUp8(g.outChannels), dPixel = outChannels << 2, lone = g.outHeight == 1;
  if (!to) to = lone ? g.outWidth : g.outHeight;
  const rowsOfD = lone ? 1 : to - from, columns = lone ? to - from : g.outWidth, skipped = lone ? from : from * g.outWidth;
  const xBefore = from * (lone ? g.stepX * pixel : g.stepY * pitch), dBefore = skipped * dPixel;
  const height = g.windowHeight, size = run << 3;
  if (!until) until = height * (outChannels >> 3);
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, d += g.outStride << 2) {
    const image = inPadding(g, x, padded, from) + xBefore;
    let gradient = d;
    if (spread) {
      place(d + skipped * (g.outChannels << 2), 1, rowsOfD * columns, g.outChannels, 1, spread + dBefore, 0, dPixel);
      gradient = spread;
    }
    gradient += dBefore;
    for (let k = first; k < until; k++) {
      const o = k / height << 5, ky = k % height;
      if (gb && !ky) addPixels(gradient + o, gb + o, rowsOfD * columns, dPixel);
      let p = image + ky * pitch, r = gw + k * size;
      for (let left = run >> 2; left > 0; ) {
        const n: usize = left % 5 == 0 ? 5 : left > 3 ? 4 : left == 3 ? 3 : 1;
        switch (<i32>n) {
          case 1: { addProducts(1, p, gradient + o, r, g, pitch, dPixel, rowsOfD, columns); break; }
          case 3: { addProducts(3, p, gradient + o, r, g, pitch, dPixel, rowsOfD, columns); break; }
          case 4: { addProducts(4, p, gradient + o, r, g, pitch, dPixel, rowsOfD, columns); break; }
          default: addProducts(5, p, gradient + o, r, g, pitch, dPixel, rowsOfD, columns);
        }
        left -= n;
        p += n << 2;
        r += n << 5;
      }
    }
  }
  // Zero times an infinite pixel is no zero.
  if (spread) {
    const used = g.outChannels & 7, lastRow = max(first, height * ((outChannels >> 3) - 1));
    for (let r = gw + lastRow * size; r < gw + until * size; r += 32) for (let o = used; o < 8; o++) store<f32>(r + (o << 2), 0);
  }
}

/** r[t][o] += sum over oy, ox of p[t] d[o] for n taps that follow each other and 8 output channels; n is a constant, 1 or 3 to 5. */
// @ts-ignore: decorator
@inline function addProducts(n: i32, p: usize, d: usize, r: usize, g: Geometry, pitch: usize, dPixel: usize, rows: usize, columns: usize): void {
  const step = g.stepX * g.channels << 2, rowStep = g.stepY * pitch, width = columns * dPixel, end = d + rows * width;
  const zero = f32x4.splat(0);
  let a00 = at(r), a01 = v128.load(r, 16), a10 = zero, a11 = zero, a20 = zero, a21 = zero, a30 = zero, a31 = zero, a40 = zero, a41 = zero;
  if (n > 1) { a10 = v128.load(r, 32); a11 = v128.load(r, 48); a20 = v128.load(r, 64); a21 = v128.load(r, 80); }
  if (n > 3) { a30 = v128.load(r, 96); a31 = v128.load(r, 112); }
  if (n > 4) { a40 = v128.load(r, 128); a41 = v128.load(r, 144); }
  while (d < end) {
    let q = p;
    for (const last = d + width; d < last; d += dPixel, q += step) {
      const d0 = at(d), d1 = v128.load(d, 16);
      const u0 = all(q); a00 = mulAdd(a00, u0, d0); a01 = mulAdd(a01, u0, d1);
      if (n > 1) { const u1 = v128.load32_splat(q, 4); a10 = mulAdd(a10, u1, d0); a11 = mulAdd(a11, u1, d1); }
      if (n > 2) { const u2 = v128.load32_splat(q, 8); a20 = mulAdd(a20, u2, d0); a21 = mulAdd(a21, u2, d1); }
      if (n > 3) { const u3 = v128.load32_splat(q, 12); a30 = mulAdd(a30, u3, d0); a31 = mulAdd(a31, u3, d1); }
      if (n > 4) { const u4 = v128.load32_splat(q, 16); a40 = mulAdd(a40, u4, d0); a41 = mulAdd(a41, u4, d1); }
    }
    p += rowStep;
  }
  v128.store(r, a00); v128.store(r, a01, 16);
  if (n > 1) { v128.store(r, a10, 32); v128.store(r, a11, 48); }
  if (n > 2) { v128.store(r, a20, 64); v128.store(r, a21, 80); }
  if (n > 3) { v128.store(r, a30, 96); v128.store(r, a31, 112); }
  if (n > 4) { v128.store(r, a40, 128); v128.store(r, a41, 144); }
}

/** sum[o] += sum over pixels, ascending, of d[pixel][o], for 8 channels. */
export function addPixels(d: usize, sum: usize, pixels: usize, dPixel: usize): void {
  let a0 = at(sum), a1 = v128.load(sum, 16);
  for (const end = d + pixels * dPixel; d < end; d += dPixel) {
    a0 = f32x4.add(a0, at(d));
    a1 = f32x4.add(a1, v128.load(d, 16));
  }
  v128.store(sum, a0);
  v128.store(sum, a1, 16);
}

// The gradient of the inputs is dx[iy][ix][c] = sum over oy, ox, o, each ascending, of d[oy][ox][o] w[iy + top - oy stepY][ix + left - ox stepX][c][o], over all
// outputs whose window sees the pixel; outputs beyond the edge count as zero. The pixels with the same (iy + top) mod stepY and (ix + left) mod stepX, a phase, meet
// the same taps of the kernel, so that for each phase this is a convolution with step 1 of d with those taps, turned round.

/** Taps of phase p along an axis. */
// @ts-ignore: decorator
@inline function tapsOf(p: usize, window: usize, step: usize): usize { return p < window ? (window - p + step - 1) / step : 0; }

/**
 * A kernel as the gradient of the inputs reads it: for each phase, blocks of 8 channels of taps (oy, ox, o) ascending; t has as many floats as a kernel of `channels` rounded up. Of the channels
 * those from `first`, a multiple of 8, to before `end`.
 */
export function conv2dTranspose(g: Geometry, w: usize, t: usize, first: usize, end: usize): void {
  const taps = g.windowHeight * g.windowWidth * g.channels;
  for (let py: usize = 0; py < g.stepY; py++) for (let px: usize = 0; px < g.stepX; px++) {
    const high = tapsOf(py, g.windowHeight, g.stepY), wide = tapsOf(px, g.windowWidth, g.stepX);
    const block = high * wide * g.outChannels << 2;
    let q = t + first * block;
    for (let c = first; c < end; c += 8) {
      const used = min<usize>(8, g.channels - c);
      for (let j = high; j > 0; j--) for (let k = wide; k > 0; k--) {
        const tap = ((py + (j - 1) * g.stepY) * g.windowWidth + px + (k - 1) * g.stepX) * g.channels + c;
        for (let o: usize = 0; o < g.outChannels; o++, q += 32) {
          const from = w + (((o >> 3) * taps + tap) << 5) + ((o & 7) << 2);
          for (let l: usize = 0; l < 8; l++) store<f32>(q + (l << 2), l < used ? load<f32>(from + (l << 5)) : 0);
        }
      }
    }
    t += roundUp8(g.channels) * block;
  }
}

/**
 * dx, as above, from d and the transposed kernel t. padded: f32[(windowHeight - 1) / stepY + max(outHeight, (top + height - 1) / stepY + 1)][the same of the width][outChannels], quotients
 * rounded down, zero but for what is put there. tables: u32[windowHeight windowWidth outChannels + 2 height width], scratch. Of the pixels of each phase those from `first` to before `until`,
 * and of their channels, as in `conv2dForward`.
 */
export function conv2dInputGradient(g: Geometry, d: usize, t: usize, dx: usize, rows: usize, padded: usize, tables: usize, channel: usize, channels: usize, first: usize, until: usize): void {
  const dPixel = g.outChannels << 2, pixel = g.channels << 2, row = g.width * pixel, size = g.height * g.width * g.channels;
  const above = (g.windowHeight - 1) / g.stepY, before = (g.windowWidth - 1) / g.stepX;
  const pitch = (before + max(g.outWidth, (g.left + g.width - 1) / g.stepX + 1)) * dPixel;
  for (let s: usize = 0; s < rows; s++) {
    if (!first) place(d, g.outHeight, g.outWidth, g.outChannels, 1, padded + above * pitch + before * dPixel, pitch, dPixel);
    let w = t, table = tables;
    for (let py: usize = 0; py < g.stepY; py++) for (let px: usize = 0; px < g.stepX; px++) {
      const high = tapsOf(py, g.windowHeight, g.stepY), wide = tapsOf(px, g.windowWidth, g.stepX);
      const iy = (py + g.stepY - g.top % g.stepY) % g.stepY, ix = (px + g.stepX - g.left % g.stepX) % g.stepX;
      const run = wide * dPixel, pixels = table + high * run;
      if (iy < g.height && ix < g.width) {
        const down = (g.height - iy + g.stepY - 1) / g.stepY, across = (g.width - ix + g.stepX - 1) / g.stepX, end = pixels + (down * across << 3);
        // The same for every row of the batch.
        if (s == 0) {
          writeTaps(table, high, run, pitch);
          writePixels(pixels, down, across, pitch, dPixel, g.stepY * row, g.stepX * pixel, first, until);
        }
        const y = (iy + g.top) / g.stepY + above + 1 - high, x = (ix + g.left) / g.stepX + before + 1 - wide;
        correlate(padded + y * pitch + x * dPixel, table, pixels, end, w, 0, dx + iy * row + ix * pixel, g.channels, channel, channels, first, until);
        table = end;
      }
      w += high * wide * g.outChannels * roundUp8(g.channels) << 2;
    }
    d += g.outStride << 2;
    dx += g.stride << 2;
  }
}

// @ts-ignore: decorator
@inline function pitchOf(g: Geometry, padded: usize): usize { return (padded ? g.paddedWidth : g.width) * g.channels << 2; }

// @ts-ignore: decorator
@inline function inPadding(g: Geometry, x: usize, padded: usize, first: usize): usize {
  if (!padded) return x;
  // It lies there since the first pixels.
  if (first) return padded;
  const pixel = g.channels << 2, pitch = g.paddedWidth * pixel;
  place(x, g.height, g.width, g.channels, 1, padded + g.top * pitch + g.left * pixel, pitch, pixel);
  return padded;
}

/** Where the values of a patch stand, u32[rows][run / 4] in bytes: `rows` runs of `run` bytes, `pitch` apart. Returns their end. */
function writeTaps(table: usize, rows: usize, run: usize, pitch: usize): usize {
  for (let from: usize = 0; rows > 0; rows--, from += pitch) {
    for (let i: usize = 0; i < run; i += 4, table += 4) store<u32>(table, <u32>(from + i));
  }
  return table;
}

/** Where patches begin and their outputs stand, u32[height][width][2] in bytes, from the lengths of a row and a pixel of both; those from `first` to before `until`, or all where it is 0. Returns the end of all. */
function writePixels(table: usize, height: usize, width: usize, xRow: usize, xPixel: usize, yRow: usize, yPixel: usize, first: usize, until: usize): usize {
  const count = height * width;
  let oy = first / width, ox = first % width;
  for (let p = table + (first << 3), stop = table + ((until ? min(until, count) : count) << 3); p < stop; p += 8) {
    store<u32>(p, <u32>(oy * xRow + ox * xPixel));
    store<u32>(p, <u32>(oy * yRow + ox * yPixel), 4);
    if (++ox == width) { ox = 0; oy++; }
  }
  return table + (count << 3);
}

/** One image: y[pixel][o] = b[o] + sum over taps, in their order, of x[pixel + tap] w[tap][o]. taps: from there to `pixels`; pixels: to `end`; both of the tables above. */
function correlate(x: usize, taps: usize, pixels: usize, end: usize, w: usize, b: usize, y: usize, outChannels: usize, channel: usize, channels: usize, from: usize, until: usize): void {
  const stop = until ? min(end, pixels + (until << 3)) : end;
  let first = f32x4.splat(0), second = first;
  w += channel * (pixels - taps);
  for (let o = channel; o < channels; o += 8, w += (pixels - taps) << 3) {
    const n = outChannels - o, to = y + (o << 2);
    if (b) { first = at(b + (o << 2)); second = v128.load(b + (o << 2), 16); }
    if (end - pixels < 32) {
      for (let p = pixels + (from << 3); p < stop; p += 8) pixel1(x + <usize>load<u32>(p), taps, pixels, w, first, second, to + <usize>load<u32>(p, 4), n);
      continue;
    }
    // The last tile may meet the one before it: the same pixels again, with the same bits.
    for (let p = pixels + (from << 3); p < stop; p += 32) pixels4(x, min(p, end - 32), taps, pixels, w, first, second, to, n);
  }
}

// @ts-ignore: decorator
@inline function pixels4(x: usize, p: usize, taps: usize, lastTap: usize, w: usize, first: v128, second: v128, y: usize, n: usize): void {
  let a00 = first, a01 = second, a10 = first, a11 = second, a20 = first, a21 = second, a30 = first, a31 = second;
  const x0 = x + <usize>load<u32>(p), x1 = x + <usize>load<u32>(p, 8), x2 = x + <usize>load<u32>(p, 16), x3 = x + <usize>load<u32>(p, 24);
  for (let t = taps; t < lastTap; t += 4, w += 32) {
    const i = <usize>load<u32>(t), w0 = at(w), w1 = v128.load(w, 16);
    const u0 = all(x0 + i); a00 = mulAdd(a00, u0, w0); a01 = mulAdd(a01, u0, w1);
    const u1 = all(x1 + i); a10 = mulAdd(a10, u1, w0); a11 = mulAdd(a11, u1, w1);
    const u2 = all(x2 + i); a20 = mulAdd(a20, u2, w0); a21 = mulAdd(a21, u2, w1);
    const u3 = all(x3 + i); a30 = mulAdd(a30, u3, w0); a31 = mulAdd(a31, u3, w1);
  }
  const y0 = y + <usize>load<u32>(p, 4), y1 = y + <usize>load<u32>(p, 12), y2 = y + <usize>load<u32>(p, 20), y3 = y + <usize>load<u32>(p, 28);
  if (n >= 8) {
    v128.store(y0, a00); v128.store(y0, a01, 16); v128.store(y1, a10); v128.store(y1, a11, 16);
    v128.store(y2, a20); v128.store(y2, a21, 16); v128.store(y3, a30); v128.store(y3, a31, 16);
  } else {
    storeFirst8(y0, a00, a01, n);
    storeFirst8(y1, a10, a11, n);
    storeFirst8(y2, a20, a21, n);
    storeFirst8(y3, a30, a31, n);
  }
}

// @ts-ignore: decorator
@inline function pixel1(x: usize, taps: usize, lastTap: usize, w: usize, first: v128, second: v128, y: usize, n: usize): void {
  let a0 = first, a1 = second;
  for (let t = taps; t < lastTap; t += 4, w += 32) {
    const u = all(x + <usize>load<u32>(t));
    a0 = mulAdd(a0, u, at(w));
    a1 = mulAdd(a1, u, v128.load(w, 16));
  }
  storeFirst8(y, a0, a1, n);
}
