import { expect, test } from 'vitest';
import { singleDesignEffect } from './designEffects.ts';

test('the design effect of one network weighs each population by its share of the variance, by hand within 1e-12', () => {
  expect(singleDesignEffect([0.5, 1])).toBeCloseTo(1.6, 12);
  expect(singleDesignEffect([1, 0.9])).toBeCloseTo(3.4, 12);
  // 5,001 · 0.04 · 0.96 = 192.0384 and 4,999 · 0.02 · 0.98 = 97.9804.
  expect(singleDesignEffect([0.96, 0.98])).toBeCloseTo(
    (1.6 * 192.0384 + 3.4 * 97.9804) / (192.0384 + 97.9804),
    12,
  );
  expect(singleDesignEffect([1, 1])).toBe(3.4);
});
