import { expect, test } from 'vitest';
import { rasterizeStrokes } from '../images/rasterize.ts';
import { componentsOf } from './components.ts';
import { isDash, isFlat } from './flat.ts';

/** A block of ink in the middle of an image. */
function block(high: number, wide: number, value = 255): Uint8Array {
  const image = new Uint8Array(784);
  for (let row = 0; row < high; row++) {
    const start = (row + 14 - Math.floor(high / 2)) * 28 + 14 - Math.floor(wide / 2);
    image.fill(value, start, start + wide);
  }
  return image;
}

test.each([
  ['more than two and a half times as wide as high', block(7, 20), true],
  ['two and a half times as wide as high', block(8, 20), false],
  ['upright, as a 1 is', block(20, 3), false],
  ['without ink', block(0, 0), false],
  ['with faint ink alone', block(3, 20, 63), false],
])('ink %s', (_, image, flat) => {
  expect(isFlat(image)).toBe(flat);
});

test('a dash drawn with a pen is flat, level or sloping by a tenth; as steep as 45° it is not', () => {
  expect([0, 5, 10, 100].map((y) => isFlat(rasterizeStrokes([[0, 0, 100, y]])))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('a mark as low as its stroke is a dash; one as wide and higher may be digits that touch', () => {
  const isOne = (rows: readonly string[]): boolean => {
    const data = Float32Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0));
    const { components } = componentsOf({ data, rows: rows.length, columns: rows[0].length }, 0.5);
    expect(components.length).toBe(1);
    return isDash(components[0]);
  };
  const bar = new Array<string>(3).fill('#'.repeat(24));
  expect(isOne(bar)).toBe(true);
  expect(isOne(['###'.padEnd(24, '.'), ...bar, '###'.padStart(24, '.')])).toBe(true);
  expect(isOne([...bar.slice(1), ...new Array<string>(7).fill('##....####....####....##')])).toBe(false);
  expect(isOne(new Array<string>(24).fill('###'))).toBe(false);
});
