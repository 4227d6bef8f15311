import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { wilson } from './wilson.ts';

test.each(fixture.wilson)(
  'the interval of $successes of $n at $confidence is within 1e-13 of SciPy',
  ({ successes, n, confidence, low, high }) => {
    const found = wilson(successes, n, confidence);
    expect(Math.abs(found.low - low)).toBeLessThan(1e-13);
    expect(Math.abs(found.high - high)).toBeLessThan(1e-13);
  },
);

test('property: failures mirror successes; the share seen lies inside', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const successes = Math.round(2 * n * share) / 2;
      const { low, high } = wilson(successes, n);
      const mirrored = wilson(n - successes, n);
      expect(mirrored.low).toBeCloseTo(1 - high, 14);
      expect(mirrored.high).toBeCloseTo(1 - low, 14);
      expect(low).toBeLessThanOrEqual(successes / n);
      expect(high).toBeGreaterThanOrEqual(successes / n);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
});

test('impossible counts and confidences are refused', () => {
  for (const successes of [-1, 6, NaN]) expect(() => wilson(successes, 5)).toThrow(/0 <= successes <= n/);
  for (const n of [0, 2.5, NaN]) expect(() => wilson(0, n)).toThrow(/whole number >= 1/);
  expect(() => wilson(1, 2, 95)).toThrow(/received 95/);
});
