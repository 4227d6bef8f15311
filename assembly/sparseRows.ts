// Images as compressed sparse rows: for image i the entries starts[i] ... starts[i + 1] - 1 hold the column (u16) and value of each
// pixel that is not zero, in the order of the columns. Values are bytes (u8), whose meaning a table of 256 floats gives, or floats (f32).

/** Number of bytes that are not zero in each of `rows` rows of `width` bytes; counts: u32[rows]. */
export function countNonZero(pixels: usize, rows: usize, width: usize, counts: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let count: u32 = 0;
    let i: usize = 0;
    for (; i + 16 <= width; i += 16) count += popcnt(i8x16.bitmask(i8x16.ne(v128.load(pixels + i), i8x16.splat(0))));
    for (; i < width; i++) count += u32(load<u8>(pixels + i) != 0);
    store<u32>(counts + (r << 2), count);
    pixels += width;
  }
}

/** The same of floats. */
export function countNonZeroFloats(pixels: usize, rows: usize, width: usize, counts: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let count: u32 = 0;
    const end = pixels + (width << 2);
    for (; pixels + 16 <= end; pixels += 16) count += popcnt(i32x4.bitmask(f32x4.ne(v128.load(pixels), f32x4.splat(0))));
    for (; pixels < end; pixels += 4) count += u32(load<f32>(pixels) != 0);
    store<u32>(counts + (r << 2), count);
  }
}

/** Writes the entries of `rows` rows of `width` bytes, one after the other, from entry `first` on. */
export function compress(pixels: usize, rows: usize, width: usize, columns: usize, values: usize, first: usize): void {
  let c = columns + (first << 1), v = values + first;
  for (; rows > 0; rows--, pixels += width) {
    for (let i: usize = 0; i < width; i += 64) {
      // 64 pixels at a time, for where the loop over those that are not zero ends is guessed wrong. What is read behind the last row is left out.
      let bits: u64 = 0;
      for (let k: usize = 0; k < 64; k += 16) bits |= <u64>i8x16.bitmask(i8x16.ne(v128.load(pixels + i + k), i8x16.splat(0))) << <u64>k;
      if (i + 64 > width) bits &= (<u64>1 << <u64>(width - i)) - 1;
      for (; bits; bits &= bits - 1, c += 2, v++) {
        const column = i + <usize>ctz(bits);
        store<u16>(c, <u16>column);
        store<u8>(v, load<u8>(pixels + column));
      }
    }
  }
}

/** The same of floats. */
export function compressFloats(pixels: usize, rows: usize, width: usize, columns: usize, values: usize, first: usize): void {
  let c = columns + (first << 1), v = values + (first << 2);
  for (let r: usize = 0; r < rows; r++) {
    let i: usize = 0;
    while (i < width) {
      const p = pixels + (i << 2);
      if (i + 4 <= width && !v128.any_true(f32x4.ne(v128.load(p), f32x4.splat(0)))) {
        i += 4;
        continue;
      }
      for (const end = min(i + 4, width); i < end; i++) {
        const value = load<f32>(pixels + (i << 2));
        store<u16>(c, <u16>i);
        store<f32>(v, value);
        const step = usize(value != 0);
        c += step << 1;
        v += step << 2;
      }
    }
    pixels += width << 2;
  }
}

/**
 * Copies the chosen rows, from `first` on, to where the layer's kernels read them, after those of the rows before. batch: u32[rows], image numbers; table: f32[256], or 0 where values are
 * floats. Out: rowEnds u32[rows], the entries of row s are rowEnds[s - 1] ... rowEnds[s] - 1 (from 0 for the first); entries: pairs (u32 column, f32 value).
 */
export function gatherRows(batch: usize, rows: usize, starts: usize, columns: usize, values: usize, table: usize, rowEnds: usize, entries: usize, first: usize): void {
  let q = startOf(first, rowEnds, entries);
  store<u32>(rowEnds + (first << 2), touch(batch, rows, starts, columns, values, table ? 0 : 2, first));
  for (let s = first; s < rows; s++) {
    const image = starts + (<usize>load<u32>(batch + (s << 2)) << 2), end = <usize>load<u32>(image, 4);
    let k = <usize>load<u32>(image);
    if (table) {
      for (; k < end; k++, q += 8) {
        store<u32>(q, <u32>load<u16>(columns + (k << 1)));
        store<u32>(q, load<u32>(table + (<usize>load<u8>(values + k) << 2)), 4);
      }
    } else {
      for (; k < end; k++, q += 8) {
        store<u32>(q, <u32>load<u16>(columns + (k << 1)));
        store<u32>(q, load<u32>(values + (k << 2)), 4);
      }
    }
    store<u32>(rowEnds + (s << 2), <u32>((q - entries) >> 3));
  }
}

/**
 * Reads a byte of every cache line of the chosen rows, which lie far apart: these loads wait for memory together, those of
 * the copy would wait one after the other. A value has 1 << shift bytes. Returns the sum, so that the reads are not left out as useless.
 */
function touch(batch: usize, rows: usize, starts: usize, columns: usize, values: usize, shift: usize, first: usize): u32 {
  let sum: u32 = 0;
  for (let s = first; s < rows; s++) {
    const image = starts + (<usize>load<u32>(batch + (s << 2)) << 2);
    const start = <usize>load<u32>(image), end = <usize>load<u32>(image, 4);
    for (let p = columns + (start << 1), last = columns + (end << 1); p < last; p += 64) sum += load<u8>(p);
    for (let p = values + (start << shift), last = values + (end << shift); p < last; p += 64) sum += load<u8>(p);
  }
  return sum;
}

/** Where the entries of row or column `first` begin. */
// @ts-ignore: decorator
@inline export function startOf(first: usize, ends: usize, entries: usize): usize {
  return entries + (first ? <usize>load<u32>(ends + (first << 2) - 4) << 3 : 0);
}

/** Counts the entries of gathered rows, from `first` to before `rows`, by columns, after those of the rows before. columnEnds: u32[width + 1], of which [i + 1] holds the count of column i. */
export function countColumns(rows: usize, rowEnds: usize, entries: usize, width: usize, columnEnds: usize, first: usize): void {
  if (!first) memory.fill(columnEnds, 0, (width + 1) << 2);
  const last = startOf(rows, rowEnds, entries);
  for (let q = startOf(first, rowEnds, entries); q < last; q += 8) {
    const p = columnEnds + (<usize>load<u32>(q) << 2);
    store<u32>(p, load<u32>(p, 4) + 1, 4);
  }
}

/**
 * Turns gathered rows, all of which are counted, into columns by a counting sort; those from `first` to before `rows`, after those before. Out, with the last row: columnEnds u32[width + 1],
 * where the entries of column i are columnEnds[i - 1] ... columnEnds[i] - 1 (from 0 for the first); sorted: pairs (u32 row times rowBytes, f32 value), rows ascending within a column.
 */
export function sortColumns(rows: usize, rowEnds: usize, entries: usize, width: usize, rowBytes: usize, columnEnds: usize, sorted: usize, first: usize): void {
  if (!first) {
    // The running sum makes columnEnds[i] the start of column i, which the next loop moves to its end.
    let sum: u32 = 0;
    for (let p = columnEnds, end = columnEnds + (width << 2); p <= end; p += 4) {
      sum += load<u32>(p);
      store<u32>(p, sum);
    }
  }
  let q = startOf(first, rowEnds, entries);
  for (let s = first; s < rows; s++) {
    const row = <u64>(s * rowBytes);
    for (const end = entries + (<usize>load<u32>(rowEnds + (s << 2)) << 3); q < end; q += 8) {
      const entry = load<u64>(q), p = columnEnds + (<usize>(<u32>entry) << 2);
      const place = load<u32>(p);
      store<u32>(p, place + 1);
      store<u64>(sorted + (<usize>place << 3), (entry & 0xffffffff00000000) | row);
    }
  }
}
