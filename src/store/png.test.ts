import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { svgToPng } from './png.ts';

const svg = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20" viewBox="0 0 60 20" font-family="Inter"><text x="2" y="15" font-size="14">${text}</text></svg>`;

const darkPixels = (png: Uint8Array) => {
  const { data, channels } = decode(png);
  let dark = 0;
  for (let i = 0; i < data.length; i += channels) if (data[i] < 128) dark++;
  return dark;
};

test('a picture has twice the size of its SVG, a white ground, and its text is drawn', () => {
  const { width, height, data } = decode(svgToPng(svg('8888')));
  expect([width, height]).toEqual([120, 40]);
  expect([...data.slice(0, 4)]).toEqual([255, 255, 255, 255]);
  expect(darkPixels(svgToPng(svg('8888')))).toBeGreaterThan(100);
  expect(darkPixels(svgToPng(svg('')))).toBe(0);
});

test('the scale can be chosen', () => {
  expect(decode(svgToPng(svg('1'), 3)).width).toBe(180);
});
