// Gradients of a convolution's kernel and bias below 2 x 2 max pooling. Windows, lists of them and geometry: windows.ts.
//
// Of four outputs of the convolution at most one has a gradient, and none where an activation is flat. So for each output channel the windows of a chunk with a gradient are listed (without
// branches, which would be guessed wrong half the time), and the sums for up to ten vectors of the kernel stay in registers while the list is gone through.

import { at, mulAdd } from "../../layout";
import { addPixels } from "../conv2d";
import { Geometry, loadFirst } from "../geometry";

/**
 * gw[ky][kx][c][o] = sum over the windows of a list, in its order, of x[patch of the winner][ky][kx][c] d[window][o]; windows whose gradient is zero add nothing. z: of pooledForward.
 * For the outputs from `first` to before `last`. `goesOn`: from what the windows before these came to, which `sums` holds. chunk: windows in a list at a time. places: u32[4], where the patches of the four places begin, from that of the first, in bytes.
 * entries: u32[chunk + 1][2]; sums: f32[outChannels][windowHeight][windowWidth channels rounded up to a multiple of 4].
 */
export function pooledKernelGradient(
  g: Geometry, x: usize, d: usize, z: usize, list: usize, count: usize, chunk: usize, places: usize, entries: usize, sums: usize, gw: usize,
  first: usize, last: usize, goesOn: bool,
): void {
  const row = g.width * g.channels << 2, vectors = (g.windowWidth * g.channels + 3) >> 2, sumRow = vectors << 4;
  if (!goesOn) memory.fill(sums, 0, (last - first) * g.windowHeight * sumRow);
  for (const end = list + (count << 3); list < end; list += chunk << 3) {
    const stop = min(list + (chunk << 3), end);
    let r = sums;
    for (let o = first << 2; o < last << 2; o += 4) {
      let e = entries;
      for (let l = list; l < stop; l += 8) {
        const from = <usize>load<u32>(l) + o, value = load<u32>(d + from);
        store<u32>(e, load<u32>(l, 4) + load<u32>(places + <usize>load<u8>(z + (from >> 2))));
        store<u32>(e, value, 4);
        e += <usize>(value << 1 != 0) << 3;
      }
      let p = x;
      for (let left = g.windowHeight; left > 0; ) {
        if (vectors <= 2) {
          let n: usize = 1;
          if (vectors == 1 && left >= 3) { n = 3; addRows1(3, p, row, entries, e, r); }
          else if (vectors == 1) addRows1(1, p, row, entries, e, r);
          else if (left >= 5) { n = 5; addRows2(5, p, row, entries, e, r); }
          else addRows2(1, p, row, entries, e, r);
          left -= n; p += n * row; r += n * sumRow;
          continue;
        }
        let q = p;
        for (let v = vectors; v > 0; ) {
          const n: usize = v >= 8 ? 8 : v >= 4 ? 4 : v >= 2 ? 2 : 1;
          if (n == 8) addVectors(8, q, entries, e, r);
          else if (n == 4) addVectors(4, q, entries, e, r);
          else if (n == 2) addRows2(1, q, row, entries, e, r);
          else addRows1(1, q, row, entries, e, r);
          v -= n; q += n << 4; r += n << 4;
        }
        left--; p += row;
      }
    }
  }
  asKernel(g, sums, sumRow, gw, first, last);
}

/** r[v] += sum over entries (place, value) of value x[place][v] for n vectors that follow each other; n is a constant, 4 or 8. */
// @ts-ignore: decorator
@inline function addVectors(n: i32, x: usize, entries: usize, end: usize, r: usize): void {
  const zero = f32x4.splat(0);
  let a0 = at(r), a1 = v128.load(r, 16), a2 = v128.load(r, 32), a3 = v128.load(r, 48), a4 = zero, a5 = zero, a6 = zero, a7 = zero;
  if (n == 8) { a4 = v128.load(r, 64); a5 = v128.load(r, 80); a6 = v128.load(r, 96); a7 = v128.load(r, 112); }
  for (let e = entries; e < end; e += 8) {
    const p = x + <usize>load<u32>(e), u = v128.load32_splat(e, 4);
    a0 = mulAdd(a0, u, at(p)); a1 = mulAdd(a1, u, v128.load(p, 16)); a2 = mulAdd(a2, u, v128.load(p, 32)); a3 = mulAdd(a3, u, v128.load(p, 48));
    if (n == 8) {
      a4 = mulAdd(a4, u, v128.load(p, 64)); a5 = mulAdd(a5, u, v128.load(p, 80)); a6 = mulAdd(a6, u, v128.load(p, 96)); a7 = mulAdd(a7, u, v128.load(p, 112));
    }
  }
  v128.store(r, a0); v128.store(r, a1, 16); v128.store(r, a2, 32); v128.store(r, a3, 48);
  if (n == 8) { v128.store(r, a4, 64); v128.store(r, a5, 80); v128.store(r, a6, 96); v128.store(r, a7, 112); }
}

/** The same for one vector in each of n rows of the window, 1 or 3. */
// @ts-ignore: decorator
@inline function addRows1(n: i32, x: usize, row: usize, entries: usize, end: usize, r: usize): void {
  const zero = f32x4.splat(0);
  let a0 = at(r), a1 = zero, a2 = zero;
  if (n > 1) { a1 = v128.load(r, 16); a2 = v128.load(r, 32); }
  for (let e = entries; e < end; e += 8) {
    let p = x + <usize>load<u32>(e);
    const u = v128.load32_splat(e, 4);
    a0 = mulAdd(a0, u, at(p));
    if (n > 1) { p += row; a1 = mulAdd(a1, u, at(p)); p += row; a2 = mulAdd(a2, u, at(p)); }
  }
  v128.store(r, a0);
  if (n > 1) { v128.store(r, a1, 16); v128.store(r, a2, 32); }
}

/** The same for two vectors in each of n rows of the window, 1 or 5. */
// @ts-ignore: decorator
@inline function addRows2(n: i32, x: usize, row: usize, entries: usize, end: usize, r: usize): void {
  const zero = f32x4.splat(0);
  let a0 = at(r), b0 = v128.load(r, 16), a1 = zero, b1 = zero, a2 = zero, b2 = zero, a3 = zero, b3 = zero, a4 = zero, b4 = zero;
  if (n > 1) {
    a1 = v128.load(r, 32); b1 = v128.load(r, 48); a2 = v128.load(r, 64); b2 = v128.load(r, 80);
    a3 = v128.load(r, 96); b3 = v128.load(r, 112); a4 = v128.load(r, 128); b4 = v128.load(r, 144);
  }
  for (let e = entries; e < end; e += 8) {
    let p = x + <usize>load<u32>(e);
    const u = v128.load32_splat(e, 4);
    a0 = mulAdd(a0, u, at(p)); b0 = mulAdd(b0, u, v128.load(p, 16));
    if (n > 1) {
      p += row; a1 = mulAdd(a1, u, at(p)); b1 = mulAdd(b1, u, v128.load(p, 16));
      p += row; a2 = mulAdd(a2, u, at(p)); b2 = mulAdd(b2, u, v128.load(p, 16));
      p += row; a3 = mulAdd(a3, u, at(p)); b3 = mulAdd(b3, u, v128.load(p, 16));
      p += row; a4 = mulAdd(a4, u, at(p)); b4 = mulAdd(b4, u, v128.load(p, 16));
    }
  }
  v128.store(r, a0); v128.store(r, b0, 16);
  if (n > 1) {
    v128.store(r, a1, 32); v128.store(r, b1, 48); v128.store(r, a2, 64); v128.store(r, b2, 80);
    v128.store(r, a3, 96); v128.store(r, b3, 112); v128.store(r, a4, 128); v128.store(r, b4, 144);
  }
}

/** From sums to where a kernel has them; what lies behind the outChannels stays zero. */
function asKernel(g: Geometry, sums: usize, sumRow: usize, gw: usize, first: usize, last: usize): void {
  const run = g.windowWidth * g.channels << 2, block = g.windowHeight * run << 3;
  for (let o = first; o < last; o++) {
    let q = gw + (o >> 3) * block + ((o & 7) << 2);
    for (let ky: usize = 0; ky < g.windowHeight; ky++, sums += sumRow) {
      for (let i: usize = 0; i < run; i += 4, q += 32) store<u32>(q, load<u32>(sums + i));
    }
  }
}

/** gb[o] = sum over rows, then windows, ascending, of d[window][o]; sums go on from what lies in gb. */
export function pooledBiasGradient(g: Geometry, d: usize, rows: usize, gb: usize): void {
  const pixel = g.outChannels << 2, size = g.outHeight * g.outWidth * pixel;
  for (let s: usize = 0; s < rows; s++, d += g.outStride << 2) {
    let o: usize = 0;
    for (; o + 32 <= pixel; o += 32) addPixels(d + o, gb + o, g.outHeight * g.outWidth, pixel);
    for (; o < pixel; o += 16) {
      let sum = at(gb + o);
      for (let p = d + o, end = p + size; p < end; p += pixel) sum = f32x4.add(sum, loadFirst(p, (pixel - o) >> 2));
      v128.store(gb + o, sum);
    }
  }
}
