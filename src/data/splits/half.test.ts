import { expect, test } from 'vitest';
import { randomHalf } from './half.ts';

test('half of the rows, ascending, each once; the same for the same seed', () => {
  for (const n of [2, 7, 1000]) {
    const rows = [...randomHalf(n, 3)];
    expect(rows).toHaveLength(Math.floor(n / 2));
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
    expect(rows.every((row) => row >= 0 && row < n)).toBe(true);
    expect([...randomHalf(n, 3)]).toEqual(rows);
  }
});

test('over 400 seeds every row of 50 is drawn 200 times and every pair 98, both within 5 standard deviations', () => {
  const halves = Array.from({ length: 400 }, (_, seed) => new Set(randomHalf(50, seed)));
  for (let i = 0; i < 50; i++) {
    expect(Math.abs(halves.filter((half) => half.has(i)).length - 200)).toBeLessThan(50);
    for (let j = 0; j < i; j++) {
      const both = halves.filter((half) => half.has(i) && half.has(j)).length;
      expect(Math.abs(both - (400 * 25 * 24) / (50 * 49))).toBeLessThan(5 * 8.6);
    }
  }
});
