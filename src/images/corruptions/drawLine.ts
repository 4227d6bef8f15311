import { naturalLogarithm } from '../../util/logarithm.ts';
import { type Picture, scaleOf } from './picture.ts';

/** Of 28 pixels. */
const WIDTH = 2.3;

/** A stroke from column and row to column and row; columns grow. */
export interface Stroke {
  readonly from: readonly [column: number, row: number];
  readonly to: readonly [column: number, row: number];
}

/**
 * Adds a stroke in place: in each column from ⌊first⌋ to ⌈last⌉ − 1, by the vertical distance d from the line, ln(1 − d/2.3k) + 1 with k of `scaleOf`,
 * clipped to [0, 1]; the sum is clipped to 1. `isDrawn` leaves columns out.
 */
export function drawLine(picture: Picture, { from, to }: Stroke, isDrawn = (_column: number) => true): void {
  const { values, rows, columns } = picture;
  const scale = scaleOf(picture);
  const [width, reach] = [WIDTH * scale, 2 * scale];
  const slope = (to[1] - from[1]) / (to[0] - from[0]);
  const end = Math.min(columns, Math.ceil(to[0]));
  for (let column = Math.max(0, Math.floor(from[0])); column < end; column++) {
    if (!isDrawn(column)) continue;
    const centre = slope * (column - from[0]) + from[1];
    const last = Math.min(rows - 1, Math.ceil(centre + reach));
    for (let row = Math.max(0, Math.floor(centre - reach)); row <= last; row++) {
      const distance = Math.abs(row - centre);
      if (distance >= width) continue;
      const ink = Math.max(0, naturalLogarithm(1 - distance / width) + 1);
      const at = row * columns + column;
      values[at] = Math.min(1, values[at] + ink);
    }
  }
}
