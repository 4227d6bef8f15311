import { expect, test } from 'vitest';
import { classCounts } from '../data/examples.ts';
import { dataIdentity } from '../data/identity.ts';
import { UNIPEN_DIGITS } from '../data/unipen/drawnDigits.ts';
import { sha256 } from './sha256.ts';
import { loadUnipenDigits } from './unipen.ts';

test('the drawings that come with Dactyl: counts as its README has them, the same bytes everywhere', () => {
  const drawn = loadUnipenDigits();
  expect(drawn.images.shape).toEqual([8057, 28, 28]);
  // Counted by Python's json and collections.Counter.
  expect(classCounts(drawn)).toEqual([852, 888, 819, 804, 841, 764, 772, 786, 761, 770]);
  expect(new Set(drawn.writers).size).toBe(134);
  const bySource = drawn.sourceNames.map((_, s) => drawn.sources.filter((source) => source === s).length);
  expect(Object.fromEntries(drawn.sourceNames.map((name, s) => [name, bySource[s]]))).toMatchObject({
    aga: 225,
    apb: 789,
    lou: 7,
    syn: 2021,
  });
  expect(bySource).toHaveLength(17);
  expect(sha256(drawn.images.data)).toBe('f6aa402adf0207125e481e1fb0533b660183f4702b63901042e967f0ad6d53ae');
});

test('drawings lie in their images as MNIST’s digits do: ink of 20 pixels, its centre of mass at 13.5 to 14.5', () => {
  const { images } = loadUnipenDigits();
  let apart = 0;
  const sides = new Map<number, number>();
  for (let i = 0; i < 8057; i++) {
    const image = images.data.subarray(i * 784, (i + 1) * 784);
    let [mass, x, y] = [0, 0, 0];
    const [rows, columns]: number[][] = [[], []];
    image.forEach((byte, k) => {
      if (byte === 0) return;
      rows.push(Math.floor(k / 28));
      columns.push(k % 28);
      mass += byte;
      x += byte * (k % 28);
      y += byte * Math.floor(k / 28);
    });
    const spans = [rows, columns].map((at) => Math.max(...at) - Math.min(...at) + 1);
    sides.set(Math.max(...spans), (sides.get(Math.max(...spans)) ?? 0) + 1);
    if ([x / mass, y / mass].some((index) => index <= 13.5 - 1e-9 || index > 14.5 + 1e-9)) apart++;
  }
  // Three drawings are a dot and no more.
  expect(sides).toEqual(
    new Map([
      [20, 8054],
      [4, 3],
    ]),
  );
  // Those that would reach over the edge.
  expect(apart).toBe(0);
});

test('what keys say of the drawings: SHA-256 of their images and labels as IDX files', () => {
  const drawn = loadUnipenDigits();
  expect(dataIdentity({ train: drawn, test: drawn }).slice(0, 2)).toEqual(UNIPEN_DIGITS.identity);
  expect([drawn.labels.length, new Set(drawn.writers).size]).toEqual([
    UNIPEN_DIGITS.images,
    UNIPEN_DIGITS.writers,
  ]);
});
