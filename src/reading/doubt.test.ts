import { expect, test } from 'vitest';
import { judged } from './doubt.ts';

/** `first` for 8, the rest for 3. */
function outputs(first: number): Float64Array {
  const all = new Float64Array(11);
  all[8] = first;
  all[3] = 1 - first;
  return all;
}

test('a probability and the threshold below which it lies are never written alike', () => {
  expect(judged(outputs(0.925), 0.9584).notSure).toBe('8 has a probability of 0.925, below 0.958');
  expect(judged(outputs(0.9579), 0.9584).notSure).toBe('8 has a probability of 0.9579, below 0.9584');
  expect(judged(outputs(0.9584), 0.9584).notSure).toBeUndefined();
});
