import { expect, test } from 'vitest';
import { naturalLogarithm } from './logarithm.ts';
import { Random } from './random.ts';

test('ln x has an error below 1e-15 relative + 2e-16 absolute over 600 orders of magnitude and near 1', () => {
  const random = new Random(1, 'logarithm');
  const arguments_ = [
    1,
    2,
    0.5,
    10,
    Math.E,
    Math.SQRT2,
    Math.SQRT1_2,
    1 + 2 ** -52,
    1 - 2 ** -53,
    2 ** -1022,
    Number.MAX_VALUE,
    5e-324,
  ];
  for (let k = 0; k < 20_000; k++) {
    arguments_.push(
      10 ** (600 * random.uniform() - 300),
      2 * random.uniform() + 1e-9,
      1 + (random.uniform() - 0.5) * 1e-3,
    );
  }
  for (const x of arguments_) {
    const expected = Math.log(x);
    expect(Math.abs(naturalLogarithm(x) - expected), `x = ${x}`).toBeLessThanOrEqual(
      1e-15 * Math.abs(expected) + 2e-16,
    );
  }
});

test('exact values, and NaN', () => {
  expect(naturalLogarithm(1)).toBe(0);
  expect(naturalLogarithm(2)).toBe(Math.LN2);
  expect(naturalLogarithm(0.25)).toBe(-2 * Math.LN2);
  expect(naturalLogarithm(NaN)).toBeNaN();
});
