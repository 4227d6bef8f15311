import { expect, test } from 'vitest';
import fixtures from '../../test/fixtures/strokes.json' with { type: 'json' };
import { errorOf } from '../../test/support/models.ts';
import { rasterizeStrokes } from './rasterize.ts';

const row = (image: Uint8Array, r: number) => [...image.subarray(28 * r, 28 * (r + 1))];

test('drawings are what NumPy makes of them, every byte', () => {
  for (const { strokes, bytes } of fixtures) {
    expect(Buffer.from(rasterizeStrokes(strokes)).toString('hex')).toBe(bytes);
  }
});

test('an upright line, worked by hand: 2.3 pixels wide, 20 high, its centre of mass at 15', () => {
  // In the square of 20 it reaches from 8.85 to 11.15: of columns 8 and 11 one eighth, the points at 8.9375 and 11.0625.
  const image = rasterizeStrokes([[0, 0, 0, 1000]]);
  const whole = [...new Array<number>(13).fill(0), 32, 255, 255, 32, ...new Array<number>(11).fill(0)];
  for (const r of [8, 14, 20]) expect(row(image, r)).toEqual(whole);
  expect(Array.from({ length: 28 }, (_, r) => row(image, r).some((byte) => byte > 0)).indexOf(true)).toBe(5);
  expect(row(image, 25).every((byte) => byte === 0)).toBe(true);
});

test('a dot is as large as the pen: π · 1.15² pixels of ink within 2 %, wherever and in whatever unit', () => {
  const ink = (image: Uint8Array) => image.reduce((sum, byte) => sum + byte, 0) / 255;
  const dot = rasterizeStrokes([[3, 4]]);
  expect(Math.abs(ink(dot) / (Math.PI * 1.15 * 1.15) - 1)).toBeLessThan(0.02);
  expect(rasterizeStrokes([[1e9, -7, 1e9, -7]])).toEqual(dot);
  expect(
    rasterizeStrokes([
      [0, 0],
      [0, 1e-320],
    ]),
  ).toEqual(dot);
});

test('another pen, worked by hand: an upright line 4 pixels wide and 20 high; one as wide as the image is a disc within 1 %', () => {
  // In the square of 20 it reaches from 8 to 12.
  const image = rasterizeStrokes([[0, 0, 0, 1000]], 4);
  const whole = Array.from({ length: 28 }, (_, c) => (c >= 13 && c < 17 ? 255 : 0));
  for (const r of [8, 14, 20]) expect(row(image, r)).toEqual(whole);
  const disc = rasterizeStrokes([[0, 0, 5, 9]], 20);
  const ink = disc.reduce((sum, byte) => sum + byte, 0) / 255;
  expect(Math.abs(ink / (Math.PI * 10 * 10) - 1)).toBeLessThan(0.01);
});

test('unit and place of the coordinates change nothing', () => {
  const [{ strokes }] = fixtures;
  const moved = strokes.map((stroke) => stroke.map((value) => 4 * value - 64));
  expect(rasterizeStrokes(moved)).toEqual(rasterizeStrokes(strokes));
});

test('what is no drawing is refused, with the place', async () => {
  expect(await errorOf(() => rasterizeStrokes([]))).toMatchObject({ code: 'E_SHAPE' });
  expect(await errorOf(() => rasterizeStrokes([[1, 2], []]))).toMatchObject({
    code: 'E_SHAPE',
    message: 'Stroke 1: expected x and y of at least one point, received 0 numbers.',
  });
  expect(await errorOf(() => rasterizeStrokes([[1, 2, 3]]))).toMatchObject({ code: 'E_SHAPE' });
  expect(await errorOf(() => rasterizeStrokes([[1, 2, NaN, 3]]))).toMatchObject({ code: 'E_ARGUMENT' });
  for (const pen of [0, -1, 20.1, NaN]) {
    expect(await errorOf(() => rasterizeStrokes([[1, 2]], pen))).toMatchObject({
      code: 'E_ARGUMENT',
      message: `A drawing: expected a pen above 0 and at most 20 pixels wide; received ${pen}.`,
    });
  }
  expect(await errorOf(() => rasterizeStrokes([[-1e308, 0, 1e308, 0]]))).toMatchObject({
    code: 'E_ARGUMENT',
  });
});
