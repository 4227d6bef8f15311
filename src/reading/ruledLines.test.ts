import { expect, test } from 'vitest';
import { eraseRuledLines } from './ruledLines.ts';

/** 200 × 300 pixels of no ink, and what `inked` says of row and column. */
function planeOf(inked: (row: number, column: number) => boolean) {
  const data = Float32Array.from({ length: 200 * 300 }, (_, i) =>
    inked(Math.floor(i / 300), i % 300) ? 0.7 : 0,
  );
  return { data, rows: 200, columns: 300 };
}

const isStroke = (row: number, column: number): boolean =>
  column >= 100 && column < 110 && row >= 30 && row < 170;

test('level and slanting lines, and squares, are erased; the stroke that crosses them stays whole', () => {
  const stroke = planeOf(isStroke);
  for (const isLine of [
    (row: number) => row % 40 < 2,
    (row: number, column: number) => (row + Math.floor(column / 10)) % 40 < 2,
    (row: number, column: number) => row % 40 < 2 || column % 40 < 2,
  ]) {
    const plane = planeOf((row, column) => isStroke(row, column) || isLine(row, column));
    expect(eraseRuledLines(plane, 0.3, 8)).toBeGreaterThan(3);
    const left = plane.data.reduce((sum, value) => sum + Number(value > 0.3), 0);
    const lost = plane.data.reduce((sum, value, i) => sum + Number(stroke.data[i] > 0.3 && value <= 0.3), 0);
    expect(lost).toBeLessThan(0.02 * 1400);
    expect(left - (1400 - lost)).toBeLessThan(0.05 * 1400);
  }
});

test('a one that fills the picture is no line', () => {
  const plane = planeOf((row, column) => column >= 140 && column < 152 && row >= 10 && row < 190);
  expect(eraseRuledLines(plane, 0.3, 20)).toBe(0);
});
