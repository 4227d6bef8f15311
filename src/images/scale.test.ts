import { expect, test } from 'vitest';
import { scaledTo } from './scale.ts';

const picture = (rows: number, columns: number, bytes: readonly number[], channels = 1) => ({
  data: Uint8Array.from(bytes),
  rows,
  columns,
  channels,
});

test('scaledTo: means of areas, worked by hand', () => {
  expect([...scaledTo(picture(2, 4, [0, 10, 20, 30, 40, 50, 60, 70]), 1, 2)]).toEqual([25, 45]);
  // Three columns become two: each has one and half of the middle one.
  expect([...scaledTo(picture(1, 3, [0, 90, 180]), 1, 2)]).toEqual([30, 150]);
});

test('scaledTo keeps the form: what is left over has the mean of the border', () => {
  // 2 × 1 in 2 × 3: one column of the picture, in the middle.
  expect([...scaledTo(picture(2, 1, [100, 200]), 2, 3)]).toEqual([150, 100, 150, 150, 200, 150]);
  // 2 × 1 in 2 × 2: half a pixel left.
  expect([...scaledTo(picture(2, 1, [100, 200]), 2, 2)]).toEqual([100, 150, 200, 150]);
  // 1 × 3 in 2 × 3: the row above, half a pixel up.
  expect([...scaledTo(picture(1, 3, [10, 20, 30]), 2, 3)]).toEqual([10, 20, 30, 20, 20, 20]);
  // Both channels by themselves.
  expect([...scaledTo(picture(1, 1, [7, 9], 2), 1, 2)]).toEqual([7, 9, 7, 9]);
});

test('scaledTo gives back a picture that has the size', () => {
  const own = picture(2, 3, [1, 2, 3, 4, 5, 6]);
  expect(scaledTo(own, 2, 3)).toBe(own.data);
});
