import { expect, test } from 'vitest';
import { greyOf } from './grey.ts';

/** 40 × 40 pixels of paper with a stroke of 4 × 30 for each colour of ink. */
function written(paper: readonly number[], inks: readonly (readonly number[])[]) {
  const data = new Uint8Array(40 * 40 * 3);
  for (let i = 0; i < 1600; i++) {
    const [row, column] = [Math.floor(i / 40), i % 40];
    const ink = row >= 5 && row < 35 && column % 10 < 4 ? inks[Math.floor(column / 10)] : undefined;
    data.set(ink ?? paper, 3 * i);
  }
  return { data, rows: 40, columns: 40, channels: 3 };
}

test('by hand: black ink is seen by its luminance, .299 R + .587 G + .114 B', () => {
  const grey = greyOf(written([250, 240, 230], [[20, 20, 20]]));
  expect(grey.data[39]).toBeCloseTo(0.299 * 250 + 0.587 * 240 + 0.114 * 230, 4);
  expect(grey.data[20 * 40]).toBeCloseTo(20, 4);
});

test('a yellow pen on white paper is seen by its blue, pens of all colours by the least channel', () => {
  expect(greyOf(written([250, 250, 250], [[250, 240, 40]])).data[20 * 40]).toBe(40);
  const pens = greyOf(
    written(
      [250, 250, 250],
      [
        [250, 60, 60],
        [60, 250, 60],
        [60, 60, 250],
      ],
    ),
  );
  for (const column of [0, 10, 20]) expect(pens.data[20 * 40 + column]).toBe(60);
});

test('a picture of 12 megapixels is reduced three times, by means', () => {
  const grey = greyOf({ data: new Uint8Array(12_000_000).fill(77), rows: 3000, columns: 4000, channels: 1 });
  expect([grey.factor, grey.rows, grey.columns]).toEqual([3, 1000, 1334]);
  expect(grey.data[0]).toBe(77);
});
