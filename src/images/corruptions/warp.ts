import { cosine } from '../../util/cosine.ts';
import type { Random } from '../../util/random.ts';
import { type Picture, withValues } from './picture.ts';

/** (x, y) ↦ (a·x + b·y, c·x + d·y) about the centre of the image, then moved by (right, down): from output to input pixels. */
export interface InverseMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly right?: number;
  readonly down?: number;
}

/** Each output pixel is read where the map says, bilinearly between the four pixels around; 0 outside the image. */
export function warp(picture: Picture, { a, b, c, d, right = 0, down = 0 }: InverseMap): Picture {
  const { rows, columns } = picture;
  const output = new Float64Array(rows * columns);
  // The middle of the image, between four pixels where both sides are even.
  const [middleX, middleY] = [(columns - 1) / 2, (rows - 1) / 2];
  const shiftX = middleX * (1 - a - b) + b * (middleX - middleY) + right;
  const shiftY = middleY * (1 - c - d) + c * (middleY - middleX) + down;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = a * column + b * row + shiftX;
      const y = c * column + d * row + shiftY;
      if (!(x > -1 && x < columns && y > -1 && y < rows)) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const upper = between(picture, top, left, x - left);
      const lower = between(picture, top + 1, left, x - left);
      output[row * columns + column] = (1 - (y - top)) * upper + (y - top) * lower;
    }
  }
  return withValues(picture, output);
}

/** Between the pixels `left` and `left + 1` of a row that may lie outside the image. */
function between({ values, rows, columns }: Picture, row: number, left: number, share: number): number {
  if (row < 0 || row >= rows) return 0;
  const from = left < 0 ? 0 : values[row * columns + left];
  const to = left + 1 >= columns ? 0 : values[row * columns + left + 1];
  return (1 - share) * from + share * to;
}

/** −1 or 1, from the highest bit of one draw. */
export function randomSign(random: Random): 1 | -1 {
  return random.uint32() >= 0x8000_0000 ? 1 : -1;
}

/** sin x for |x| ≤ 2, absolute error below 1e-14. */
export function sine(x: number): number {
  return cosine(x - Math.PI / 2);
}
