// Batch normalization (Ioffe & Szegedy 2015): each channel c over all pixels of all rows, N = rows pixels values. Images: geometry.ts; a flat row is one pixel.
// Arrays of channels are f32, rounded up to a multiple of 8 with zeros. Sums run over rows, then pixels, ascending, in float64.

import { at } from "../layout";
import { loadFirst, roundUp8, storeFirst } from "./geometry";

// @ts-ignore: decorator
@inline function lowHalf(x: v128): v128 { return f64x2.promote_low_f32x4(x); }

// @ts-ignore: decorator
@inline function highHalf(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)); }

/** f64[channels] at sums times `factor`, as f32, to p; channels: a multiple of 4. */
export function roundSums(sums: usize, p: usize, channels: usize, factor: f64): void {
  const k = f64x2.splat(factor);
  for (let c: usize = 0; c < channels; c += 4, sums += 32, p += 16) {
    const a = f32x4.demote_f64x2_zero(f64x2.mul(at(sums), k)), b = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums, 16), k));
    v128.store(p, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  }
}

/**
 * Adds to sums, f64[channels]: sum x, or sum (x - mean)^2 where there is a mean and that is not 0. Of the channels those from `first`, a multiple of 4, to before `until`, another or the last
 * one, as where it is 0.
 */
export function batchSums(x: usize, rows: usize, stride: usize, pixels: usize, channels: usize, sums: usize, mean: usize, first: usize, until: usize): void {
  const end = until ? until : channels, pixel = channels << 2;
  for (let s: usize = 0; s < rows; s++) for (let c = first; c < end; c += 4) {
    const n = channels - c, q = sums + (c << 3);
    let a = at(q), b = v128.load(q, 16), p = x + ((s * stride + c) << 2);
    const last = p + pixels * pixel;
    if (mean) {
      const m = at(mean + (c << 2)), m0 = lowHalf(m), m1 = highHalf(m);
      for (; p < last; p += pixel) {
        const value = loadFirst(p, n), d0 = f64x2.sub(lowHalf(value), m0), d1 = f64x2.sub(highHalf(value), m1);
        a = f64x2.add(a, f64x2.mul(d0, d0));
        b = f64x2.add(b, f64x2.mul(d1, d1));
      }
    } else for (; p < last; p += pixel) {
      const value = loadFirst(p, n);
      a = f64x2.add(a, lowHalf(value));
      b = f64x2.add(b, highHalf(value));
    }
    v128.store(q, a); v128.store(q, b, 16);
  }
}

/** moving = moving momentum + batch rest, on `count` floats (a multiple of 4); rest is 1 - momentum. */
export function moveAverage(moving: usize, batch: usize, count: usize, momentum: f32, rest: f32): void {
  const k = f32x4.splat(momentum), r = f32x4.splat(rest);
  for (let o: usize = 0, end = count << 2; o < end; o += 16) {
    v128.store(moving + o, f32x4.add(f32x4.mul(at(moving + o), k), f32x4.mul(at(batch + o), r)));
  }
}

/** inverse[c] = 1 / sqrt(variance[c] + epsilon); what lies behind the channels stays. */
export function inverseDeviation(variance: usize, inverse: usize, channels: usize, epsilon: f32): void {
  const e = f32x4.splat(epsilon), one = f32x4.splat(1);
  for (let c: usize = 0; c < channels; c += 4) {
    const o = c << 2;
    storeFirst(inverse + o, f32x4.div(one, f32x4.sqrt(f32x4.add(at(variance + o), e))), channels - c);
  }
}

/** y = (x - mean) (inverse gamma) + beta. gamma and beta may be 0: ones, zeros. */
export function batchForward(x: usize, y: usize, rows: usize, stride: usize, pixels: usize, channels: usize, mean: usize, inverse: usize, gamma: usize, beta: usize): void {
  const pixel = channels << 2;
  for (let s: usize = 0; s < rows; s++) for (let o: usize = 0; o < pixel; o += 16) {
    const n = channels - (o >> 2), m = at(mean + o), scale = scaleOf(inverse + o, gamma, o), shift = beta ? at(beta + o) : f32x4.splat(0);
    let p = x + (s * stride << 2) + o, q = y + (s * stride << 2) + o;
    for (const end = p + pixels * pixel; p < end; p += pixel, q += pixel) {
      storeFirst(q, f32x4.add(f32x4.mul(f32x4.sub(loadFirst(p, n), m), scale), shift), n);
    }
  }
}

/** Adds to sums, f64[2][channels rounded up], what the gradients of beta and gamma are: gb[c] = sum d; gg[c] = sum d (x - mean) inverse. `first`, `until`: as above. */
export function batchGradient(x: usize, d: usize, rows: usize, stride: usize, pixels: usize, channels: usize, mean: usize, inverse: usize, sums: usize, first: usize, until: usize): void {
  const end = (until ? until : channels) << 2, pixel = channels << 2, second = roundUp8(channels) << 3;
  for (let s: usize = 0; s < rows; s++) for (let o = first << 2; o < end; o += 16) {
    const n = channels - (o >> 2), m = at(mean + o), inv = at(inverse + o), q = sums + (o << 1);
    let a0 = at(q), a1 = v128.load(q, 16), b0 = at(q + second), b1 = v128.load(q + second, 16);
    let p = x + (s * stride << 2) + o, e = d + (s * stride << 2) + o;
    for (const last = p + pixels * pixel; p < last; p += pixel, e += pixel) {
      const D = loadFirst(e, n), product = f32x4.mul(D, f32x4.mul(f32x4.sub(loadFirst(p, n), m), inv));
      a0 = f64x2.add(a0, lowHalf(D)); a1 = f64x2.add(a1, highHalf(D));
      b0 = f64x2.add(b0, lowHalf(product)); b1 = f64x2.add(b1, highHalf(product));
    }
    v128.store(q, a0); v128.store(q, a1, 16); v128.store(q + second, b0); v128.store(q + second, b1, 16);
  }
}

/**
 * dx = inverse gamma (d - gb / N - (x - mean) inverse gg / N) with the sums of batchGradient; where mean and variance are not the batch's, gb is 0 (none): dx = inverse gamma d.
 * gamma may be 0. `all`: pixels of the batch, N, of which some are given; what lies behind them in a row becomes zero up to `stride`.
 */
export function batchBackward(x: usize, d: usize, dx: usize, rows: usize, stride: usize, pixels: usize, channels: usize, mean: usize, inverse: usize, gamma: usize, gb: usize, gg: usize, all: f64): void {
  const pixel = channels << 2, share = f32x4.splat(<f32>(<f64>1 / all));
  for (let s: usize = 0; s < rows; s++) {
    const row = s * stride << 2;
    for (let o: usize = 0; o < pixel; o += 16) {
      const n = channels - (o >> 2), scale = scaleOf(inverse + o, gamma, o);
      let e = d + row + o, q = dx + row + o;
      const end = e + pixels * pixel;
      if (!gb) {
        for (; e < end; e += pixel, q += pixel) storeFirst(q, f32x4.mul(loadFirst(e, n), scale), n);
        continue;
      }
      const m = at(mean + o), k = f32x4.mul(at(inverse + o), f32x4.mul(at(gg + o), share)), meanD = f32x4.mul(at(gb + o), share);
      for (let p = x + row + o; e < end; e += pixel, q += pixel, p += pixel) {
        const D = f32x4.sub(f32x4.sub(loadFirst(e, n), meanD), f32x4.mul(f32x4.sub(loadFirst(p, n), m), k));
        storeFirst(q, f32x4.mul(D, scale), n);
      }
    }
  }
}

// @ts-ignore: decorator
@inline function scaleOf(inverse: usize, gamma: usize, o: usize): v128 { return gamma ? f32x4.mul(at(inverse), at(gamma + o)) : at(inverse); }
