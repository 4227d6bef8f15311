// Images as compressed sparse rows: for image i the entries starts[i] ... starts[i + 1] - 1 hold the column (u16) and value (u8)
// of each pixel that is not zero, in the order of the columns. A table of 256 floats gives the value's meaning.

/** Number of bytes that are not zero in each of `rows` rows of `width` bytes; counts: u32[rows]. */
export function countNonZero(pixels: usize, rows: usize, width: usize, counts: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    let count: u32 = 0;
    for (let end = pixels + width; pixels < end; pixels++) count += u32(load<u8>(pixels) != 0);
    store<u32>(counts + (r << 2), count);
  }
}

/** Writes the entries of `rows` rows of `width` bytes, one after the other, from entry `first` on. */
export function compress(pixels: usize, rows: usize, width: usize, columns: usize, values: usize, first: usize): void {
  let c = columns + (first << 1), v = values + first;
  for (let r: usize = 0; r < rows; r++) {
    for (let i: usize = 0; i < width; i++) {
      const value = load<u8>(pixels + i);
      store<u16>(c, <u16>i);
      store<u8>(v, value);
      const step = usize(value != 0);
      c += step << 1;
      v += step;
    }
    pixels += width;
  }
}

/**
 * Turns the chosen rows into columns by a counting sort. batch: u32[rows], image numbers. Out: ends u32[width + 1], where the
 * entries of column i are ends[i - 1] ... ends[i] - 1 (from 0 for the first) and ends[width] is the sum; entries: pairs (u32 sample times rowBytes, f32 value),
 * samples ascending within a column.
 */
export function transposeRows(batch: usize, rows: usize, starts: usize, columns: usize, values: usize, table: usize, width: usize, rowBytes: usize, ends: usize, entries: usize): void {
  memory.fill(ends, 0, (width + 1) << 2);
  for (let s: usize = 0; s < rows; s++) {
    const image = starts + (<usize>load<u32>(batch + (s << 2)) << 2);
    let c = columns + (<usize>load<u32>(image) << 1);
    const end = columns + (<usize>load<u32>(image, 4) << 1);
    for (; c < end; c += 2) {
      const p = ends + (<usize>load<u16>(c) << 2);
      store<u32>(p, load<u32>(p, 4) + 1, 4);
    }
  }
  // ends[i + 1] holds the count of column i; the running sum makes ends[i] the start of column i, which the next loop moves to its end.
  let sum: u32 = 0;
  for (let p = ends, last = ends + (width << 2); p <= last; p += 4) {
    sum += load<u32>(p);
    store<u32>(p, sum);
  }
  for (let s: usize = 0; s < rows; s++) {
    const image = starts + (<usize>load<u32>(batch + (s << 2)) << 2);
    const sample = <u32>(s * rowBytes);
    let k = <usize>load<u32>(image);
    for (const end = <usize>load<u32>(image, 4); k < end; k++) {
      const p = ends + (<usize>load<u16>(columns + (k << 1)) << 2);
      const q = load<u32>(p);
      store<u32>(p, q + 1);
      const entry = entries + (<usize>q << 3);
      store<u32>(entry, sample);
      store<u32>(entry, load<u32>(table + (<usize>load<u8>(values + k) << 2)), 4);
    }
  }
}
