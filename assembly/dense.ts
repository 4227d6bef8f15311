// A dense layer on dense rows, in register tiles of 4 rows x 8 columns. Layout of kernels and of their transposes: layout.ts.
// The number of rows of a batch is rounded up to a multiple of 4 by the host, that of columns to a multiple of 8.

import { BLOCK, all, at, mulAdd } from "./layout";

/**
 * y[s][o] = b[o] + sum over i, ascending, of x[s][i] w[i][o]. x: f32[rows][inputs], y: f32[rows][units], b: f32[units], or
 * no bias where b is 0. With d for x, the transposed kernel for w and no bias it is the gradient of the inputs:
 * dx[s][i] = sum over o of d[s][o] w[i][o]. stride: of y's rows, in floats: more than units where w is some of a kernel's blocks.
 * Of the inputs those from `first` to before `end`, or all where that is 0; sums go on from y where `first` is not 0.
 */
export function denseForward(x: usize, w: usize, b: usize, y: usize, rows: usize, inputs: usize, units: usize, stride: usize, first: usize, end: usize): void {
  // A mask and no branch, so that V8 may pack the pair.
  const xRow = inputs << 2, columns = units << 2, yRow = stride << 2, mask = i32x4.splat(b || first ? -1 : 0);
  const start = first << 2, stop = (end ? end : inputs) << 2, beginRow = first ? yRow : 0;
  for (let block: usize = 0; block < columns; block += BLOCK) {
    const wRow = min(BLOCK, columns - block);
    for (let c: usize = 0; c < wRow; c += 32) {
      const bias = b ? b + block + c : w;
      for (let s: usize = 0; s < rows; s += 4) {
        const x0 = x + s * xRow, x1 = x0 + xRow, x2 = x1 + xRow, x3 = x2 + xRow;
        let q = y + s * yRow + block + c, begin = first ? q : bias;
        let a00 = v128.and(at(begin), mask), a01 = v128.and(v128.load(begin, 16), mask); begin += beginRow;
        let a10 = v128.and(at(begin), mask), a11 = v128.and(v128.load(begin, 16), mask); begin += beginRow;
        let a20 = v128.and(at(begin), mask), a21 = v128.and(v128.load(begin, 16), mask); begin += beginRow;
        let a30 = v128.and(at(begin), mask), a31 = v128.and(v128.load(begin, 16), mask);
        let p = w + c + first * wRow;
        for (let i = start; i < stop; i += 4, p += wRow) {
          const w0 = at(p), w1 = v128.load(p, 16);
          const u0 = all(x0 + i); a00 = mulAdd(a00, u0, w0); a01 = mulAdd(a01, u0, w1);
          const u1 = all(x1 + i); a10 = mulAdd(a10, u1, w0); a11 = mulAdd(a11, u1, w1);
          const u2 = all(x2 + i); a20 = mulAdd(a20, u2, w0); a21 = mulAdd(a21, u2, w1);
          const u3 = all(x3 + i); a30 = mulAdd(a30, u3, w0); a31 = mulAdd(a31, u3, w1);
        }
        v128.store(q, a00); v128.store(q, a01, 16); q += yRow;
        v128.store(q, a10); v128.store(q, a11, 16); q += yRow;
        v128.store(q, a20); v128.store(q, a21, 16); q += yRow;
        v128.store(q, a30); v128.store(q, a31, 16);
      }
    }
    w += inputs * wRow;
  }
}

/**
 * g[i][o] = sum over s, ascending, of x[s][i] d[s][o]; g lies as a kernel does. Of the rows of g's blocks, counted on from block
 * to block, those from `first` to before `end`, multiples of 4; to the last one where `end` is 0. more: sums go on from g.
 */
export function denseGradient(x: usize, d: usize, g: usize, rows: usize, inputs: usize, units: usize, first: usize, end: usize, more: bool): void {
  const xRow = inputs << 2, dRow = units << 2;
  let row: usize = 0;
  if (!end) end = usize.MAX_VALUE;
  for (let block: usize = 0; block < dRow; block += BLOCK) {
    const gRow = min(BLOCK, dRow - block), from = max(first, row) - row, to = min(max(end, row) - row, inputs);
    // Of more rows x and d would not stay in the nearest cache.
    for (let before: usize = 0; before < rows; before += 32) {
      const some = min<usize>(rows - before, 32), mask = i32x4.splat(more || before ? -1 : 0);
      for (let c: usize = 0; c < gRow; c += 32) for (let i = from; i < to; i += 4) {
        let r = g + i * gRow + c;
        let a00 = v128.and(at(r), mask), a01 = v128.and(v128.load(r, 16), mask); r += gRow;
        let a10 = v128.and(at(r), mask), a11 = v128.and(v128.load(r, 16), mask); r += gRow;
        let a20 = v128.and(at(r), mask), a21 = v128.and(v128.load(r, 16), mask); r += gRow;
        let a30 = v128.and(at(r), mask), a31 = v128.and(v128.load(r, 16), mask);
        let p = x + before * xRow + (i << 2), q = d + before * dRow + block + c;
        for (let s: usize = 0; s < some; s++, p += xRow, q += dRow) {
          const d0 = at(q), d1 = v128.load(q, 16);
          const u0 = all(p); a00 = mulAdd(a00, u0, d0); a01 = mulAdd(a01, u0, d1);
          const u1 = v128.load32_splat(p, 4); a10 = mulAdd(a10, u1, d0); a11 = mulAdd(a11, u1, d1);
          const u2 = v128.load32_splat(p, 8); a20 = mulAdd(a20, u2, d0); a21 = mulAdd(a21, u2, d1);
          const u3 = v128.load32_splat(p, 12); a30 = mulAdd(a30, u3, d0); a31 = mulAdd(a31, u3, d1);
        }
        v128.store(r, a30); v128.store(r, a31, 16); r -= gRow;
        v128.store(r, a20); v128.store(r, a21, 16); r -= gRow;
        v128.store(r, a10); v128.store(r, a11, 16); r -= gRow;
        v128.store(r, a00); v128.store(r, a01, 16);
      }
    }
    g += inputs * gRow;
    row += inputs;
  }
}

/** g[o] = sum over s, ascending, of d[s][o], for the first `columns` units, a multiple of 4. more: sums go on from g. */
export function biasGradient(d: usize, g: usize, rows: usize, units: usize, columns: usize, more: bool): void {
  const dRow = units << 2, mask = i32x4.splat(more ? -1 : 0);
  for (let o: usize = 0; o < columns << 2; o += 16) {
    let sum = v128.and(at(g + o), mask), q = d + o;
    for (let s: usize = 0; s < rows; s++, q += dRow) sum = f32x4.add(sum, at(q));
    v128.store(g + o, sum);
  }
}

/** t[o][i] = w[i][o], both lying as kernels do; inputs and units are multiples of 8. Of w's rows those from `first` to before `end`, as above. */
export function transpose(w: usize, t: usize, inputs: usize, units: usize, first: usize, end: usize): void {
  const unitBytes = units << 2, inputBytes = inputs << 2;
  let row: usize = 0;
  if (!end) end = usize.MAX_VALUE;
  for (let block: usize = 0; block < unitBytes; block += BLOCK) {
    const wRow = min(BLOCK, unitBytes - block), from = max(first, row) - row, to = min(max(end, row) - row, inputs) << 2;
    for (let i = from << 2; i < to; i += 16) {
      const tBlock = i & ~(BLOCK - 1), tRow = min(BLOCK, inputBytes - tBlock);
      const column = t + tBlock * units + (i - tBlock);
      for (let c: usize = 0; c < wRow; c += 16) {
        let p = w + (i >> 2) * wRow + c;
        const r0 = at(p); p += wRow;
        const r1 = at(p); p += wRow;
        const r2 = at(p); p += wRow;
        const r3 = at(p);
        const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const e = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), f = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        let q = column + ((block + c) >> 2) * tRow;
        v128.store(q, v128.shuffle<f32>(a, e, 0, 1, 4, 5)); q += tRow;
        v128.store(q, v128.shuffle<f32>(a, e, 2, 3, 6, 7)); q += tRow;
        v128.store(q, v128.shuffle<f32>(b, f, 0, 1, 4, 5)); q += tRow;
        v128.store(q, v128.shuffle<f32>(b, f, 2, 3, 6, 7));
      }
    }
    w += inputs * wRow;
    row += inputs;
  }
}
