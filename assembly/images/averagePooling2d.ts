// The mean of each window. Images: geometry.ts.

import { at } from "../layout";
import { Geometry, high, loadFirst, low, storeFirst } from "./geometry";

/** y[oy][ox][c] = the sum over the window's iy, ix, each ascending, of x[iy][ix][c], divided by their number, for each row. Padding neither adds nor counts. Of each image the rows oy from `first` to before `until`, all of them in this order; to the last one where that is 0. */
export function averagePoolingForward(g: Geometry, x: usize, y: usize, rows: usize, first: usize, until: usize): void {
  const channels = g.channels, before = first * g.outWidth * channels << 2;
  if (!until) until = g.outHeight;
  for (let s: usize = 0; s < rows; s++, x += g.stride << 2, y += g.outStride << 2) {
    let q = y + before;
    for (let oy = first; oy < until; oy++) {
      const y0 = low(oy * g.stepY, g.top), y1 = high(oy * g.stepY, g.windowHeight, g.top, g.height);
      for (let ox: usize = 0; ox < g.outWidth; ox++, q += channels << 2) {
        const x0 = low(ox * g.stepX, g.left), x1 = high(ox * g.stepX, g.windowWidth, g.left, g.width);
        const size = f32x4.splat(<f32>((y1 - y0) * (x1 - x0)));
        let c: usize = 0;
        // The usual window, without loops of two.
        if (y1 - y0 == 2 && x1 - x0 == 2) {
          const pixel = channels << 2, row = g.width * pixel;
          for (let p = x + (y0 * row + x0 * pixel); c + 4 <= channels; c += 4, p += 16) {
            const sum = f32x4.add(f32x4.add(f32x4.add(f32x4.add(f32x4.splat(0), at(p)), at(p + pixel)), at(p + row)), at(p + row + pixel));
            v128.store(q + (c << 2), f32x4.div(sum, size));
          }
        }
        for (; c < channels; c += 4) {
          const n = channels - c;
          let sum = f32x4.splat(0);
          for (let iy = y0; iy < y1; iy++) {
            let p = x + ((iy * g.width + x0) * channels + c << 2);
            for (let ix = x0; ix < x1; ix++, p += channels << 2) sum = f32x4.add(sum, loadFirst(p, n));
          }
          storeFirst(q + (c << 2), f32x4.div(sum, size), n);
        }
      }
    }
  }
}

/** dx[iy][ix][c] = sum over oy, ox, each ascending, of d[oy][ox][c] divided by the size of its window, over the windows that see the pixel; 0 where none does. Of each image the rows oy from `first` to before `until`, all of them in this order; to the last one where that is 0. */
export function averagePoolingBackward(g: Geometry, d: usize, dx: usize, rows: usize, first: usize, until: usize): void {
  const channels = g.channels, before = first * g.outWidth * channels << 2;
  if (!until) until = g.outHeight;
  if (!first) memory.fill(dx, 0, rows * g.stride << 2);
  for (let s: usize = 0; s < rows; s++, dx += g.stride << 2, d += g.outStride << 2) {
    let q = d + before;
    for (let oy = first; oy < until; oy++) {
      const y0 = low(oy * g.stepY, g.top), y1 = high(oy * g.stepY, g.windowHeight, g.top, g.height);
      for (let ox: usize = 0; ox < g.outWidth; ox++, q += channels << 2) {
        const x0 = low(ox * g.stepX, g.left), x1 = high(ox * g.stepX, g.windowWidth, g.left, g.width);
        const size = f32x4.splat(<f32>((y1 - y0) * (x1 - x0)));
        let c: usize = 0;
        if (y1 - y0 == 2 && x1 - x0 == 2) {
          const pixel = channels << 2, row = g.width * pixel;
          for (let p = dx + (y0 * row + x0 * pixel); c + 4 <= channels; c += 4, p += 16) {
            const share = f32x4.div(at(q + (c << 2)), size), under = p + row;
            v128.store(p, f32x4.add(at(p), share));
            v128.store(p + pixel, f32x4.add(at(p + pixel), share));
            v128.store(under, f32x4.add(at(under), share));
            v128.store(under + pixel, f32x4.add(at(under + pixel), share));
          }
        }
        for (; c < channels; c += 4) {
          const n = channels - c, share = f32x4.div(loadFirst(q + (c << 2), n), size);
          for (let iy = y0; iy < y1; iy++) {
            let p = dx + ((iy * g.width + x0) * channels + c << 2);
            for (let ix = x0; ix < x1; ix++, p += channels << 2) storeFirst(p, f32x4.add(loadFirst(p, n), share), n);
          }
        }
      }
    }
  }
}
