import type { Plane } from './plane.ts';
import type { Placed } from './lines.ts';

/** Slopes of lines of writing that are expected, as a standard deviation, and how unevenly digits stand on a line, in their heights. */
const EXPECTED = 0.1;
const UNEVEN = 0.1;
/** A smaller slope is left. */
const LEAST_SLOPE = 0.02;
const STEEPEST = 0.5;

/**
 * The slope of the lines of writing, dy / dx, by least squares through the feet of each chain of digits and through their middles, drawn towards 0 as far as few digits say little;
 * 0 where it is small.
 */
export function slopeOf(chains: readonly (readonly Placed[])[]): number {
  let [above, below] = [0, 0];
  for (const chain of chains) {
    if (chain.length < 2) continue;
    const height = chain.reduce((sum, { top, bottom }) => sum + bottom - top, 0) / chain.length;
    const points = chain.map(({ left, right, top, bottom }) => ({
      x: (left + right) / (2 * height),
      // Feet and middles count alike.
      y: (bottom + (top + bottom) / 2) / (2 * height),
    }));
    const x0 = points.reduce((sum, { x }) => sum + x, 0) / points.length;
    const y0 = points.reduce((sum, { y }) => sum + y, 0) / points.length;
    for (const { x, y } of points) {
      above += (x - x0) * (y - y0);
      below += (x - x0) * (x - x0);
    }
  }
  const slope = above / (below + (UNEVEN * UNEVEN) / (EXPECTED * EXPECTED));
  if (Math.abs(slope) < LEAST_SLOPE) return 0;
  return Math.min(STEEPEST, Math.max(-STEEPEST, slope));
}

/** A turn of the plane that makes lines of a slope level. */
export interface Turn {
  readonly rows: number;
  readonly columns: number;
  /** Where a point of the turned plane was. */
  readonly back: (x: number, y: number) => readonly [number, number];
}

export function turnFor(slope: number, { rows, columns }: Plane): Turn {
  const cos = 1 / Math.sqrt(1 + slope * slope);
  const sin = slope * cos;
  const steep = Math.abs(sin);
  const [wide, high] = [Math.ceil(cos * columns + steep * rows), Math.ceil(cos * rows + steep * columns)];
  return {
    rows: high,
    columns: wide,
    back: (x, y) => {
      const [u, v] = [x - wide / 2, y - high / 2];
      return [columns / 2 + cos * u - sin * v, rows / 2 + sin * u + cos * v];
    },
  };
}

/** The plane turned, bilinear between its pixels, 0 outside. */
export function turned({ data, rows, columns }: Plane, turn: Turn): Plane<Float32Array> {
  const result = new Float32Array(turn.rows * turn.columns);
  const [x0, y0] = turn.back(0.5, 0.5);
  const [x1, y1] = turn.back(1.5, 0.5);
  const [dx, dy] = [x1 - x0, y1 - y0];
  for (let row = 0; row < turn.rows; row++) {
    const [startX, startY] = turn.back(0.5, row + 0.5);
    for (let column = 0; column < turn.columns; column++) {
      const [x, y] = [startX + column * dx - 0.5, startY + column * dy - 0.5];
      if (x < 0 || y < 0 || x > columns - 1 || y > rows - 1) continue;
      const [left, top] = [Math.min(columns - 2, Math.floor(x)), Math.min(rows - 2, Math.floor(y))];
      if (left < 0 || top < 0) continue;
      const [fx, fy] = [x - left, y - top];
      const at = top * columns + left;
      const upper = data[at] + (data[at + 1] - data[at]) * fx;
      const lower = data[at + columns] + (data[at + columns + 1] - data[at + columns]) * fx;
      result[row * turn.columns + column] = upper + (lower - upper) * fy;
    }
  }
  return { data: result, rows: turn.rows, columns: turn.columns };
}
