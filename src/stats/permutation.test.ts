import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { pairedPermutation } from './permutation.ts';
import { twoSamplePermutation } from './twoSamplePermutation.ts';
import type { Alternative } from './tTest.ts';

const ALTERNATIVES: readonly Alternative[] = ['two-sided', 'greater', 'less'];

test.each(fixture.pairedPermutation)(
  'sign flips of $differences agree with counting every pattern within 1e-14',
  ({ differences, p }) => {
    for (const alternative of ALTERNATIVES) {
      const found = pairedPermutation(differences, { alternative });
      expect(found.p / p[alternative] - 1).toBeCloseTo(0, 14);
      expect(found.exact).toBe(true);
      const smallest = alternative === 'two-sided' ? p.smallest : p.smallestGreater;
      expect(found.smallestP / smallest - 1).toBeCloseTo(0, 14);
    }
  },
);

test.each(fixture.twoSamplePermutation)(
  'divisions of $a and $b agree with counting every one within 1e-14',
  ({ a, b, p, patterns }) => {
    for (const alternative of ALTERNATIVES) {
      const found = twoSamplePermutation(a, b, { alternative });
      expect(found.p / p[alternative] - 1).toBeCloseTo(0, 14);
      expect(found).toMatchObject({ exact: true, patterns });
      const swapped = { 'two-sided': 'two-sided', greater: 'less', less: 'greater' } as const;
      expect(twoSamplePermutation(b, a, { alternative: swapped[alternative] }).p).toBeCloseTo(found.p, 14);
    }
    expect(twoSamplePermutation(a, b).smallestP / p.smallest - 1).toBeCloseTo(0, 14);
    const { smallestP } = twoSamplePermutation(a, b, { alternative: 'greater' });
    expect(smallestP / p.smallestGreater - 1).toBeCloseTo(0, 14);
  },
);

test('five pairs cannot go below .0625', () => {
  const found = pairedPermutation([1, 2, 3, 4, 5]);
  expect(found).toEqual({ difference: 3, p: 0.0625, smallestP: 0.0625, exact: true, patterns: 32 });
});

test('differences that are equal but for rounding are tied: 2 of 4 patterns, not 1', () => {
  const rounded = [0.9765 - 0.9732, -(0.9762 - 0.9729)];
  expect(rounded[0] + rounded[1]).not.toBe(0);
  expect(pairedPermutation(rounded, { alternative: 'greater' }).p).toBe(0.75);
  expect(pairedPermutation(rounded).p).toBe(1);
});

test('no difference at all has p = 1 and cannot have less', () => {
  expect(pairedPermutation([0, 0, 0])).toMatchObject({ difference: 0, p: 1, smallestP: 1, patterns: 1 });
  expect(pairedPermutation([0], { alternative: 'less' })).toMatchObject({ p: 1, smallestP: 1 });
  expect(twoSamplePermutation([0.1, 0.1, 0.1], [0.1, 0.1])).toMatchObject({ p: 1, smallestP: 1 });
});

test('beyond 40 pairs random patterns come within 4 standard errors of the exact p, and never to 0', () => {
  const { differences, p } = fixture.tooManyPatterns.paired;
  for (const alternative of ALTERNATIVES) {
    const random = new Random(1, 'permutation');
    const found = pairedPermutation(differences, { random, resamples: 20_000, alternative });
    expect(Math.abs(found.p - p[alternative])).toBeLessThan(fourErrors(p[alternative], 20_000));
    expect(found).toMatchObject({ exact: false, patterns: 20_000, smallestP: 1 / 20_001 });
  }
  const clear = Array.from({ length: 50 }, (_, i) => 1 + i / 100);
  expect(pairedPermutation(clear, { random: new Random(2, 'permutation'), resamples: 99 }).p).toBe(0.01);
});

test('random divisions of 32 and 38 come within 4 standard errors of the exact p, and never to 0', () => {
  const { a, b, p } = fixture.tooManyPatterns.twoSample;
  for (const alternative of ALTERNATIVES) {
    const random = new Random(3, 'permutation');
    const found = twoSamplePermutation(a, b, { random, resamples: 20_000, alternative });
    expect(Math.abs(found.p - p[alternative])).toBeLessThan(fourErrors(p[alternative], 20_000));
    expect(found).toMatchObject({ exact: false, patterns: 20_000, smallestP: 1 / 20_001 });
  }
  const far = a.map((value) => value + 100);
  const random = new Random(4, 'permutation');
  expect(twoSamplePermutation(far, b, { random, resamples: 99 }).p).toBe(0.01);
});

function fourErrors(p: number, resamples: number): number {
  return 4 * Math.sqrt((p * (1 - p)) / resamples) + 1 / resamples;
}

test('property: p is in (0, 1], at least the smallest one, and the same for swapped arms and another unit', () => {
  const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(sample, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (differences, unit) => {
      const { p, smallestP } = pairedPermutation(differences);
      expect(p).toBeGreaterThanOrEqual(smallestP);
      expect(smallestP).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(pairedPermutation(differences.map((d) => -d)).p).toBe(p);
      expect(pairedPermutation(differences.map((d) => d * unit)).p).toBe(p);
    }),
  );
  fc.assert(
    fc.property(sample, sample, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), (a, b, unit) => {
      const { p, smallestP } = twoSamplePermutation(a, b);
      expect(p).toBeGreaterThanOrEqual(smallestP);
      expect(smallestP).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(twoSamplePermutation(b, a).p).toBe(p);
      const scaled = twoSamplePermutation(
        a.map((x) => x * unit),
        b.map((x) => x * unit),
      );
      expect(scaled.p).toBe(p);
    }),
  );
});

test('empty samples, NaN and a missing random source are refused', () => {
  expect(() => pairedPermutation([])).toThrow(/at least 1 value/);
  expect(() => pairedPermutation([1, NaN])).toThrow(/finite/);
  expect(() => pairedPermutation(new Array<number>(41).fill(1))).toThrow(/Pass \{ random \}/);
  expect(() => twoSamplePermutation([], [1])).toThrow(/first sample: expected at least 1/);
  expect(() => twoSamplePermutation([1], [NaN])).toThrow(/second sample: expected finite/);
  expect(() => twoSamplePermutation(new Array<number>(30).fill(1), new Array<number>(30).fill(2))).toThrow(
    /30 against 30 values/,
  );
  const random = new Random(0, 'permutation');
  const many = new Array<number>(41).fill(1);
  expect(() => pairedPermutation(many, { random, resamples: 0 })).toThrow(/whole number >= 1/);
});
