import { expect, test } from 'vitest';
import { seamsOf } from './seams.ts';

/** # is ink. */
function maskOf(lines: readonly string[]) {
  const data = Uint8Array.from(lines.join(''), (sign) => (sign === '#' ? 1 : 0));
  return { data, rows: lines.length, columns: lines[0].length };
}

test('a way through paper is found with its bend, and goes through no ink', () => {
  const mask = maskOf([
    ...new Array<string>(5).fill('#####.######'),
    ...new Array<string>(5).fill('######.#####'),
  ]);
  const seams = seamsOf(mask, 10, 0);
  expect(seams.map(({ columns, crossed }) => [[...columns], crossed])).toEqual([
    [[5, 5, 5, 5, 5, 6, 6, 6, 6, 6], 0],
  ]);
});

test('two blocks joined by a bridge of one row are cut on it, through one pixel', () => {
  const block = '#'.repeat(20);
  const lines = Array.from({ length: 20 }, (_, row) => block + (row === 12 ? '####' : '....') + block);
  expect(seamsOf(maskOf(lines), 20, 0)).toEqual([]);
  const seams = seamsOf(maskOf(lines), 20, 1);
  expect(seams.length).toBeGreaterThan(0);
  for (const { columns, crossed } of seams) {
    expect(crossed).toBe(1);
    expect(columns.every((column) => column >= 20 && column < 24)).toBe(true);
  }
});

test('a block of ten rows is cut only where ten pixels may be crossed', () => {
  const block = maskOf(new Array<string>(10).fill('#'.repeat(12)));
  expect(seamsOf(block, 10, 9)).toEqual([]);
  const seams = seamsOf(block, 10, 10);
  expect(seams.length).toBeGreaterThan(0);
  expect(seams.every(({ crossed }) => crossed === 10)).toBe(true);
});

test('seams come from the left, at least .08 heights apart on average', () => {
  const block = maskOf(new Array<string>(10).fill('#'.repeat(80)));
  const middles = seamsOf(block, 50, 10).map(({ columns }) => columns.reduce((sum, x) => sum + x, 0) / 10);
  expect(middles.length).toBeGreaterThan(5);
  middles.slice(1).forEach((middle, k) => expect(middle - middles[k]).toBeGreaterThanOrEqual(4));
});
