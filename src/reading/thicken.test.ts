import { expect, test } from 'vitest';
import { thickened } from './thicken.ts';

/** 80 × 80 pixels with an upright stroke two pixels wide. */
function stroke(side = 80) {
  const data = new Float32Array(side * side);
  for (let row = 0; row < side; row++) data.fill(200, row * side + side / 2 - 1, row * side + side / 2 + 1);
  return { data, rows: side, columns: side };
}

const inked = (row: readonly number[]): number[] =>
  row.flatMap((value, column) => (value > 0 ? [column] : []));

test('a stroke of 2 pixels on 80 becomes 8 wide: a tenth', () => {
  const { data, rows, columns } = thickened(stroke(), 2);
  expect([rows, columns]).toEqual([86, 86]);
  const middle = Array.from(data).slice(43 * columns, 44 * columns);
  // Columns 39 and 40, three more on either side, three of margin.
  expect(inked(middle)).toEqual([39, 40, 41, 42, 43, 44, 45, 46]);
  expect(Math.max(...middle)).toBe(200);
  // Three rows above the stroke the disc of radius 3 is one pixel wide.
  expect(inked(Array.from(data).slice(0, columns))).toEqual([42, 43]);
});

test('a stroke that is not thin, from .075 of the side, is given back as it is', () => {
  const ink = stroke();
  expect(thickened(ink, 6)).toBe(ink);
  expect(thickened(ink, 5.9)).not.toBe(ink);
});

test('large ink is made small first, small ink large', () => {
  // 160 pixels are halved: the stroke is 1 wide there, (.1 × 160 − 2) / 4 = 3.5 pixels are added on either side, as far as whole ones go.
  const large = thickened(stroke(160), 2);
  expect([large.rows, large.columns]).toEqual([88, 88]);
  // 20 pixels are repeated twice: to a side of 40 at least.
  const small = thickened(stroke(20), 1);
  expect([small.rows, small.columns]).toEqual([42, 42]);
});
