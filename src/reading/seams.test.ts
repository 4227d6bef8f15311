import { expect, test } from 'vitest';
import { seamsOf, strays } from './seams.ts';

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
  const seams = seamsOf(mask, 10, 0, 0);
  expect(seams.map(({ columns, crossed }) => [[...columns], crossed])).toEqual([
    [[5, 5, 5, 5, 5, 6, 6, 6, 6, 6], 0],
  ]);
});

test('two blocks joined by a bridge of one row are cut on it, through one pixel', () => {
  const block = '#'.repeat(20);
  const lines = Array.from({ length: 20 }, (_, row) => block + (row === 12 ? '####' : '....') + block);
  expect(seamsOf(maskOf(lines), 20, 0, 0)).toEqual([]);
  const seams = seamsOf(maskOf(lines), 20, 1, 0);
  expect(seams.length).toBeGreaterThan(0);
  for (const { columns, crossed } of seams) {
    expect(crossed).toBe(1);
    expect(columns.every((column) => column >= 20 && column < 24)).toBe(true);
  }
});

test('a block of ten rows is cut only where ten pixels may be crossed, but at its ends by seams that lean beside it', () => {
  const block = maskOf(new Array<string>(10).fill('#'.repeat(12)));
  for (const { columns } of seamsOf(block, 10, 9, 0)) {
    expect(columns.some((column) => column === 0 || column === 12)).toBe(true);
  }
  const seams = seamsOf(block, 10, 10, 0);
  expect(seams.length).toBeGreaterThan(0);
  expect(seams.some(({ crossed }) => crossed === 10)).toBe(true);
});

test('seams come from the left, at least .06 heights apart on average', () => {
  const block = maskOf(new Array<string>(10).fill('#'.repeat(80)));
  const middles = seamsOf(block, 50, 10, 0).map(({ columns }) => columns.reduce((sum, x) => sum + x, 0) / 10);
  expect(middles.length).toBeGreaterThan(5);
  middles.slice(1).forEach((middle, k) => expect(middle - middles[k]).toBeGreaterThanOrEqual(3));
});

test('a leaning gap is followed, which no upright band holds', () => {
  // A gap of two columns that goes 16 columns to the right over 40 rows.
  const lines = Array.from({ length: 40 }, (_, row) => {
    const gap = 30 - Math.round(0.4 * row);
    return `${'#'.repeat(gap)}..${'#'.repeat(48 - gap)}`;
  });
  const [first] = seamsOf(maskOf(lines), 40, 0, 0);
  expect(first.crossed).toBe(0);
  first.columns.forEach((column, row) => {
    expect([0, 1]).toContain(column - (30 - Math.round(0.4 * row)));
  });
});

test('ink that a seam leaves by itself goes to the other side, unless there is more of it', () => {
  const mask = maskOf(['##...##', '###..##', '##...##']);
  const seam = { columns: Int32Array.of(2, 2, 2) };
  // The third pixel of the middle row hangs together with the left block alone, whose six pixels stay.
  expect(strays(mask, seam, 0)).toEqual([]);
  expect(strays(mask, seam, 1)).toEqual([9]);
  expect(strays(mask, seam, 5)).toEqual([9]);
});
