// Layer normalization (Ba, Kiros & Hinton 2016) over the last axis: each pixel's channels by themselves; a flat row is one pixel. Images: geometry.ts.
// A sum over channels adds those with the same number mod 4, ascending, then these four as (0 + 1) + (2 + 3). gamma and beta may be 0: ones, zeros. size: channels of a pixel.
// Of one pixel that is given in parts `channels` are the part's, x, y, gamma and beta begin with it, and sums go on at `state`, f32[16], at first zeros. Then `pass` is 1 (the sum; backward both sums),
// 2 (that of squares; backward what is made of the sums) or 4: one pass after the other through all parts. 0: all passes, of whole pixels.

import { at } from "../layout";
import { inRow, sumOfLanes } from "../math/lanes";
import { loadFirst, storeFirst } from "./geometry";

/** y = (x - mean) inverse gamma + beta; moments: f32[rows][pixels][2], the mean of each pixel and its 1 / sqrt(variance + epsilon). */
export function layerForward(
  x: usize, y: usize, rows: usize, stride: usize, pixels: usize, channels: usize, gamma: usize, beta: usize, epsilon: f32, moments: usize, size: f32, state: usize, pass: usize,
): void {
  const bytes = channels << 2, zero = f32x4.splat(0), one = f32x4.splat(1);
  for (let s: usize = 0; s < rows; s++) {
    let p = x + (s * stride << 2), q = y + (s * stride << 2);
    for (let k: usize = 0; k < pixels; k++, p += bytes, q += bytes, moments += 8) {
      let sum = at(state);
      if (pass < 2) {
        for (let o: usize = 0; o < bytes; o += 16) sum = f32x4.add(sum, loadFirst(p + o, channels - (o >> 2)));
        store<f32>(moments, sumOfLanes(sum) / size);
        if (pass) v128.store(state, sum);
      }
      const m = v128.load32_splat(moments);
      if (!(pass & 5)) {
        sum = v128.load(state, 48);
        for (let o: usize = 0; o < bytes; o += 16) {
          const c = o >> 2, d = v128.and(f32x4.sub(loadFirst(p + o, channels - c), m), inRow(c, channels));
          sum = f32x4.add(sum, f32x4.mul(d, d));
        }
        store<f32>(moments, <f32>1 / sqrt<f32>(sumOfLanes(sum) / size + epsilon), 4);
        if (pass) v128.store(state, sum, 48);
      }
      if (pass & 3) continue;
      const i = v128.load32_splat(moments, 4);
      for (let o: usize = 0; o < bytes; o += 16) {
        const n = channels - (o >> 2), value = f32x4.mul(f32x4.sub(loadFirst(p + o, n), m), i);
        storeFirst(q + o, f32x4.add(f32x4.mul(value, gamma ? at(gamma + o) : one), beta ? at(beta + o) : zero), n);
      }
    }
  }
}

/** dx = inverse (d gamma - mean of d gamma - v mean of d gamma v) with v = (x - mean) inverse. */
export function layerBackward(
  x: usize, d: usize, dx: usize, rows: usize, stride: usize, pixels: usize, channels: usize, gamma: usize, moments: usize, size: f32, state: usize, pass: usize,
): void {
  const bytes = channels << 2, one = f32x4.splat(1);
  for (let s: usize = 0; s < rows; s++) {
    let p = x + (s * stride << 2), e = d + (s * stride << 2), q = dx + (s * stride << 2);
    for (let k: usize = 0; k < pixels; k++, p += bytes, e += bytes, q += bytes, moments += 8) {
      const m = v128.load32_splat(moments), i = v128.load32_splat(moments, 4);
      let sum = at(state), products = v128.load(state, 48);
      if (pass < 2) {
        for (let o: usize = 0; o < bytes; o += 16) {
          const n = channels - (o >> 2), D = f32x4.mul(loadFirst(e + o, n), gamma ? at(gamma + o) : one);
          sum = f32x4.add(sum, D);
          products = f32x4.add(products, f32x4.mul(D, f32x4.mul(f32x4.sub(loadFirst(p + o, n), m), i)));
        }
      }
      if (pass == 1) {
        v128.store(state, sum);
        v128.store(state, products, 48);
        continue;
      }
      const a = f32x4.splat(sumOfLanes(sum) / size), b = f32x4.splat(sumOfLanes(products) / size);
      for (let o: usize = 0; o < bytes; o += 16) {
        const n = channels - (o >> 2), D = f32x4.mul(loadFirst(e + o, n), gamma ? at(gamma + o) : one);
        const v = f32x4.mul(f32x4.sub(loadFirst(p + o, n), m), i);
        storeFirst(q + o, f32x4.mul(i, f32x4.sub(f32x4.sub(D, a), f32x4.mul(v, b))), n);
      }
    }
  }
}

/** gb[c] = sum over rows, then pixels, ascending, of d; gg[c] = the same sum of d (x - mean) inverse. f32; sums go on from what lies there. */
export function layerGradient(x: usize, d: usize, rows: usize, stride: usize, pixels: usize, channels: usize, moments: usize, gb: usize, gg: usize): void {
  const bytes = channels << 2;
  for (let s: usize = 0; s < rows; s++) {
    let p = x + (s * stride << 2), e = d + (s * stride << 2);
    for (let k: usize = 0; k < pixels; k++, p += bytes, e += bytes, moments += 8) {
      const m = v128.load32_splat(moments), i = v128.load32_splat(moments, 4);
      for (let o: usize = 0; o < bytes; o += 16) {
        const n = channels - (o >> 2), D = loadFirst(e + o, n), v = f32x4.mul(f32x4.sub(loadFirst(p + o, n), m), i);
        storeFirst(gb + o, f32x4.add(at(gb + o), D), n);
        storeFirst(gg + o, f32x4.add(at(gg + o), f32x4.mul(D, v)), n);
      }
    }
  }
}
