// Winograd's convolution F(2 x 2, 3 x 3) (Lavin & Gray 2016) with bias and 2 x 2 max pooling: a window of the pooling is one of its tiles. Windows, lists of them and geometry: windows.ts.
//
// Of a 4 x 4 patch it makes the four places with 16 products a channel instead of 36. For images of a multiple of 4 channels; for each of the 16 places f of a transformed patch a product of
// matrices in register tiles of 5 windows x 8 output channels.

import { all, at, mulAdd } from "../../layout";
import { Geometry } from "../geometry";
import { storeLargest } from "./largest";

/** A kernel of 3 x 3, transformed: u = G w G' with G = [1 0 0; 1/2 1/2 1/2; 1/2 -1/2 1/2; 0 0 1], halves of sums: f32[blocks][16][channels][8], of so many blocks of 8 output channels. */
export function winogradKernel(w: usize, u: usize, channels: usize, blocks: usize): void {
  const tap = channels << 5, half = f32x4.splat(0.5);
  for (; blocks > 0; blocks--, w += 9 * tap, u += 16 * tap) {
    for (let i: usize = 0; i < tap; i += 16) {
      for (let k: usize = 0; k < 3; k++) {
        // Columns first: they stand in u until the rows are done.
        const p = w + k * tap + i, q = u + k * tap + i, a = at(p), b = at(p + 3 * tap), c = at(p + 6 * tap), sum = f32x4.add(a, c);
        v128.store(q, a);
        v128.store(q + 4 * tap, f32x4.mul(half, f32x4.add(sum, b)));
        v128.store(q + 8 * tap, f32x4.mul(half, f32x4.sub(sum, b)));
        v128.store(q + 12 * tap, c);
      }
      for (let k: usize = 0; k < 4; k++) {
        const q = u + 4 * k * tap + i, a = at(q), b = at(q + tap), c = at(q + 2 * tap), sum = f32x4.add(a, c);
        v128.store(q + tap, f32x4.mul(half, f32x4.add(sum, b)));
        v128.store(q + 2 * tap, f32x4.mul(half, f32x4.sub(sum, b)));
        v128.store(q + 3 * tap, c);
      }
    }
  }
}

/**
 * y and z as of pooledForward for a window of 3 x 3 and steps of 1. With v = B' x B of a patch, B' = [1 0 -1 0; 0 1 1 0; 0 -1 1 0; 0 1 0 -1], columns first: m[f] = sum over c, ascending, of
 * v[f][c] u[f][c][o]; places = A' m A, A' = [1 1 1 0; 0 1 -1 -1], from the left, columns first; the bias last. chunk: a multiple of 5. v: f32[16][chunk][channels], m: f32[16][chunk][8], scratch.
 */
export function winogradForward(
  g: Geometry, x: usize, u: usize, b: usize, y: usize, z: usize, floor: f32, list: usize, count: usize, chunk: usize, v: usize, m: usize,
): void {
  const pixel = g.channels << 2, row = g.width * pixel, vPlane = chunk * pixel, mPlane = chunk << 5, block = g.channels << 9, least = f32x4.splat(floor), zero = f32x4.splat(0);
  for (const end = list + (count << 3); list < end; list += chunk << 3) {
    const last = min(list + (chunk << 3), end), windows = (last - list) >> 3;
    for (let l = list, to = v; l < last; l += 8, to += pixel) transformPatch(x + <usize>load<u32>(l, 4), row, pixel, to, vPlane);
    let w = u;
    for (let o: usize = 0; o < g.outChannels; o += 8, w += block) {
      const n = g.outChannels - o;
      for (let f: usize = 0; f < 16; f++) multiply(v + f * vPlane, w + f * (g.channels << 5), m + f * mPlane, windows, pixel);
      let from = m;
      for (let l = list; l < last; l += 8, from += 32) {
        const to = <usize>load<u32>(l) + (o << 2);
        for (let k: usize = 0; k < min<usize>(n, 8); k += 4) {
          const to4 = to + (k << 2);
          storePlaces(from + (k << 2), mPlane, b ? at(b + ((o + k) << 2)) : zero, least, y + to4, z + (to4 >> 2), n - k);
        }
      }
    }
  }
}

function transformPatch(x: usize, row: usize, pixel: usize, v: usize, plane: usize): void {
  for (const end = v + pixel; v < end; v += 16, x += 16) {
    const x1 = x + row, x2 = x1 + row, x3 = x2 + row;
    const e0 = at(x2), e1 = at(x2 + pixel), e2 = at(x2 + 2 * pixel), e3 = at(x2 + 3 * pixel);
    storeRow(f32x4.sub(at(x), e0), f32x4.sub(at(x + pixel), e1), f32x4.sub(at(x + 2 * pixel), e2), f32x4.sub(at(x + 3 * pixel), e3), v, plane);
    const b0 = at(x1), b1 = at(x1 + pixel), b2 = at(x1 + 2 * pixel), b3 = at(x1 + 3 * pixel);
    storeRow(f32x4.add(b0, e0), f32x4.add(b1, e1), f32x4.add(b2, e2), f32x4.add(b3, e3), v + 4 * plane, plane);
    storeRow(f32x4.sub(e0, b0), f32x4.sub(e1, b1), f32x4.sub(e2, b2), f32x4.sub(e3, b3), v + 8 * plane, plane);
    storeRow(f32x4.sub(b0, at(x3)), f32x4.sub(b1, at(x3 + pixel)), f32x4.sub(b2, at(x3 + 2 * pixel)), f32x4.sub(b3, at(x3 + 3 * pixel)), v + 12 * plane, plane);
  }
}

/** A row of B' x times B. */
// @ts-ignore: decorator
@inline function storeRow(a: v128, b: v128, c: v128, d: v128, v: usize, plane: usize): void {
  v128.store(v, f32x4.sub(a, c));
  v128.store(v + plane, f32x4.add(b, c));
  v128.store(v + 2 * plane, f32x4.sub(c, b));
  v128.store(v + 3 * plane, f32x4.sub(b, d));
}

/** m[window][o] = sum over c, ascending, of v[window][c] w[c][o] for 8 outputs. Behind the last window up to four more are computed, of whatever stands there. */
// @ts-ignore: decorator
@inline function multiply(v: usize, w: usize, m: usize, windows: usize, pixel: usize): void {
  for (const end = v + windows * pixel; v < end; v += 5 * pixel, m += 160) {
    const x1 = v + pixel, x2 = x1 + pixel, x3 = x2 + pixel, x4 = x3 + pixel, zero = f32x4.splat(0);
    let a00 = zero, a01 = zero, a10 = zero, a11 = zero, a20 = zero, a21 = zero, a30 = zero, a31 = zero, a40 = zero, a41 = zero;
    for (let i: usize = 0, p = w; i < pixel; i += 4, p += 32) {
      const w0 = at(p), w1 = v128.load(p, 16);
      const u0 = all(v + i); a00 = mulAdd(a00, u0, w0); a01 = mulAdd(a01, u0, w1);
      const u1 = all(x1 + i); a10 = mulAdd(a10, u1, w0); a11 = mulAdd(a11, u1, w1);
      const u2 = all(x2 + i); a20 = mulAdd(a20, u2, w0); a21 = mulAdd(a21, u2, w1);
      const u3 = all(x3 + i); a30 = mulAdd(a30, u3, w0); a31 = mulAdd(a31, u3, w1);
      const u4 = all(x4 + i); a40 = mulAdd(a40, u4, w0); a41 = mulAdd(a41, u4, w1);
    }
    v128.store(m, a00); v128.store(m, a01, 16); v128.store(m, a10, 32); v128.store(m, a11, 48); v128.store(m, a20, 64);
    v128.store(m, a21, 80); v128.store(m, a30, 96); v128.store(m, a31, 112); v128.store(m, a40, 128); v128.store(m, a41, 144);
  }
}

/** Of four output channels. */
// @ts-ignore: decorator
@inline function storePlaces(m: usize, plane: usize, bias: v128, floor: v128, y: usize, z: usize, n: usize): void {
  const m1 = m + 4 * plane, m2 = m1 + 4 * plane, m3 = m2 + 4 * plane;
  const s0 = above(m, m1, m2), s1 = above(m + plane, m1 + plane, m2 + plane), s2 = above(m + 2 * plane, m1 + 2 * plane, m2 + 2 * plane), s3 = above(m + 3 * plane, m1 + 3 * plane, m2 + 3 * plane);
  const t0 = below(m1, m2, m3), t1 = below(m1 + plane, m2 + plane, m3 + plane), t2 = below(m1 + 2 * plane, m2 + 2 * plane, m3 + 2 * plane), t3 = below(m1 + 3 * plane, m2 + 3 * plane, m3 + 3 * plane);
  storeLargest(
    f32x4.add(f32x4.add(f32x4.add(s0, s1), s2), bias), f32x4.add(f32x4.sub(f32x4.sub(s1, s2), s3), bias),
    f32x4.add(f32x4.add(f32x4.add(t0, t1), t2), bias), f32x4.add(f32x4.sub(f32x4.sub(t1, t2), t3), bias), floor, y, z, n,
  );
}

// @ts-ignore: decorator
@inline function above(m0: usize, m1: usize, m2: usize): v128 { return f32x4.add(f32x4.add(at(m0), at(m1)), at(m2)); }

// @ts-ignore: decorator
@inline function below(m1: usize, m2: usize, m3: usize): v128 { return f32x4.sub(f32x4.sub(at(m1), at(m2)), at(m3)); }
