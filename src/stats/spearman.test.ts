import { expect, test } from 'vitest';
import { spearman } from './spearman.ts';

test('rank correlation without and with ties is worked by hand and SciPy’s within 1e-15', () => {
  // 1 - 6 Σd² / (n (n² - 1)) with d = 0, 1, -1, 1, -1.
  expect(spearman([10, 20, 30, 40, 50], [1, 3, 2, 5, 4])).toBeCloseTo(0.8, 15);
  // Midranks 1.5, 1.5, 3 and 1, 2.5, 2.5: Σ of products 0.75, of squares 1.5 and 1.5.
  expect(spearman([7, 7, 9], [0, 2, 2])).toBeCloseTo(0.5, 15);
  // scipy.stats.spearmanr(a, b).statistic
  expect(spearman([3, 1, 4, 1, 5, 9, 2, 6], [2, 7, 1, 8, 2, 8, 1, 8])).toBeCloseTo(0.19885368120992467, 14);
});

test('−1 for the reverse; undefined where one side is flat; refused for other lengths', () => {
  expect(spearman([1, 2, 3], [9, 4, -1])).toBe(-1);
  expect(spearman([1, 2, 3], [5, 5, 5])).toBeNaN();
  expect(() => spearman([1, 2], [1])).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }) as Error);
});
