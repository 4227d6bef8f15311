import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorOf } from '../../test/support/models.ts';
import { type PenStroke, rasterizeStrokes } from '../images/rasterize.ts';
import { untrained } from './fixtures/untrained.ts';
import { readStrokes } from './readStrokes.ts';

const reader = untrained();

test('any finite strokes are read: each stroke in one digit, boxes within all of them', () => {
  const strokes = fc.array(
    fc
      .array(fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 })), {
        minLength: 1,
        maxLength: 8,
      })
      .map((points) => points.flat()),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(strokes, (drawn) => {
      const { numbers, width, height } = readStrokes(drawn, reader);
      for (const { box, digits } of numbers) {
        expect(digits.length).toBeGreaterThan(0);
        expect(box.width).toBeLessThanOrEqual(width);
        expect(box.height).toBeLessThanOrEqual(height);
      }
    }),
    { numRuns: 200 },
  );
});

test('one stroke is seen as it is drawn alone; strokes above each other are one digit', () => {
  const seven = [
    [0, 0, 50, 0, 20, 100],
    [10, 50, 45, 50],
  ];
  const { numbers } = readStrokes(seven, reader);
  expect(numbers.length).toBe(1);
  expect(numbers[0].digits.length).toBe(1);
  expect(numbers[0].digits[0].image).toEqual(rasterizeStrokes(seven));
});

const bars = (count: number, height = 100): PenStroke[] =>
  Array.from({ length: count }, (_, i) => [i * 50, 0, i * 50, height]);
const found = (strokes: PenStroke[]): number =>
  readStrokes(strokes, reader).numbers.flatMap(({ digits }) => digits).length;

test('a row of 3, 82 or 2,000 strokes has as many digits, however long it is', () => {
  for (const count of [3, 82, 2000]) expect(found(bars(count))).toBe(count);
});

test('underlines and dots, near or far, are marks that look like no digit, and the digits stay', () => {
  const further: PenStroke[] = [
    [0, 130, 300, 130],
    [-5000, 130, 5000, 130],
    [-5000, 50, 5000, 50],
    [100_000, 100_000],
    [5000, 0, 5002, 3],
  ];
  for (const mark of further) {
    const { numbers, notes } = readStrokes([...bars(3), mark], reader);
    expect(numbers.map(({ digits }) => digits.length)).toEqual([3]);
    expect(notes).toEqual(['1 mark looks like no digit.']);
  }
});

test('an upright rule beside digits is a mark that looks like no digit', () => {
  const slanted = bars(3).map((bar): PenStroke => [bar[0] + 20, 0, bar[0], 100]);
  const { numbers, notes } = readStrokes([...slanted, [1000, -5000, 1000, 5000]], reader);
  expect(numbers.flatMap(({ digits }) => digits).length).toBe(3);
  expect(notes).toEqual(['1 mark looks like no digit.']);
});

test('digits of a third of the typical height, far from the others, make lines of their own', () => {
  const small = bars(2, 33).map((bar): PenStroke => Array.from(bar, (v, i) => (i % 2 ? v + 900 : v)));
  const { numbers } = readStrokes([...bars(5), ...small], reader);
  expect(numbers.map(({ digits, line }) => [line, digits.length])).toEqual([
    [0, 5],
    [1, 1],
    [1, 1],
  ]);
});

test('no stroke: no number, and a note', () => {
  expect(readStrokes([], reader)).toEqual({
    width: 0,
    height: 0,
    numbers: [],
    notes: ['No digit was found.'],
  });
});

test.each<[string, unknown, string, RegExp]>([
  ['no list', null, 'E_ARGUMENT', /strokes/],
  ['a stroke of text', ['12'], 'E_ARGUMENT', /strokes\[0\]/],
  [
    'half a point',
    [[1, 2, 3]],
    'E_SHAPE',
    /strokes\[0\]: expected x and y of at least one point, received 3/,
  ],
  ['a stroke without a point', [[1, 2], []], 'E_SHAPE', /strokes\[1\]/],
  ['NaN', [[1, NaN]], 'E_ARGUMENT', /finite coordinates, received NaN as number 1/],
  ['an infinite point', [[1, 2, Infinity, 3]], 'E_ARGUMENT', /received Infinity as number 2/],
  ['points too far apart', [[-1.7e308, 0, 1.7e308, 0]], 'E_ARGUMENT', /too far apart/],
  ['a million points', [new Float64Array(2_000_000)], 'E_SHAPE', /at most 100000 points/],
  ['ten thousand strokes', Array.from({ length: 10_000 }, () => [1, 2]), 'E_SHAPE', /at most 2000 strokes/],
])('%s: one sentence', async (_, strokes, code, message) => {
  const error = await errorOf(() => readStrokes(strokes as PenStroke[], reader));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});
