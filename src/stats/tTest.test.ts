import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { nadeauBengio } from './nadeauBengio.ts';
import { pairedT } from './pairedT.ts';
import type { Alternative } from './tTest.ts';
import { welch } from './welch.ts';

const ALTERNATIVES: readonly Alternative[] = ['two-sided', 'greater', 'less'];

/** Whether two numbers agree within a share of the second. */
function near(found: number, expected: number, tolerance: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

test.each(fixture.tTests)(
  'the paired t-test of $differences agrees with SciPy within 1e-11, its 90 % interval within 1e-8',
  ({ differences, t, p, low90, high90 }) => {
    for (const alternative of ALTERNATIVES) {
      const found = pairedT(differences, { alternative, confidence: 0.9 });
      near(found.t, t, 1e-11);
      near(found.p, p[alternative], 1e-11);
      near(found.low, low90, 1e-8);
      near(found.high, high90, 1e-8);
    }
  },
);

test.each(fixture.welch)(
  'Welch for $a and $b agrees with SciPy within 1e-11',
  ({ a, b, t, degrees, p, high95 }) => {
    for (const alternative of ALTERNATIVES) {
      const found = welch(a, b, { alternative });
      near(found.t, t, 1e-11);
      near(found.degreesOfFreedom, degrees, 1e-11);
      near(found.p, p[alternative], 1e-11);
      near(found.high, high95, 1e-8);
    }
  },
);

test.each(fixture.nadeauBengio)(
  'the corrected resampled t of $differences, $train and $test agrees with the formula within 1e-11',
  ({ differences, train, test: testSize, t, p }) => {
    const found = nadeauBengio(differences, { trainSize: train, testSize });
    near(found.t, t, 1e-11);
    near(found.p, p, 1e-11);
  },
);

test('worked by hand: 1, 2, 3 with as much for testing as for training has t = 2/√(1/3 + 1)', () => {
  expect(nadeauBengio([1, 2, 3], { trainSize: 10, testSize: 10 }).t).toBeCloseTo(Math.sqrt(3), 14);
});

test('with hardly any test data the correction vanishes: the paired t-test within 1e-8', () => {
  const differences = [0.3, -0.1, 0.4, 0.2];
  near(nadeauBengio(differences, { trainSize: 1e9, testSize: 1 }).t, pairedT(differences).t, 1e-8);
});

test('equal differences: t is 0 with p = 1, or infinite with p = 0, and the interval has no width', () => {
  expect(pairedT([0, 0, 0])).toEqual({
    difference: 0,
    standardError: 0,
    t: 0,
    degreesOfFreedom: 2,
    p: 1,
    low: 0,
    high: 0,
  });
  expect(pairedT([-0.1, -0.1, -0.1])).toMatchObject({ t: -Infinity, p: 0, low: -0.1, high: -0.1 });
  expect(pairedT([0.1, 0.1, 0.1], { alternative: 'less' })).toMatchObject({ t: Infinity, p: 1 });
  expect(welch([1, 1, 1], [1, 1])).toMatchObject({ t: 0, p: 1, degreesOfFreedom: 1 });
  expect(welch([2, 2, 2], [1, 1])).toMatchObject({ t: Infinity, p: 0 });
});

test('property: swapping the arms turns the signs; a change of unit changes t by less than 1e-9', () => {
  const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(samples, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (differences, unit) => {
      const found = pairedT(differences);
      const swapped = pairedT(differences.map((d) => -d));
      // Infinite where all differences are equal; −0 is 0.
      expect(swapped.t === -found.t).toBe(true);
      expect(swapped.p).toBe(found.p);
      expect(swapped.low + found.high).toBeCloseTo(0, 9);
      if (found.standardError > 0) {
        // Of a mean of 0 the products may leave a rest: relative to 1 there.
        const { t } = pairedT(differences.map((d) => d * unit));
        expect(Math.abs(t - found.t)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(found.t)));
        expect(found.p).toBeGreaterThan(0);
        expect(found.p).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('property: of welch, swapping the samples turns the signs', () => {
  const samples = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(samples, samples, (a, b) => {
      const found = welch(a, b);
      const swapped = welch(b, a);
      expect(swapped.t === -found.t).toBe(true);
      expect(found.p).toBe(swapped.p);
      expect(found.degreesOfFreedom).toBeGreaterThanOrEqual(Math.min(a.length, b.length) - 1 - 1e-9);
    }),
  );
});

test('too few values, NaN, infinities and impossible sizes are refused', () => {
  expect(() => pairedT([1])).toThrow(/at least 2 values, received 1/);
  expect(() => pairedT([1, NaN])).toThrow(/finite numbers, received NaN at position 1/);
  expect(() => pairedT([1, Infinity])).toThrow(/finite/);
  expect(() => pairedT([1, 2], { confidence: 95 })).toThrow(/received 95/);
  expect(() => welch([1, 2], [1])).toThrow(/second sample: expected at least 2/);
  expect(() => nadeauBengio([1, 2], { trainSize: 0, testSize: 1 })).toThrow(/sizes above 0/);
  expect(() => nadeauBengio([1, 2], { trainSize: 5, testSize: NaN })).toThrow(/received 5 for training, NaN/);
});
