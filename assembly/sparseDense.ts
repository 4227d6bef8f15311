// The first dense layer on sparse rows. Layout of kernels: layout.ts. Of rows and columns: sparseRows.ts.

import { BLOCK, all, at, mulAdd } from "./layout";
import { startOf } from "./sparseRows";
import { adam8, Skip0, Skip32, Skip64, Skip96 } from "./adam";

/**
 * y[s][o] = b[o] + sum over the entries of row s, in the order of their columns, of value x kernel[column][o].
 * y: f32[rows][units]. units: a multiple of 8. Rows before `first` are left out, and units before `from`, a multiple of 32, and from `to` on, another or all, as where it is 0.
 */
export function sparseForward(rows: usize, rowEnds: usize, entries: usize, w: usize, b: usize, y: usize, inputs: usize, units: usize, first: usize, from: usize, to: usize): void {
  const rowBytes = units << 2, stop = to ? to << 2 : rowBytes, start = startOf(first, rowEnds, entries);
  let o = from << 2;
  w += inputs * o;
  for (; o + BLOCK <= stop; o += BLOCK) {
    let q = start;
    for (let s = first; s < rows; s++) {
      let a0 = at(b + o), a1 = v128.load(b + o, 16), a2 = v128.load(b + o, 32), a3 = v128.load(b + o, 48);
      let a4 = v128.load(b + o, 64), a5 = v128.load(b + o, 80), a6 = v128.load(b + o, 96), a7 = v128.load(b + o, 112);
      for (const end = entries + (<usize>load<u32>(rowEnds + (s << 2)) << 3); q < end; q += 8) {
        const x = v128.load32_splat(q, 4);
        const p = w + (<usize>load<u32>(q) << 7);
        a0 = mulAdd(a0, x, at(p)); a1 = mulAdd(a1, x, v128.load(p, 16));
        a2 = mulAdd(a2, x, v128.load(p, 32)); a3 = mulAdd(a3, x, v128.load(p, 48));
        a4 = mulAdd(a4, x, v128.load(p, 64)); a5 = mulAdd(a5, x, v128.load(p, 80));
        a6 = mulAdd(a6, x, v128.load(p, 96)); a7 = mulAdd(a7, x, v128.load(p, 112));
      }
      const z = y + s * rowBytes + o;
      v128.store(z, a0); v128.store(z, a1, 16); v128.store(z, a2, 32); v128.store(z, a3, 48);
      v128.store(z, a4, 64); v128.store(z, a5, 80); v128.store(z, a6, 96); v128.store(z, a7, 112);
    }
    w += inputs * BLOCK;
  }
  const tail = stop - o;
  for (let t: usize = 0; t < tail; t += 32) {
    let q = start;
    for (let s = first; s < rows; s++) {
      let a0 = at(b + o + t), a1 = v128.load(b + o + t, 16);
      for (const end = entries + (<usize>load<u32>(rowEnds + (s << 2)) << 3); q < end; q += 8) {
        const x = v128.load32_splat(q, 4);
        const p = w + t + <usize>load<u32>(q) * tail;
        a0 = mulAdd(a0, x, at(p));
        a1 = mulAdd(a1, x, v128.load(p, 16));
      }
      const z = y + s * rowBytes + o + t;
      v128.store(z, a0);
      v128.store(z, a1, 16);
    }
  }
}

/**
 * The kernel's gradient g[i][o] = sum over the samples of column i, ascending, of value x d[sample][o]. Where m is 0 it goes to w, which lies as a kernel does; else it stays
 * in registers and goes straight into Adam (adam.ts) on the kernel w. live: u8[inputs], set once a column was not zero in any batch; until then gradient and
 * moments are zero and the update, being zero, is skipped. Of the columns those from `first` to before `last`; to the last one where that is 0. `from`, `to`: as above.
 */
export function sparseGradient(columnEnds: usize, sorted: usize, d: usize, w: usize, m: usize, v: usize, live: usize, inputs: usize, units: usize, beta1: f32, beta2: f32, alpha: f32, epsilon: f32, first: usize, last: usize, from: usize, to: usize): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), a = f32x4.splat(alpha), e = f32x4.splat(epsilon);
  const stop = (to ? to : units) << 2, zero = f32x4.splat(0), start = startOf(first, columnEnds, sorted);
  if (!last) last = inputs;
  let o = from << 2, base = inputs * o;
  for (; o + BLOCK <= stop; o += BLOCK) {
    let entry = start;
    for (let i = first; i < last; i++) {
      const end = sorted + (<usize>load<u32>(columnEnds + (i << 2)) << 3);
      if (m) {
        if (!load<u8>(live + i)) {
          if (entry == end) continue;
          store<u8>(live + i, 1);
        }
      }
      let g0 = zero, g1 = zero, g2 = zero, g3 = zero, g4 = zero, g5 = zero, g6 = zero, g7 = zero;
      for (; entry < end; entry += 8) {
        const x = v128.load32_splat(entry, 4);
        const p = d + o + <usize>load<u32>(entry);
        g0 = mulAdd(g0, x, at(p)); g1 = mulAdd(g1, x, v128.load(p, 16));
        g2 = mulAdd(g2, x, v128.load(p, 32)); g3 = mulAdd(g3, x, v128.load(p, 48));
        g4 = mulAdd(g4, x, v128.load(p, 64)); g5 = mulAdd(g5, x, v128.load(p, 80));
        g6 = mulAdd(g6, x, v128.load(p, 96)); g7 = mulAdd(g7, x, v128.load(p, 112));
      }
      const row = base + i * BLOCK;
      if (m) {
        const p = w + row, pm = m + row, pv = v + row;
        adam8<Skip0>(p, pm, pv, g0, g1, b1, b2, a, e);
        adam8<Skip32>(p, pm, pv, g2, g3, b1, b2, a, e);
        adam8<Skip64>(p, pm, pv, g4, g5, b1, b2, a, e);
        adam8<Skip96>(p, pm, pv, g6, g7, b1, b2, a, e);
      } else {
        const q = w + row;
        v128.store(q, g0); v128.store(q, g1, 16); v128.store(q, g2, 32); v128.store(q, g3, 48);
        v128.store(q, g4, 64); v128.store(q, g5, 80); v128.store(q, g6, 96); v128.store(q, g7, 112);
      }
    }
    base += inputs * BLOCK;
  }
  const tail = stop - o;
  for (let t: usize = 0; t < tail; t += 32) {
    let entry = start;
    for (let i = first; i < last; i++) {
      const end = sorted + (<usize>load<u32>(columnEnds + (i << 2)) << 3);
      if (m) {
        if (!load<u8>(live + i)) {
          if (entry == end) continue;
          store<u8>(live + i, 1);
        }
      }
      let g0 = zero, g1 = zero;
      for (; entry < end; entry += 8) {
        const x = v128.load32_splat(entry, 4);
        const p = d + o + t + <usize>load<u32>(entry);
        g0 = mulAdd(g0, x, at(p));
        g1 = mulAdd(g1, x, v128.load(p, 16));
      }
      const row = base + t + i * tail;
      if (m) {
        adam8<Skip0>(w + row, m + row, v + row, g0, g1, b1, b2, a, e);
      } else {
        v128.store(w + row, g0);
        v128.store(w + row, g1, 16);
      }
    }
  }
}
