import { expect, test } from 'vitest';
import { componentsOf } from './components.ts';
import { uprightRules } from './uprightRules.ts';

type Inked = (row: number, column: number) => boolean;

/** How many rules there are among 120 × 200 pixels. */
function rulesIn(...marks: Inked[]): number {
  const data = Float32Array.from({ length: 120 * 200 }, (_, i) =>
    marks.some((inked) => inked(Math.floor(i / 200), i % 200)) ? 1 : 0,
  );
  const plane = { data, rows: 120, columns: 200 };
  return uprightRules(componentsOf(plane, 0.5), plane).size;
}

const box =
  (left: number, top: number, width: number, height: number): Inked =>
  (row, column) =>
    column >= left && column < left + width && row >= top && row < top + height;

/** Two marks 30 pixels high. */
const DIGITS = [box(80, 40, 20, 30), box(110, 42, 5, 30)];

test('a straight stroke three times as high as two marks beside it is a rule, upright or leaning by a tenth', () => {
  expect(rulesIn(...DIGITS, box(60, 15, 4, 90))).toBe(1);
  const leaning: Inked = (row, column) => box(50 + Math.round(row / 10), 15, 4, 90)(row, column);
  expect(rulesIn(...DIGITS, leaning)).toBe(1);
});

test('two rules are two, and do not make each other the measure', () => {
  expect(rulesIn(...DIGITS, box(60, 15, 4, 90), box(135, 15, 4, 90))).toBe(2);
});

test.each<[string, Inked[]]>([
  ['a stroke alone', [box(60, 15, 4, 90)]],
  ['one beside a single mark', [DIGITS[0], box(60, 15, 4, 90)]],
  ['one beside dots', [box(80, 95, 6, 6), box(95, 95, 6, 6), box(60, 15, 4, 90)]],
  ['one less than twice as high', [...DIGITS, box(60, 20, 4, 58)]],
  ['one with a foot', [...DIGITS, box(60, 15, 4, 90), box(52, 100, 20, 5)]],
  [
    'one that is bent by six pixels',
    [
      ...DIGITS,
      (row, column) => box(60 + Math.round(((row - 60) * (row - 60)) / 340), 15, 4, 90)(row, column),
    ],
  ],
  [
    'one whose width changes from two to eight pixels',
    [...DIGITS, (row, column) => box(60, 15, 2 + Math.floor(row / 16), 90)(row, column)],
  ],
  ['one that stands far away', [box(170, 40, 20, 30), box(175, 80, 5, 30), box(10, 15, 4, 60)]],
])('%s is no rule', (_, marks) => {
  expect(rulesIn(...marks)).toBe(0);
});
