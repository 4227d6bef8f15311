import { expect, test } from 'vitest';
import { signOf } from './estimate.ts';

test.each([
  [0.1, 0.3, 'above'],
  [-0.3, -0.1, 'below'],
  [-0.1, 0.1, 'open'],
  [0, 0.1, 'open'],
  [-0.1, 0, 'open'],
  [0.2, 0.2, 'open'],
  [-0.2, -0.2, 'open'],
  [null, null, 'open'],
] as const)(
  'an estimate from %d to %d lies %s: without an interval, or with one of no width, nothing is certain',
  (low, high, side) => {
    expect(signOf({ n: 3, mean: 0.2, low, high })).toBe(side);
  },
);
