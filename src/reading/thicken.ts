import type { Ink } from './normalise.ts';
import { type Plane, reduced } from './plane.ts';

/** Strokes below the first share of the digit's longer side are drawn as wide as the second; MNIST's are about an eighth of it, seldom less than a twelfth. */
const THIN = 0.075;
const WIDTH = 0.1;
/** Longer side at which it is done. */
const SIDE = 80;

/** Ink whose strokes of `width` pixels are thin for its size, such as a ball pen's, with wider ones: the largest value within a disc. Other ink is given back. */
export function thickened(ink: Plane<Float32Array>, width: number): Ink {
  const side = Math.max(ink.rows, ink.columns);
  if (width >= THIN * side) return ink;
  const factor = Math.ceil(side / SIDE);
  const small = factor > 1 ? reduced(ink, factor) : repeated(ink, Math.ceil(SIDE / (2 * side)));
  const scale = Math.max(small.rows, small.columns) / side;
  const radius = Math.min(4, ((WIDTH * side - width) * scale) / 2);
  const margin = Math.ceil(radius);
  const [rows, columns] = [small.rows + 2 * margin, small.columns + 2 * margin];
  const data = new Float32Array(rows * columns);
  for (let dy = -margin; dy <= margin; dy++) {
    for (let dx = -margin; dx <= margin; dx++) {
      if (dx * dx + dy * dy > radius * radius) continue;
      for (let row = 0; row < small.rows; row++) {
        const from = row * small.columns;
        const to = (row + margin + dy) * columns + margin + dx;
        for (let column = 0; column < small.columns; column++) {
          const value = small.data[from + column];
          if (value > data[to + column]) data[to + column] = value;
        }
      }
    }
  }
  return { data, rows, columns };
}

/** Every pixel as `factor` × `factor` of them. */
function repeated({ data, rows, columns }: Plane<Float32Array>, factor: number): Plane<Float32Array> {
  if (factor === 1) return { data, rows, columns };
  const [high, wide] = [rows * factor, columns * factor];
  const result = new Float32Array(high * wide);
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      result[row * wide + column] = data[Math.floor(row / factor) * columns + Math.floor(column / factor)];
    }
  }
  return { data: result, rows: high, columns: wide };
}
