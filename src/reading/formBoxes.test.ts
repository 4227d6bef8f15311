import { expect, test } from 'vitest';
import { componentsOf } from './components.ts';
import { formBoxes } from './formBoxes.ts';

type Inked = (row: number, column: number) => boolean;

const [ROWS, COLUMNS] = [160, 300];

/** How many boxes there are in a picture of 160 × 300 pixels. */
function boxesIn(...marks: Inked[]): number {
  const data = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) =>
    marks.some((inked) => inked(Math.floor(i / COLUMNS), i % COLUMNS)) ? 1 : 0,
  );
  const plane = { data, rows: ROWS, columns: COLUMNS };
  return formBoxes(componentsOf(plane, 0.5), plane).size;
}

const filled =
  (left: number, top: number, width: number, height: number): Inked =>
  (row, column) =>
    column >= left && column < left + width && row >= top && row < top + height;

/** Sides of three pixels, with `walls` between cells; turned by `slope` about its corner. */
const box =
  (left: number, top: number, width: number, height: number, walls: number[] = [], slope = 0): Inked =>
  (row, column) => {
    const [y, x] = [row - slope * (column - left) - top, column + slope * (row - top) - left];
    if (y < 0 || y >= height || x < 0 || x >= width) return false;
    return y < 3 || y >= height - 3 || x < 3 || x >= width - 3 || walls.some((w) => x >= w && x < w + 3);
  };

/** Of a one, 40 pixels high. */
const ONE = filled(60, 60, 5, 40);

test.each<[string, Inked[]]>([
  ['a box around a digit', [box(40, 40, 50, 80)]],
  ['a box around a number', [box(20, 45, 250, 70)]],
  ['three cells', [box(30, 40, 240, 80, [80, 160])]],
  ['turned by 3 in 100', [box(30, 30, 200, 90, [], 0.03)]],
  ['three cells turned by 3 in 100', [box(30, 30, 240, 90, [80, 160], 0.03)]],
])('%s is found', (_, boxes) => {
  expect(boxesIn(...boxes, ONE)).toBe(1);
});

test('two boxes are two', () => {
  expect(boxesIn(box(40, 40, 50, 80), ONE, box(150, 40, 50, 80), filled(170, 60, 5, 40))).toBe(2);
});

const ring =
  (rows: number, columns: number): Inked =>
  (row, column) => {
    const at = ((row - 80) / rows) ** 2 + ((column - 62) / columns) ** 2;
    return at <= 1 && at > 0.8;
  };

test.each<[string, Inked[]]>([
  ['an empty box', [box(140, 40, 50, 80)]],
  ['a box around a dot', [box(40, 40, 50, 80), filled(60, 80, 5, 5)]],
  ['a zero with a stroke in it', [ring(50, 30), ONE]],
  ['a wide ring around a one', [ring(40, 55), ONE]],
  ['a digit that touches the box', [box(40, 40, 50, 80), filled(60, 60, 5, 59)]],
  [
    'a box with thick sides',
    [(row, column) => filled(30, 30, 70, 100)(row, column) && !filled(48, 48, 34, 64)(row, column), ONE],
  ],
  ['two upright strokes beside a one', [filled(40, 40, 3, 80), filled(90, 40, 3, 80), ONE]],
  [
    'an arch',
    [box(40, 40, 50, 80), (row: number, column: number) => filled(60, 60, 5, 40)(row, column)].map(
      (inked) => (row: number, column: number) => inked(row, column) && row < 117,
    ),
  ],
])('%s: none', (_, marks) => {
  expect(boxesIn(...marks)).toBe(0);
});
