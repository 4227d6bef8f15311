import { expect, test } from 'vitest';
import { firstWidth, inkOf } from './paper.ts';

const SIDE = 100;

/** Paper of that light, with an upright stroke four pixels wide of so much of it, from row 20 to 80. */
function page(paper: (column: number) => number, share: number) {
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE), i % SIDE];
    const isInk = row >= 20 && row < 80 && column % 50 >= 23 && column % 50 < 27;
    return paper(column) * (isInk ? share : 1);
  });
  return { data, rows: SIDE, columns: SIDE };
}

const at = ({ data }: { data: Float32Array }, row: number, column: number): number =>
  data[row * SIDE + column];

test('ink is the share of light that lacks: half of it, and none of paper, within .001', () => {
  const ink = inkOf(
    page(() => 200, 0.5),
    20,
  );
  expect(ink.light).toBe(false);
  expect(Math.abs(at(ink, 50, 25) - 0.5)).toBeLessThan(0.001);
  expect(Math.abs(at(ink, 50, 40))).toBeLessThan(0.001);
  expect(ink.noise).toBeLessThan(0.001);
});

test('in a shadow with a sharp edge the same ink lacks the same share, within .001', () => {
  const ink = inkOf(
    page((column) => (column < 50 ? 200 : 120), 0.4),
    20,
  );
  expect(Math.abs(at(ink, 50, 25) - 0.6)).toBeLessThan(0.001);
  expect(Math.abs(at(ink, 50, 75) - 0.6)).toBeLessThan(0.001);
});

test('where few pixels are lighter they are the ink, of the negative: 1 − (255 − 200) / (255 − 50), within .001', () => {
  const ink = inkOf(
    page(() => 50, 4),
    20,
  );
  expect(ink.light).toBe(true);
  expect(Math.abs(at(ink, 50, 25) - (1 - 55 / 205))).toBeLessThan(0.001);
});

test('the first closing is half of the longer side', () => {
  expect(firstWidth({ data: new Float32Array(30), rows: 3, columns: 10 })).toBe(5);
});
