// Convolution of each channel by itself with `multiplier` kernels of its own: output channel o = c multiplier + m. Images: geometry.ts.
//
// A kernel [windowHeight][windowWidth][channels][multiplier] has rows of output channels, rounded up to a multiple of 8 with zeros: f32[taps][outChannels rounded up].
// Inputs are first copied with their padding, each channel `multiplier` times and the channels rounded up likewise, so that inputs, kernels and outputs agree lane by lane.
// padded: f32[paddedHeight][paddedWidth][outChannels rounded up], zero but for what is put there; spread: f32[outHeight][outWidth][outChannels rounded up] likewise, or 0 where
// outChannels is a multiple of 8.

import { at, mulAdd } from "../layout";
import { addPixels } from "./conv2d";
import { Geometry, high, place, roundUp8, storeFirst8 } from "./geometry";

/** y[oy][ox][o] = b[o] + sum over ky, kx, each ascending, of x[oy stepY + ky - top][ox stepX + kx - left][c] w[ky][kx][o], for each row. b may be 0. Of each image the rows oy from `first` to before `until`, all of them in this order; to the last one where that is 0. Where `to` is not 0, of each of these rows the pixels from `from` to before it. */
export function depthwiseForward(g: Geometry, x: usize, w: usize, b: usize, y: usize, rows: usize, padded: usize, first: usize, until: usize, from: usize, to: usize): void {
  if (!until) until = g.outHeight;
  if (!to) to = g.outWidth;
  const outPixel = g.outChannels << 2, pixel = roundUp8(g.outChannels) << 2, pitch = g.paddedWidth * pixel, step = g.stepX * pixel;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, y += g.outStride << 2) {
    enter(g, x, padded, first, until, from, to);
    for (let o: usize = 0; o < pixel; o += 32) {
      for (let oy = first; oy < until; oy++) {
        const p = padded + oy * g.stepY * pitch + o, q = y + oy * g.outWidth * outPixel + o;
        if (to < from + 4) {
          for (let ox = from; ox < to; ox++) tile(1, g, p + ox * step, step, pitch, pixel, w + o, b, o, q + ox * outPixel, outPixel);
        } else {
          for (let ox = from; ox < to; ox += 4) {
            const start = min(ox, to - 4);
            tile(4, g, p + start * step, step, pitch, pixel, w + o, b, o, q + start * outPixel, outPixel);
          }
        }
      }
    }
  }
}

/** n pixels (a constant, 1 or 4) of 8 output channels. */
// @ts-ignore: decorator
@inline function tile(n: i32, g: Geometry, x: usize, step: usize, pitch: usize, pixel: usize, w: usize, b: usize, o: usize, y: usize, outPixel: usize): void {
  let first = f32x4.splat(0), second = first;
  if (b) { first = at(b + o); second = v128.load(b + o, 16); }
  let a00 = first, a01 = second, a10 = first, a11 = second, a20 = first, a21 = second, a30 = first, a31 = second;
  for (let ky: usize = 0; ky < g.windowHeight; ky++, x += pitch) {
    let p = x;
    for (const end = x + g.windowWidth * pixel; p < end; p += pixel, w += pixel) {
      const w0 = at(w), w1 = v128.load(w, 16);
      a00 = mulAdd(a00, at(p), w0); a01 = mulAdd(a01, v128.load(p, 16), w1);
      if (n > 1) {
        let q = p + step; a10 = mulAdd(a10, at(q), w0); a11 = mulAdd(a11, v128.load(q, 16), w1);
        q += step; a20 = mulAdd(a20, at(q), w0); a21 = mulAdd(a21, v128.load(q, 16), w1);
        q += step; a30 = mulAdd(a30, at(q), w0); a31 = mulAdd(a31, v128.load(q, 16), w1);
      }
    }
  }
  const used = g.outChannels - (o >> 2);
  if (used >= 8) {
    v128.store(y, a00); v128.store(y, a01, 16);
    if (n > 1) {
      y += outPixel; v128.store(y, a10); v128.store(y, a11, 16);
      y += outPixel; v128.store(y, a20); v128.store(y, a21, 16);
      y += outPixel; v128.store(y, a30); v128.store(y, a31, 16);
    }
    return;
  }
  storeFirst8(y, a00, a01, used);
  if (n > 1) {
    y += outPixel; storeFirst8(y, a10, a11, used);
    y += outPixel; storeFirst8(y, a20, a21, used);
    y += outPixel; storeFirst8(y, a30, a31, used);
  }
}

/** Kernel: g[ky][kx][o] = sum over rows, oy, ox, each ascending, of x[oy stepY + ky - top][ox stepX + kx - left][c] d[oy][ox][o]. Bias: gb[o], the same sum of d[oy][ox][o]; gb may be 0. Sums go on from what lies in gw and gb. Of each image the rows oy from `first` to before `until`, all of them in this order; to the last one where that is 0. Where `to` is not 0, of each of these rows the pixels from `from` to before it. */
export function depthwiseGradient(g: Geometry, x: usize, d: usize, gw: usize, gb: usize, rows: usize, padded: usize, spread: usize, first: usize, until: usize, from: usize, to: usize): void {
  if (!until) until = g.outHeight;
  if (!to) to = g.outWidth;
  const pixel = roundUp8(g.outChannels) << 2, pitch = g.paddedWidth * pixel, lines = until - first, size = to - from;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, d += g.outStride << 2) {
    enter(g, x, padded, first, until, from, to);
    const e = spreadOut(g, d, spread, first, until, from, to) + (first * g.outWidth + from) * pixel, image = padded + first * g.stepY * pitch + from * g.stepX * pixel;
    for (let o: usize = 0; o < pixel; o += 32) {
      if (gb) for (let k: usize = 0; k < lines; k++) addPixels(e + k * g.outWidth * pixel + o, gb + o, size, pixel);
      let r = gw + o;
      for (let ky: usize = 0; ky < g.windowHeight; ky++) {
        let p = image + ky * pitch + o;
        for (let left = g.windowWidth; left > 0; ) {
          const n: usize = left < 3 ? 1 : 3;
          if (n == 1) addProducts(1, p, e + o, r, g, pitch, pixel, lines, size);
          else addProducts(3, p, e + o, r, g, pitch, pixel, lines, size);
          left -= n;
          p += n * pixel;
          r += n * pixel;
        }
      }
    }
  }
}

/** r[kx][o] += sum over oy, ox of p[kx][o] d[o] for n taps (a constant, 1 or 3) side by side and 8 output channels. */
// @ts-ignore: decorator
@inline function addProducts(n: i32, p: usize, d: usize, r: usize, g: Geometry, pitch: usize, pixel: usize, lines: usize, size: usize): void {
  const step = g.stepX * pixel, rowStep = g.stepY * pitch, width = g.outWidth * pixel, end = d + lines * width;
  const r1 = r + pixel, r2 = r1 + pixel, zero = f32x4.splat(0);
  let a00 = at(r), a01 = v128.load(r, 16), a10 = zero, a11 = zero, a20 = zero, a21 = zero;
  if (n > 1) { a10 = at(r1); a11 = v128.load(r1, 16); a20 = at(r2); a21 = v128.load(r2, 16); }
  while (d < end) {
    let x = p;
    const next = d + width;
    for (const last = d + size * pixel; d < last; d += pixel, x += step) {
      const d0 = at(d), d1 = v128.load(d, 16);
      let q = x; a00 = mulAdd(a00, at(q), d0); a01 = mulAdd(a01, v128.load(q, 16), d1);
      if (n > 1) {
        q += pixel; a10 = mulAdd(a10, at(q), d0); a11 = mulAdd(a11, v128.load(q, 16), d1);
        q += pixel; a20 = mulAdd(a20, at(q), d0); a21 = mulAdd(a21, v128.load(q, 16), d1);
      }
    }
    p += rowStep;
    d = next;
  }
  v128.store(r, a00); v128.store(r, a01, 16);
  if (n > 1) { v128.store(r1, a10); v128.store(r1, a11, 16); v128.store(r2, a20); v128.store(r2, a21, 16); }
}

/**
 * dx[iy][ix][c] = sum over m, ascending, of the sum over oy, ox, each ascending, of d[oy][ox][o] w[iy + top - oy stepY][ix + left - ox stepX][o] with o = c multiplier + m, over the outputs
 * whose window sees the pixel. sums: f32[outChannels rounded up], scratch. Of each image the rows iy from `first` to before `until`; to the last one where that is 0. Where `end` is not 0, of each of these rows the pixels from `begin` to before it.
 */
export function depthwiseInputGradient(g: Geometry, d: usize, w: usize, dx: usize, rows: usize, spread: usize, sums: usize, first: usize, until: usize, begin: usize, end: usize): void {
  if (!until) until = g.height;
  if (!end) end = g.width;
  const pixel = roundUp8(g.outChannels) << 2, multiplier = g.outChannels / g.channels, size = g.height * g.width * g.channels;
  for (let s: usize = 0; s < rows; s++, d += g.outStride << 2, dx += g.stride << 2) {
    const from = spreadOut(g, d, spread, seeing(first, g.stepY, g.top, g.outHeight), seeing(until, g.stepY, g.top, g.outHeight), seeing(begin, g.stepX, g.left, g.outWidth), seeing(end, g.stepX, g.left, g.outWidth));
    for (let iy = first; iy < until; iy++) {
      const v = iy + g.top, y0 = firstWindow(v, g.windowHeight, g.stepY), y1 = min(v / g.stepY + 1, g.outHeight);
      let q = dx + ((iy * g.width + begin) * g.channels << 2);
      for (let ix = begin; ix < end; ix++, q += g.channels << 2) {
        const u = ix + g.left, x0 = firstWindow(u, g.windowWidth, g.stepX), x1 = min(u / g.stepX + 1, g.outWidth);
        for (let o: usize = 0; o < pixel; o += 32) {
          let a0 = f32x4.splat(0), a1 = a0;
          for (let oy = y0; oy < y1; oy++) for (let ox = x0; ox < x1; ox++) {
            const e = from + (oy * g.outWidth + ox) * pixel + o;
            const t = w + ((v - oy * g.stepY) * g.windowWidth + u - ox * g.stepX) * pixel + o;
            a0 = mulAdd(a0, at(e), at(t));
            a1 = mulAdd(a1, v128.load(e, 16), v128.load(t, 16));
          }
          if (multiplier == 1) storeFirst8(q + o, a0, a1, g.channels - (o >> 2));
          else { v128.store(sums + o, a0); v128.store(sums + o, a1, 16); }
        }
        if (multiplier == 1) continue;
        let p = sums;
        for (let c: usize = 0; c < g.channels; c++) {
          let sum = load<f32>(p);
          p += 4;
          for (let m: usize = 1; m < multiplier; m++, p += 4) sum += load<f32>(p);
          store<f32>(q + (c << 2), sum);
        }
      }
    }
  }
}

/** The first output whose window sees place `at` of the padded input. */
// @ts-ignore: decorator
@inline function firstWindow(at: usize, window: usize, step: usize): usize { return at >= window ? (at - window) / step + 1 : 0; }

/** How many places of the input, from 0 to `extent`, the outputs before `end` see. */
function seen(end: usize, window: usize, step: usize, before: usize, extent: usize): usize { return end ? high((end - 1) * step, window, before, extent) : 0; }

/** How many outputs see places of the input before `end`. */
function seeing(end: usize, step: usize, before: usize, outputs: usize): usize { return end ? min((end - 1 + before) / step + 1, outputs) : 0; }

/** Puts into the padding what the outputs of these rows and pixels see and those before them did not. */
function enter(g: Geometry, x: usize, padded: usize, first: usize, until: usize, from: usize, to: usize): void {
  const pixel = roundUp8(g.outChannels) << 2, pitch = g.paddedWidth * pixel, channels = g.channels;
  const left = seen(from, g.windowWidth, g.stepX, g.left, g.width), right = seen(to, g.windowWidth, g.stepX, g.left, g.width);
  for (let iy = seen(first, g.windowHeight, g.stepY, g.top, g.height), end = seen(until, g.windowHeight, g.stepY, g.top, g.height); iy < end; iy++) {
    place(x + ((iy * g.width + left) * channels << 2), 1, right - left, channels, g.outChannels / channels, padded + (g.top + iy) * pitch + (g.left + left) * pixel, 0, pixel);
  }
}

/** The outputs of these rows and pixels, and those before, with their channels rounded up. */
function spreadOut(g: Geometry, d: usize, spread: usize, first: usize, until: usize, from: usize, to: usize): usize {
  if (!spread) return d;
  const pixel = roundUp8(g.outChannels) << 2;
  for (let oy = first; oy < until; oy++) {
    const k = oy * g.outWidth + from;
    place(d + (k * g.outChannels << 2), 1, to - from, g.outChannels, 1, spread + k * pixel, 0, pixel);
  }
  return spread;
}
