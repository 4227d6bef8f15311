import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { toBase64 } from './base64.ts';
import { digitSprite } from './digitPng.ts';
import { PIXELS } from './input.ts';

test('base64 agrees with the host for every byte and every remainder', () => {
  for (const length of [0, 1, 2, 3, 256, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }
});

test('a sprite places image k in column k mod 2, inverted, within half of one of 16 levels', () => {
  const images = Uint8Array.from({ length: 3 * PIXELS }, (_, i) => (i * 37 + (i >> 3)) & 255);
  const uri = digitSprite(images, [2, 0, 1], 2);
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
