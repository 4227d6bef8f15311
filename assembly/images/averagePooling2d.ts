// The mean of each window. Images: geometry.ts.

import { at } from "../layout";
import { Geometry, high, loadFirst, low, storeFirst } from "./geometry";

/** y[oy][ox][c] = the sum over the window's iy, ix, each ascending, of x[iy][ix][c], divided by their number, for each row. Padding neither adds nor counts. Of each image the outputs from `first` to before `until`, row-major, all of them in this order; to the last one where that is 0. Where `to` is not 0, of each window the rows iy from `from` to before it, all of them in this order, too. */
export function averagePoolingForward(g: Geometry, x: usize, y: usize, rows: usize, first: usize, until: usize, from: usize, to: usize): void {
  const channels = g.channels, before = first * channels << 2, parts = to != 0;
  if (!until) until = g.outHeight * g.outWidth;
  if (!parts) to = g.height;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, y += g.outStride << 2) {
    let q = y + before;
    let oy = first / g.outWidth, ox = first % g.outWidth;
    for (let k = first; k < until; k++, q += channels << 2) {
      const top = low(oy * g.stepY, g.top), bottom = high(oy * g.stepY, g.windowHeight, g.top, g.height), y0 = max(top, from), y1 = min(bottom, to);
      const x0 = low(ox * g.stepX, g.left), x1 = high(ox * g.stepX, g.windowWidth, g.left, g.width);
      const size = f32x4.splat(<f32>((bottom - top) * (x1 - x0)));
      let c: usize = 0;
      // The usual window, without loops of two.
      if (!parts && y1 - y0 == 2 && x1 - x0 == 2) {
        const pixel = channels << 2, row = g.width * pixel;
        for (let p = x + (y0 * row + x0 * pixel + (c << 2)); c + 4 <= channels; c += 4, p += 16) {
          const sum = f32x4.add(f32x4.add(f32x4.add(f32x4.add(f32x4.splat(0), at(p)), at(p + pixel)), at(p + row)), at(p + row + pixel));
          v128.store(q + (c << 2), f32x4.div(sum, size));
        }
      }
      for (; c < channels; c += 4) {
        const n = channels - c, to4 = q + (c << 2);
        let sum = y0 > top ? loadFirst(to4, n) : f32x4.splat(0);
        for (let iy = y0; iy < y1; iy++) {
          let p = x + ((iy * g.width + x0) * channels + c << 2);
          for (let ix = x0; ix < x1; ix++, p += channels << 2) sum = f32x4.add(sum, loadFirst(p, n));
        }
        storeFirst(to4, y1 < bottom ? sum : f32x4.div(sum, size), n);
      }
      if (++ox == g.outWidth) { ox = 0; oy++; }
    }
  }
}

/** dx[iy][ix][c] = sum over oy, ox, each ascending, of d[oy][ox][c] divided by the size of its window, over the windows that see the pixel; added to dx, which has to be 0 before. Of each image the outputs from `first` to before `until`, row-major, all of them in this order; to the last one where that is 0. Where `to` is not 0, of each window the rows iy from `from` to before it, all of them in this order, too. */
export function averagePoolingBackward(g: Geometry, d: usize, dx: usize, rows: usize, first: usize, until: usize, from: usize, to: usize): void {
  const channels = g.channels, before = first * channels << 2;
  if (!until) until = g.outHeight * g.outWidth;
  if (!to) to = g.height;
  for (let s: usize = 0; s < rows; s++, dx += g.stride << 2, d += g.outStride << 2) {
    let q = d + before;
    let oy = first / g.outWidth, ox = first % g.outWidth;
    for (let k = first; k < until; k++, q += channels << 2) {
      const top = low(oy * g.stepY, g.top), bottom = high(oy * g.stepY, g.windowHeight, g.top, g.height), y0 = max(top, from), y1 = min(bottom, to);
      const x0 = low(ox * g.stepX, g.left), x1 = high(ox * g.stepX, g.windowWidth, g.left, g.width);
      const size = f32x4.splat(<f32>((bottom - top) * (x1 - x0)));
      for (let c: usize = 0; c < channels; c += 4) {
        const n = channels - c, share = f32x4.div(loadFirst(q + (c << 2), n), size);
        for (let iy = y0; iy < y1; iy++) {
          let p = dx + ((iy * g.width + x0) * channels + c << 2);
          for (let ix = x0; ix < x1; ix++, p += channels << 2) storeFirst(p, f32x4.add(loadFirst(p, n), share), n);
        }
      }
      if (++ox == g.outWidth) { ox = 0; oy++; }
    }
  }
}
