import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { toBase64 } from './base64.ts';
import { imageSprite } from './imagePng.ts';
import { PIXELS } from './input.ts';

test('base64 agrees with the host for every byte and every remainder', () => {
  for (const length of [0, 1, 2, 3, 256, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }
});

test('a sprite places image k in column k mod 2, inverted, within half of one of 16 levels', () => {
  const images = Uint8Array.from({ length: 3 * PIXELS }, (_, i) => (i * 37 + (i >> 3)) & 255);
  const uri = imageSprite(images, [2, 0, 1], 2);
  expect(uri).toMatch(/^data:image\/png;base64,/);
  const { width, height, depth, data } = decode(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'));
  expect([width, height, depth]).toEqual([56, 56, 4]);
  const level = (x: number, y: number) => (data[(y * 56 + x) >> 1] >> (x % 2 === 0 ? 4 : 0)) & 15;
  const at: readonly [image: number, left: number, top: number][] = [
    [2, 0, 0],
    [0, 28, 0],
    [1, 0, 28],
  ];
  for (const [image, left, top] of at) {
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      const found = level(left + (pixel % 28), top + Math.floor(pixel / 28));
      expect(Math.abs(17 * (15 - found) - images[image * PIXELS + pixel])).toBeLessThanOrEqual(8.5);
    }
  }
  expect(level(40, 40)).toBe(15);
});

const decoded = (uri: string) => decode(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'));

test('images in colour are drawn as they are, in the middle of a square where asked, transparent beside', () => {
  const images = Uint8Array.from({ length: 2 * 3 * 5 * 3 }, (_, i) => (7 * i) & 255);
  const look = { extents: [3, 5, 3], isInk: false } as const;
  const { width, height, channels, data } = decoded(imageSprite(images, [1, -1, 0], 3, look, true));
  expect([width, height, channels]).toEqual([15, 5, 4]);
  const at = (x: number, y: number) => [...data.subarray(4 * (y * 15 + x), 4 * (y * 15 + x) + 4)];
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
  expect(at(7, 2)[3]).toBe(0);
  // Row 1, column 2 of image 0 stands at row 2 of the third square.
  expect(at(12, 2)).toEqual([...images.subarray(3 * (5 + 2), 3 * (5 + 2) + 3), 255]);
  expect(at(4, 1)).toEqual([...images.subarray(45 + 12, 45 + 15), 255]);
});

test.each([
  [[4, 6, 1], true],
  [[4, 5, 1], true],
  [[4, 5, 1], false],
] as const)('grey %j, ink %s: 255 is black on white paper, or white', (extents, isInk) => {
  const images = new Uint8Array(4 * extents[1]);
  images[2 * extents[1] + 3] = 255;
  const { width, depth, channels, data } = decoded(imageSprite(images, [0], 1, { extents, isInk }));
  const level = (p: number): number =>
    depth === 4 ? 17 * ((data[p >> 1] >> (p % 2 === 0 ? 4 : 0)) & 15) : data[channels * p];
  expect([level(2 * width + 3), level(0)]).toEqual(isInk ? [0, 255] : [255, 0]);
});
