const SIDE = 28;
/** Side of the square that the ink's box is scaled to. */
const INK = 20;
/** A smaller box is extended to this side. */
const LEAST = 10;
/** Share of its side that a source pixel covers (0.99 in the program that made MNIST, felt where pixels are split). */
const COVERED = 0.99;
/** From here on the ink is full: one image in ten of MNIST reaches 254, having been rounded down. */
const FULL = 253.9;

/** Ink from 0, none, to 255, row after row. */
export interface Ink {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Ink as an image like MNIST's, [784] bytes, as MNIST was made (Bottou & Yadav 2019, arXiv 1905.10498, `xnist.lsh`): the box of what is above 0 becomes a square of side
 * max(height, width, 10), pixels are doubled while it is below 20, areas averaged to 20 × 20, the largest value becomes 255, rounded; then the centre of mass b, pixel i
 * being at i + ½, is moved by trunc(15 − b) on each axis, in whole pixels. Only + − × ÷ of float64. No ink: all 0. What MNIST holds comes back as it is, but for the
 * images whose longer side is not 20.
 */
export function normalised(ink: Ink): Uint8Array {
  const image = new Uint8Array(SIDE * SIDE);
  const box = squareOf(ink);
  if (!box) return image;
  const values = resampled(ink, box);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  if (largest >= FULL && largest < 255) largest = 255;
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor((255 * values[i]) / largest + 0.5);
  const [down, right] = shiftsOf(bytes);
  for (let row = Math.max(0, -down); row < Math.min(INK, SIDE - down); row++) {
    for (let column = Math.max(0, -right); column < Math.min(INK, SIDE - right); column++) {
      image[(row + down) * SIDE + column + right] = bytes[row * INK + column];
    }
  }
  return image;
}

interface Square {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

function squareOf({ data, rows, columns }: Ink): Square | undefined {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!(data[row * columns + column] > 0)) continue;
      if (row < top) top = row;
      bottom = row;
      if (column < left) left = column;
      if (column > right) right = column;
    }
  }
  if (bottom < 0) return undefined;
  const [height, width] = [bottom - top + 1, right - left + 1];
  const side = Math.max(height, width, LEAST);
  return { top: top - Math.floor((side - height) / 2), left: left - Math.floor((side - width) / 2), side };
}

/** Mean ink of 20 × 20 areas of the square. */
function resampled({ data, rows, columns }: Ink, { top, left, side }: Square): Float64Array {
  let [doubled, factor] = [side, 1];
  for (; doubled < INK; doubled *= 2) factor *= 2;
  const shares = sharesOf(doubled);
  const values = new Float64Array(INK * INK);
  const across = new Float64Array(INK);
  for (let row = 0; row < doubled; row++) {
    const from = top + Math.floor(row / factor);
    if (from < 0 || from >= rows) continue;
    across.fill(0);
    for (let column = 0; column < doubled; column++) {
      const at = left + Math.floor(column / factor);
      if (at < 0 || at >= columns) continue;
      const value = data[from * columns + at];
      if (!(value > 0)) continue;
      const { first, share, rest } = shares[column];
      across[first] += value * share;
      if (rest > 0) across[first + 1] += value * rest;
    }
    const { first, share, rest } = shares[row];
    for (let column = 0; column < INK; column++) {
      values[first * INK + column] += across[column] * share;
      if (rest > 0) values[(first + 1) * INK + column] += across[column] * rest;
    }
  }
  return values;
}

interface Share {
  readonly first: number;
  /** Of the source pixel's extent in target pixel `first`. */
  readonly share: number;
  /** In the one after. */
  readonly rest: number;
}

/** Where each of `count` ≥ 20 source pixels falls among 20; a tolerance of 1e-11 keeps whole numbers whole. */
function sharesOf(count: number): Share[] {
  const scale = INK / count;
  return Array.from({ length: count }, (_, i) => {
    const start = INK / 2 + scale * (i - count / 2);
    const end = start + COVERED * scale;
    const first = Math.floor(start + 1e-11);
    const last = Math.ceil(end - 1e-11) - 1;
    if (last <= first) return { first, share: scale, rest: 0 };
    const clipped = (x: number): number => Math.min(1, Math.max(0, x));
    return { first, share: clipped(first + 1 - start), rest: clipped(end - last) };
  });
}

/** Whole pixels down and to the right that bring the centre of mass to 15 of 28, rounded towards 0. */
function shiftsOf(bytes: Uint8Array): [number, number] {
  let [mass, momentY, momentX] = [0, 0, 0];
  for (let row = 0, i = 0; row < INK; row++) {
    for (let column = 0; column < INK; column++, i++) {
      mass += bytes[i];
      momentY += bytes[i] * (row + 0.5);
      momentX += bytes[i] * (column + 0.5);
    }
  }
  return [Math.trunc(15 - momentY / mass), Math.trunc(15 - momentX / mass)];
}
