import { expect, test } from 'vitest';
import { fixed } from './fixed.ts';

test.each([
  // By Python's f'{x:.{digits}f}'.
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [-0.125, 2, '-0.12'],
  [0.5, 0, '0'],
  [1.5, 0, '2'],
  [2.5, 0, '2'],
  [-0.5, 0, '-0'],
  [0.03125, 4, '0.0312'],
  [0.15, 1, '0.1'],
  [1.005, 2, '1.00'],
  [0.999, 2, '1.00'],
  [123456.789, 1, '123456.8'],
  [0, 2, '0.00'],
  [1e-30, 3, '0.000'],
])('%d with %i digits is %s', (x, digits, expected) => {
  expect(fixed(x, digits)).toBe(expected);
});
