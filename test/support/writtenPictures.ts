/** Pictures of writing, made of images of digits, with every number from a seeded stream and + − × ÷ alone. */
import type { Picture } from '../../src/images/scale.ts';
import type { Random } from '../../src/util/random.ts';

/** Ink on a sheet: 0 none to 1, row after row. */
export interface Sheet {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.uniform();

export function blank(rows: number, columns: number): Sheet {
  return { data: new Float64Array(rows * columns), rows, columns };
}

/** Bytes of a square image of `side` pixels, enlarged `factor` times, bilinearly between the middles of its pixels. */
export function enlarged(image: ArrayLike<number>, side: number, factor: number): Sheet {
  const wide = Math.round(side * factor);
  const sheet = blank(wide, wide);
  const source = { data: Float64Array.from(image, (byte) => byte / 255), rows: side, columns: side };
  for (let row = 0; row < wide; row++) {
    for (let column = 0; column < wide; column++) {
      sheet.data[row * wide + column] = sample(source, (column + 0.5) / factor, (row + 0.5) / factor);
    }
  }
  return sheet;
}

/** Bilinear, 0 outside; (0, 0) is the corner of the first pixel. */
function sample({ data, rows, columns }: Sheet, x: number, y: number): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  if (left < -1 || top < -1 || left >= columns || top >= rows) return 0;
  const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
  const at = (row: number, column: number): number =>
    row >= 0 && column >= 0 && row < rows && column < columns ? data[row * columns + column] : 0;
  const upper = at(top, left) * (1 - fx) + at(top, left + 1) * fx;
  return upper * (1 - fy) + (at(top + 1, left) * (1 - fx) + at(top + 1, left + 1) * fx) * fy;
}

/** First and last column that hold ink, and rows. */
export function inkBox({ data, columns }: Sheet): {
  left: number;
  right: number;
  top: number;
  bottom: number;
} {
  const box = { left: Infinity, right: -1, top: Infinity, bottom: -1 };
  data.forEach((ink, i) => {
    if (!(ink > 0.1)) return;
    const [row, column] = [Math.floor(i / columns), i % columns];
    box.left = Math.min(box.left, column);
    box.right = Math.max(box.right, column);
    box.top = Math.min(box.top, row);
    box.bottom = row;
  });
  return box;
}

/** Adds ink at a place; where both have some, the darker counts. */
export function put(sheet: Sheet, ink: Sheet, left: number, top: number): void {
  for (let row = 0; row < ink.rows; row++) {
    for (let column = 0; column < ink.columns; column++) {
      const [y, x] = [row + top, column + left];
      if (y < 0 || x < 0 || y >= sheet.rows || x >= sheet.columns) continue;
      const at = y * sheet.columns + x;
      sheet.data[at] = Math.max(sheet.data[at], ink.data[row * ink.columns + column]);
    }
  }
}

/**
 * Images of 28 × 28 bytes in a row, each enlarged, their ink `gap()` pixels of the images apart (below 0: overlapping), shifted up or down by up to `jitter` of them, with `margin`
 * around.
 */
export function rowOf(
  images: readonly ArrayLike<number>[],
  {
    factor,
    gap,
    jitter,
    margin,
  }: { factor: number; gap: () => number; jitter: () => number; margin: number },
): Sheet {
  const inks = images.map((image) => enlarged(image, 28, factor));
  const boxes = inks.map(inkBox);
  const lefts: number[] = [];
  let end = Math.round(margin * factor);
  boxes.forEach((box, k) => {
    const left = k === 0 ? end : end + Math.round(gap() * factor);
    lefts.push(left - box.left);
    end = left + box.right - box.left + 1;
  });
  const middle = Math.round((margin + 10) * factor);
  const sheet = blank(2 * middle, end + Math.round(margin * factor));
  inks.forEach((ink, k) => {
    const { top, bottom } = boxes[k];
    put(sheet, ink, lefts[k], middle - Math.round((top + bottom) / 2 + jitter() * factor));
  });
  return sheet;
}

/** A projective map: where pixel (x, y) of the photograph lies on the sheet. */
export type Look = (x: number, y: number) => readonly [number, number];

/** As a camera that is turned (the slope of its lines, dy / dx) and tilted (by how much the far side is smaller, as a share) sees a sheet in the middle. */
export function askew(
  sheet: Sheet,
  rows: number,
  columns: number,
  { slope, tilt, scale }: { slope: number; tilt: number; scale: number },
): Look {
  const cos = 1 / Math.sqrt(1 + slope * slope);
  const sin = slope * cos;
  return (x, y) => {
    const [u, v] = [(x - columns / 2) / scale, (y - rows / 2) / scale];
    const depth = 1 - (tilt * u) / sheet.columns;
    return [sheet.columns / 2 + (cos * u + sin * v) / depth, sheet.rows / 2 + (cos * v - sin * u) / depth];
  };
}

export function photographed(sheet: Sheet, rows: number, columns: number, look: Look): Sheet {
  const photo = blank(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = look(column + 0.5, row + 0.5);
      photo.data[row * columns + column] = sample(sheet, x, y);
    }
  }
  return photo;
}

export interface Paper {
  /** Light of the paper and of full ink, 0 to 255, in one channel or three. */
  readonly paper: readonly number[];
  readonly ink: readonly number[];
  /** Standard deviations of the texture, of some pixels' extent, and of each pixel, in levels. */
  readonly texture: number;
  readonly noise: number;
  /** Share of the light that reaches a pixel. */
  readonly light?: (x: number, y: number) => number;
}

/** Ink on textured paper as a picture. */
export function onPaper(sheet: Sheet, { paper, ink, texture, noise, light }: Paper, random: Random): Picture {
  const { rows, columns } = sheet;
  const channels = paper.length;
  const data = new Uint8Array(rows * columns * channels);
  const grains = grainOf(rows, columns, random);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const share = light ? light(column, row) : 1;
      const grain = texture * grains(row, column);
      for (let k = 0; k < channels; k++) {
        const value = paper[k] + grain + (ink[k] - paper[k] - grain) * sheet.data[i];
        const level = share * value + (noise > 0 ? noise * roughly(random) : 0);
        data[i * channels + k] = Math.min(255, Math.max(0, Math.floor(level + 0.5)));
      }
    }
  }
  return { data, rows, columns, channels };
}

/** Nearly normal: four uniform numbers, scaled to a standard deviation of 1. */
function roughly(random: Random): number {
  const word = random.uint32();
  const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
  return (sum - 510) / 147.8;
}

/** Grain of two sizes, some 4 and 32 pixels wide. */
function grainOf(rows: number, columns: number, random: Random): (row: number, column: number) => number {
  const layers = [4, 32].map((size) => {
    const wide = Math.ceil(columns / size) + 2;
    const values = Float64Array.from({ length: wide * (Math.ceil(rows / size) + 2) }, () => roughly(random));
    return { values, wide, size };
  });
  return (row, column) => {
    let sum = 0;
    for (const { values, wide, size } of layers) {
      const [y, x] = [row / size, column / size];
      const [top, left] = [Math.floor(y), Math.floor(x)];
      const at = top * wide + left;
      const upper = values[at] + (values[at + 1] - values[at]) * (x - left);
      const lower = values[at + wide] + (values[at + wide + 1] - values[at + wide]) * (x - left);
      sum += upper + (lower - upper) * (y - top);
    }
    return sum * 0.7;
  };
}
