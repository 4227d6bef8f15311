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

test('of ten thresholds that of the digit that is read holds', () => {
  const sureFrom = [1, 1, 1, 0.5, 1, 1, 1, 1, 0.95, 1];
  expect(judged(outputs(0.96), sureFrom).notSure).toBeUndefined();
  expect(judged(outputs(0.94), sureFrom).notSure).toBe('8 has a probability of 0.940, below 0.950');
  expect(judged(outputs(0.4), sureFrom).notSure).toBeUndefined();
});
