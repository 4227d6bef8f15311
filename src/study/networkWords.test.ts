import { expect, test } from 'vitest';
import { widthsText } from './network.ts';

test.each([
  [[], 'no hidden layer'],
  [[1], 'a hidden layer of 1 unit'],
  [[1024], 'a hidden layer of 1,024 units'],
  [[128, 64, 32], 'hidden layers of 128, 64 and 32 units'],
])('the widths %j in words', (units, words) => {
  expect(widthsText(units)).toBe(words);
});
