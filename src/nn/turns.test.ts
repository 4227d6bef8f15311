import { afterEach, expect, test, vi } from 'vitest';
import { rowsInTurns } from './turns.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The rows that are taken at a time where one takes so many milliseconds. */
async function turns(count: number, msPerRow: number | ((from: number) => number)): Promise<number[]> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const sizes: number[] = [];
  let end = 0;
  let asked = 0;
  await rowsInTurns(
    count,
    () => void asked++,
    function* ([from, to]) {
      expect(from).toBe(end);
      // Sums are those of whole 128 rows.
      expect(Math.floor((to - 1) / 128)).toBe(Math.floor(from / 128));
      now += (to - from) * (typeof msPerRow === 'number' ? msPerRow : msPerRow(from));
      sizes.push(to - from);
      end = to;
    },
  );
  expect(end).toBe(count);
  expect(asked).toBe(sizes.length);
  return sizes;
}

test('quick rows are soon taken 128 at a time, slow ones as many as take at most 8 ms, one of those that take longer', async () => {
  expect(await turns(300, 0)).toEqual([1, 1, 2, 4, 8, 16, 32, 64, 128, 44]);
  expect(await turns(64, 0.5)).toEqual([1, 1, 2, 4, 8, 8, 8, 8, 8, 8, 8]);
  expect(await turns(4, 100)).toEqual([1, 1, 1, 1]);
  expect(await turns(0, 1)).toEqual([]);
});

test('rows that become slow are taken fewer at a time', async () => {
  const sizes = await turns(400, (from) => (from < 128 ? 0 : 0.2));
  expect(sizes).toEqual([1, 1, 2, 4, 8, 16, 32, 64, 128, 64, 32, 32, 16]);
});
