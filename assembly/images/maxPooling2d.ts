// The largest value of each window. Images: geometry.ts.

import { Geometry, high, loadFirst, low, storeFirst } from "./geometry";

/**
 * y[oy][ox][c] = the largest x[iy][ix][c] of the window, padding left out, for each row; a NaN where the window has one. winners: u32[rows][outStride], where in its image that value stands (the
 * first, row-major, of equal ones; the first NaN), in floats. Of each image the outputs from `first` to before `until`, row-major, all of them in this order; to the last one where that is 0. Where `to` is not 0, of each window the rows iy from `from` to before it, all of
 * them in this order, too.
 */
export function maxPoolingForward(g: Geometry, x: usize, y: usize, winners: usize, rows: usize, first: usize, until: usize, from: usize, to: usize): void {
  const channels = g.channels, lanes = i32x4(0, 1, 2, 3), before = first * channels << 2;
  if (!until) until = g.outHeight * g.outWidth;
  if (!to) to = g.height;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, y += g.outStride << 2, winners += g.outStride << 2) {
    let q = before;
    let oy = first / g.outWidth, ox = first % g.outWidth;
    for (let k = first; k < until; k++, q += channels << 2) {
      const top = low(oy * g.stepY, g.top), y0 = max(top, from), y1 = min(high(oy * g.stepY, g.windowHeight, g.top, g.height), to);
      const x0 = low(ox * g.stepX, g.left), x1 = high(ox * g.stepX, g.windowWidth, g.left, g.width);
      for (let c: usize = 0; c < channels; c += 4) {
        const n = channels - c, start = (y0 * g.width + x0) * channels + c;
        let largest = loadFirst(x + (start << 2), n), place = i32x4.splat(<i32>start);
        if (y0 > top) {
          largest = loadFirst(y + q + (c << 2), n);
          place = i32x4.sub(loadFirst(winners + q + (c << 2), n), lanes);
        }
        for (let iy = y0; iy < y1; iy++) for (let ix = x0; ix < x1; ix++) {
          const here = (iy * g.width + ix) * channels + c, value = loadFirst(x + (here << 2), n);
          const wins = v128.or(f32x4.gt(value, largest), v128.and(f32x4.ne(value, value), f32x4.eq(largest, largest)));
          largest = v128.bitselect(value, largest, wins);
          place = v128.bitselect(i32x4.splat(<i32>here), place, wins);
        }
        storeFirst(y + q + (c << 2), largest, n);
        storeFirst(winners + q + (c << 2), i32x4.add(place, lanes), n);
      }
      if (++ox == g.outWidth) { ox = 0; oy++; }
    }
  }
}

/** dx[winner] = sum over oy, ox, each ascending, of the d[oy][ox][c] whose winner it is; added to dx, which has to be 0 before. Of each image the outputs from `first` to before `until`, row-major, all of them in this order; to the last one where that is 0. Nothing where `from` is not 0: a later part of the same windows. */
export function maxPoolingBackward(g: Geometry, d: usize, winners: usize, dx: usize, rows: usize, first: usize, until: usize, from: usize): void {
  if (from) return;
  const channels = g.channels, end = (until ? until : g.outHeight * g.outWidth) * channels << 2;
  for (let s: usize = 0; s < rows; s++, dx += g.stride << 2, d += g.outStride << 2, winners += g.outStride << 2) {
    for (let q = first * channels << 2; q < end; q += 4) {
      const p = dx + (<usize>load<u32>(winners + q) << 2);
      store<f32>(p, load<f32>(p) + load<f32>(d + q));
    }
  }
}
