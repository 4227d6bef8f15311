import { blurred, closed, type Plane, reduced } from './plane.ts';

/** Longer side of the small picture from which paper is estimated. */
const SMALL = 256;
/** Least paper, in grey levels, that a share of it is taken of. */
const LEAST_PAPER = 8;

export interface Inked extends Plane<Float32Array> {
  /** Spread of the values where there is no ink, as a standard deviation. */
  readonly noise: number;
  /** The ink is lighter than the paper. */
  readonly light: boolean;
}

/**
 * What share of the paper's light each pixel lacks: 0 paper on average, 1 nothing left; where the ink is the lighter one, of the picture's negative.
 * A share, since ink on paper in shadow is darker by the same share. The paper is what a grey closing of `width` pixels leaves: forms that are thinner vanish, while edges of
 * shadows stay where they are.
 */
export function inkOf(grey: Plane<Float32Array>, width: number): Inked {
  const small = reduced(grey, smallFactor(grey));
  const light = isLight(small);
  const factor = smallFactor(grey);
  const dark = light ? negative(small) : small;
  const radius = Math.max(2, Math.ceil(width / (2 * factor)));
  const paper = blurred(closed(blurred(dark, factor === 1 ? 0 : 1), radius), Math.ceil(radius / 3));
  const data = missingLight(grey, paper, factor, light);
  const { middle, noise } = spreadOf(data);
  for (let i = 0; i < data.length; i++) data[i] -= middle;
  return { data, rows: grey.rows, columns: grey.columns, noise, light };
}

/** A closing of half the picture knows no shadow but loses no digit either: the first of two. */
export function firstWidth({ rows, columns }: Plane): number {
  return Math.max(rows, columns) / 2;
}

function smallFactor({ rows, columns }: Plane): number {
  return Math.ceil(Math.max(rows, columns) / SMALL);
}

function negative({ data, rows, columns }: Plane<Float32Array>): Plane<Float32Array> {
  return { data: data.map((value) => 255 - value), rows, columns };
}

/**
 * Ink is what few pixels have that lie far from the others: the third moment of the differences from the surroundings has its sign. Where that is small, by the edge
 * of the picture, which is paper.
 */
function isLight(small: Plane<Float32Array>): boolean {
  const { data, rows, columns } = small;
  const around = blurred(small, Math.ceil(Math.max(rows, columns) / 4)).data;
  let [square, cube, edge, count, total] = [0, 0, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const difference = data[i] - around[i];
    square += difference * difference;
    cube += difference * difference * difference;
    total += data[i];
    const row = Math.floor(i / columns);
    const column = i - row * columns;
    if (row > 0 && column > 0 && row < rows - 1 && column < columns - 1) continue;
    edge += data[i];
    count++;
  }
  const variance = square / data.length;
  if (variance === 0) return false;
  const skewness = cube / data.length / (variance * Math.sqrt(variance));
  if (Math.abs(skewness) > 0.5) return skewness > 0;
  return edge / count < total / data.length;
}

/** 1 − value / paper, the paper between the small picture's pixels bilinearly. */
function missingLight(
  grey: Plane<Float32Array>,
  paper: Plane<Float32Array>,
  factor: number,
  light: boolean,
): Float32Array {
  const { data, rows, columns } = grey;
  const result = new Float32Array(data.length);
  const place = (i: number, count: number): [number, number] => {
    const at = Math.min(count - 1, Math.max(0, (i + 0.5) / factor - 0.5));
    const first = Math.min(Math.max(0, count - 2), Math.floor(at));
    return [first, at - first];
  };
  const across = Array.from({ length: columns }, (_, column) => place(column, paper.columns));
  const firsts = Int32Array.from(across, ([first]) => first);
  const shares = Float64Array.from(across, ([, share]) => share);
  const between = new Float64Array(paper.columns + 1);
  for (let row = 0; row < rows; row++) {
    const [first, share] = place(row, paper.rows);
    const below = Math.min(first + 1, paper.rows - 1);
    for (let j = 0; j < paper.columns; j++) {
      const upper = paper.data[first * paper.columns + j];
      between[j] = upper + (paper.data[below * paper.columns + j] - upper) * share;
    }
    between[paper.columns] = between[paper.columns - 1];
    for (let column = 0, i = row * columns; column < columns; column++, i++) {
      const from = firsts[column];
      const left = between[from];
      const white = left + (between[from + 1] - left) * shares[column];
      const value = light ? 255 - data[i] : data[i];
      result[i] = 1 - value / (white > LEAST_PAPER ? white : LEAST_PAPER);
    }
  }
  return result;
}

/** Middle and standard deviation of the paper's values, as normal noise by the lowest tenth and three tenths: ink lies above them. */
function spreadOf(data: Float32Array): { middle: number; noise: number } {
  const bins = new Uint32Array(4096);
  const [low, width] = [-1, 2 / bins.length];
  const last = bins.length - 1;
  for (let i = 0; i < data.length; i++) {
    bins[Math.min(last, Math.max(0, Math.floor((data[i] - low) / width)))]++;
  }
  const quantile = (share: number): number => {
    let left = share * data.length;
    let bin = 0;
    for (; bin < bins.length - 1 && left > bins[bin]; bin++) left -= bins[bin];
    return low + (bin + (bins[bin] > 0 ? left / bins[bin] : 0)) * width;
  };
  const [tenth, more] = [quantile(0.1), quantile(0.3)];
  const noise = (more - tenth) / (1.2816 - 0.5244);
  return { middle: tenth + 1.2816 * noise, noise };
}
