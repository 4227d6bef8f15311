// Convolution, bias and 2 x 2 max pooling in one: windows, lists of them and geometry: windows.ts; a kernel lies as in ../conv2d.ts.
//
// The tile is one window: 4 places x 8 output channels in eight registers, so that bias, maximum and winner stay in registers, the tensor before the pooling never exists, and outputs that the
// pooling drops at an odd edge are never computed.

import { all, at, mulAdd } from "../../layout";
import { Geometry } from "../geometry";
import { storeLargest } from "./largest";

/**
 * y = the largest of the window's four places, or floor where that is larger; z = 4 times the first place that has it. A place is b[o] + sum over ky, kx, c, each ascending, of
 * x[patch][ky][kx][c] w[ky][kx][c][o], as conv2dForward has it, with the same bits. For `count` windows of a list, `chunk` of them through all channels at a time: what they see stays in the
 * nearest cache. b may be 0: none. taps: u32[taps], where in a patch each value of it stands, in bytes. (A table is faster than loops over ky and kx, and than taps written out.)
 */
export function pooledForward(
  g: Geometry, x: usize, w: usize, b: usize, y: usize, z: usize, floor: f32, list: usize, count: usize, chunk: usize, taps: usize,
): void {
  const pixel = g.channels << 2, right = g.stepX * pixel, under = g.stepY * g.width * pixel;
  const size = g.windowHeight * g.windowWidth * g.channels, lastTap = taps + (size << 2), least = f32x4.splat(floor);
  for (const end = list + (count << 3); list < end; list += chunk << 3) {
    const last = min(list + (chunk << 3), end);
    let block = w, first = f32x4.splat(0), second = first;
    for (let o: usize = 0; o < g.outChannels; o += 8, block += size << 5) {
      const n = g.outChannels - o;
      if (b) { first = at(b + (o << 2)); second = v128.load(b + (o << 2), 16); }
      for (let l = list; l < last; l += 8) {
        const patch = x + <usize>load<u32>(l, 4);
        let a00 = first, a01 = second, a10 = first, a11 = second, a20 = first, a21 = second, a30 = first, a31 = second;
        for (let t = taps, p = block; t < lastTap; t += 4, p += 32) {
          const x0 = patch + <usize>load<u32>(t), x2 = x0 + under, w0 = at(p), w1 = v128.load(p, 16);
          const u0 = all(x0); a00 = mulAdd(a00, u0, w0); a01 = mulAdd(a01, u0, w1);
          const u1 = all(x0 + right); a10 = mulAdd(a10, u1, w0); a11 = mulAdd(a11, u1, w1);
          const u2 = all(x2); a20 = mulAdd(a20, u2, w0); a21 = mulAdd(a21, u2, w1);
          const u3 = all(x2 + right); a30 = mulAdd(a30, u3, w0); a31 = mulAdd(a31, u3, w1);
        }
        const to = <usize>load<u32>(l) + (o << 2);
        storeLargest(a00, a10, a20, a30, least, y + to, z + (to >> 2), n);
        if (n > 4) storeLargest(a01, a11, a21, a31, least, y + to + 16, z + (to >> 2) + 4, n - 4);
      }
    }
  }
}
