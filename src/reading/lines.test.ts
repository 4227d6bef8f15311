import { expect, test } from 'vitest';
import { chainsOf, linesOf } from './lines.ts';

const mark = (left: number, right: number, top: number, bottom: number) => ({ left, right, top, bottom });

test('digits side by side make a chain if they share two fifths of the lower one’s height, and are near', () => {
  const first = mark(0, 5, 0, 10);
  const lower = mark(8, 13, 6, 16);
  const tooLow = mark(8, 13, 7, 17);
  const far = mark(24, 29, 0, 10);
  expect(chainsOf([lower, first], 1)).toEqual([[first, lower]]);
  expect(chainsOf([tooLow, first], 1)).toEqual([[first], [tooLow]]);
  // 19 to the right of the first, which is 1.9 of their heights.
  expect(chainsOf([first, far], 1.8)).toEqual([[first], [far]]);
  expect(chainsOf([first, far], 1.9)).toEqual([[first, far]]);
});

test('a digit joins the chain whose last one it shares most with', () => {
  const [upper, lower, next] = [mark(0, 5, 0, 10), mark(0, 5, 10, 20), mark(8, 13, 6, 16)];
  expect(chainsOf([next, upper, lower], 1)).toEqual([[upper], [lower, next]]);
});

test('lines come from the top, their marks from the left; a line is as high as all but a fifth of its digits', () => {
  const above = [10, 8, 9, 12, 11].map((height, k) => mark(10 * k, 10 * k + 6, 20 - height, 20));
  const below = [mark(30, 36, 50, 60), mark(0, 6, 50, 60)];
  const lines = linesOf([...below, ...above], 10);
  // Of 8, 9, 10, 11, 12 the fourth.
  expect(lines.map(({ height }) => height)).toEqual([11, 10]);
  expect(lines[0].marks).toEqual(above);
  expect(lines[1].marks).toEqual([below[1], below[0]]);
});

test('a small mark goes to the line that it is nearest to, within .35 of its height, or to none', () => {
  const [above, below] = [mark(0, 6, 0, 10), mark(0, 6, 16, 26)];
  const bar = mark(7, 9, 12, 13);
  const dot = mark(7, 9, 30, 31);
  const near = linesOf([above, below, bar], 10);
  expect(near.map(({ marks }) => marks)).toEqual([[above, bar], [below]]);
  expect(linesOf([above, below, dot], 10).map(({ marks }) => marks)).toEqual([[above], [below]]);
});
