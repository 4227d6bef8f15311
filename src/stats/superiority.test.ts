import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { pairedSuperiority, superiority } from './superiority.ts';

test.each(fixture.superiority)(
  'P(A > B) of $a and $b agrees with SciPy’s U within 1e-14, its interval with a root finder within 1e-12',
  ({ a, b, probability, low, high }) => {
    const found = superiority(a, b);
    expect(found.probability).toBeCloseTo(probability, 14);
    expect(found.low).toBeCloseTo(low, 12);
    expect(found.high).toBeCloseTo(high, 12);
  },
);

test('over pairs: 3 wins, a tie and a defeat are .7, Wilson’s interval for 3.5 of 5', () => {
  const found = pairedSuperiority([0.1, 2, 3, 0, -1]);
  expect(found.probability).toBe(0.7);
  // (p − 0.7)²·5 = 1.959964²·p(1 − p) is 8.8415p² − 10.8415p + 2.45 = 0.
  expect(found.low).toBeCloseTo(0.29879, 5);
  expect(found.high).toBeCloseTo(0.9274, 4);
  expect(pairedSuperiority([0, 0]).probability).toBe(0.5);
});

test('where every A is above every B the interval still has width', () => {
  const { probability, low, high } = superiority([4, 5, 6], [1, 2, 3]);
  expect([probability, high]).toEqual([1, 1]);
  expect(low).toBeGreaterThan(0.3);
  expect(low).toBeLessThan(0.9);
  expect(pairedSuperiority([1]).low).toBeGreaterThan(0);
});

test('property: swapping the arms mirrors everything at ½, and the probability lies inside', () => {
  const sample = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      for (const [found, swapped] of [
        [superiority(a, b), superiority(b, a)],
        [pairedSuperiority(a), pairedSuperiority(a.map((d) => -d))],
      ]) {
        expect(swapped.probability).toBeCloseTo(1 - found.probability, 12);
        expect(swapped.low).toBeCloseTo(1 - found.high, 12);
        expect(found.low).toBeLessThanOrEqual(found.probability);
        expect(found.high).toBeGreaterThanOrEqual(found.probability);
        expect(found.low).toBeGreaterThanOrEqual(0);
        expect(found.high).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('empty samples, NaN and wrong confidences are refused', () => {
  expect(() => pairedSuperiority([])).toThrow(/at least 1 value/);
  expect(() => pairedSuperiority([NaN])).toThrow(/finite/);
  expect(() => superiority([1], [])).toThrow(/second sample/);
  expect(() => superiority([NaN], [1])).toThrow(/finite/);
  expect(() => superiority([1], [1], 0)).toThrow(/confidence/);
});
