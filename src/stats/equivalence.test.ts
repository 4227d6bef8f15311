import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tost } from './equivalence.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { placeAgainstRope } from './rope.ts';

test.each(fixture.tost)(
  'TOST of $differences against ±$rope agrees with SciPy within 1e-11, its interval within 1e-8 of its width',
  ({ differences, rope, pAboveLower, pBelowUpper, low, high }) => {
    const found = tost(differences, rope);
    expect(found.pAboveLower / pAboveLower - 1).toBeCloseTo(0, 11);
    expect(found.pBelowUpper / pBelowUpper - 1).toBeCloseTo(0, 11);
    expect(found.p).toBe(Math.max(found.pAboveLower, found.pBelowUpper));
    expect(Math.abs(found.low - low)).toBeLessThan(1e-8 * (high - low));
    expect(Math.abs(found.high - high)).toBeLessThan(1e-8 * (high - low));
    expect(found.verdict === 'equivalent').toBe(Math.max(pAboveLower, pBelowUpper) < 0.05);
    expect(found.confidence).toBe(0.9);
  },
);

test('an interval is placed in all four ways, and one that touches the border is undecided', () => {
  const placed = (low: number, high: number) => placeAgainstRope({ low, high }, 1);
  expect(placed(-0.9, 0.9)).toBe('equivalent');
  expect(placed(0.1, 0.9)).toBe('equivalent');
  expect(placed(1.1, 2)).toBe('above');
  expect(placed(-2, -1.1)).toBe('below');
  expect(placed(0.5, 1.5)).toBe('undecided');
  expect(placed(-2, 2)).toBe('undecided');
  expect(placed(-1, 0)).toBe('undecided');
  expect(placed(1, 2)).toBe('undecided');
  expect(placeAgainstRope({ low: -Infinity, high: Infinity }, 0)).toBe('undecided');
});

test('differences all 0 are equivalent; equal ones beyond the region are not; on its border nothing is decided', () => {
  expect(tost([0, 0, 0], 0.001)).toMatchObject({ p: 0, low: 0, high: 0, verdict: 'equivalent' });
  expect(tost([0.2, 0.2], 0.1)).toMatchObject({ p: 1, verdict: 'above' });
  expect(tost([-0.1, -0.1], 0.1)).toMatchObject({ p: 0.5, verdict: 'undecided' });
});

test('a region of no width is never equivalent', () => {
  expect(tost([0, 0, 0], 0).verdict).toBe('undecided');
  expect(tost([1, -1, 0.5], 0).p).toBeGreaterThanOrEqual(0.5);
});

test('property: swapping the arms mirrors the test, and p < α says equivalent exactly when the interval does', () => {
  const samples = fc.array(fc.integer({ min: -10, max: 10 }), { minLength: 2, maxLength: 10 });
  const mirrored = {
    equivalent: 'equivalent',
    above: 'below',
    below: 'above',
    undecided: 'undecided',
  } as const;
  fc.assert(
    fc.property(samples, fc.constantFrom(0.01, 0.05, 0.2), (differences, alpha) => {
      const found = tost(differences, 4.5, alpha);
      const swapped = tost(
        differences.map((d) => -d),
        4.5,
        alpha,
      );
      expect(swapped.verdict).toBe(mirrored[found.verdict]);
      expect(swapped.pAboveLower).toBeCloseTo(found.pBelowUpper, 12);
      expect(found.verdict === 'equivalent').toBe(found.p < alpha);
    }),
  );
});

test('too few differences, NaN and wrong regions or levels are refused', () => {
  expect(() => tost([1], 1)).toThrow(/at least 2/);
  expect(() => tost([1, NaN], 1)).toThrow(/finite/);
  for (const rope of [-1, NaN, Infinity]) expect(() => tost([1, 2], rope)).toThrow(/half-width >= 0/);
  for (const alpha of [0, 0.5, NaN]) expect(() => tost([1, 2], 1, alpha)).toThrow(/between 0 and 1/);
});
