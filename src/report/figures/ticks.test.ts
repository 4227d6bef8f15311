import { expect, test } from 'vitest';
import { tickDigits } from './ticks.ts';

// Steps of d3.tickStep, by hand.
test.each<[domain: [number, number], count: number, digits: number]>([
  // 0.05: the test accuracies of five networks between 99.57 and 99.62 %.
  [[99.52, 99.67], 4, 2],
  // 0.1
  [[97.3, 97.7], 4, 1],
  // 0.5
  [[96, 98], 4, 1],
  // 1, 5, 20
  [[94, 98], 4, 0],
  [[80, 100], 4, 0],
  [[0, 100], 5, 0],
  // 0.02
  [[0, 0.1], 5, 2],
])('%j in about %i steps: %i decimals', (domain, count, digits) => {
  expect(tickDigits(domain, count)).toBe(digits);
});
