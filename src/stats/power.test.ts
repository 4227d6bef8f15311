import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { seedsForEquivalence, seedsForSuperiority, tostPower, tTestPower } from './power.ts';

test.each(fixture.tPower)(
  'the t-test’s power at n $n, difference $difference, alpha $alpha, paired $paired is within 1e-8 of SciPy',
  ({ n, power, ...options }) => {
    expect(Math.abs(tTestPower(n, options) - power)).toBeLessThan(1e-8);
  },
);

test.each(fixture.tostPower)(
  'the power of TOST at n $n, rope $rope, difference $difference is within 1e-10 of quadrature',
  ({ n, rope, power, ...options }) => {
    expect(Math.abs(tostPower(n, rope, options) - power)).toBeLessThan(1e-10);
  },
);

test.each(fixture.seeds.superiority)(
  'seeds for a difference of $difference, paired $paired, power $power: $n, counted up one by one',
  ({ n, ...options }) => {
    expect(seedsForSuperiority({ ...options, sd: 0.0018 })).toBe(n);
  },
);

test.each(fixture.seeds.equivalence)(
  'seeds for equivalence within ±$rope at a difference of $difference: $n, counted up one by one',
  ({ rope, difference, n }) => {
    expect(seedsForEquivalence(rope, { difference, sd: 0.0018 })).toBe(n);
  },
);

test('without a difference power is the level within 1e-10, and no number of seeds is enough', () => {
  for (const n of [2, 5, 100]) expect(tTestPower(n, { difference: 0, sd: 1 })).toBeCloseTo(0.05, 10);
  expect(seedsForSuperiority({ difference: 0, sd: 1 })).toBe(Infinity);
});

test('at or beyond the border of the region equivalence cannot be shown; a region of no width neither', () => {
  for (const difference of [0.1, -0.1, 0.3])
    expect(seedsForEquivalence(0.1, { difference, sd: 1 })).toBe(Infinity);
  expect(tostPower(10, 0, { difference: 0, sd: 1 })).toBe(0);
});

test('the sign of the difference does not matter, and a large one needs two seeds', () => {
  expect(tTestPower(9, { difference: -0.7, sd: 1 })).toBeCloseTo(
    tTestPower(9, { difference: 0.7, sd: 1 }),
    13,
  );
  expect(seedsForSuperiority({ difference: 1000, sd: 1 })).toBe(2);
});

test('seeds, deviations, differences and levels that make no sense are refused', () => {
  const options = { difference: 1, sd: 1 };
  for (const n of [1, 2.5, NaN]) expect(() => tTestPower(n, options)).toThrow(/whole number >= 2/);
  for (const sd of [0, -1, NaN, Infinity])
    expect(() => tTestPower(5, { difference: 1, sd })).toThrow(/above 0/);
  expect(() => tTestPower(5, { difference: NaN, sd: 1 })).toThrow(/finite difference/);
  expect(() => tTestPower(5, { ...options, alpha: 1 })).toThrow(/alpha/);
  expect(() => tostPower(5, -1, options)).toThrow(/half-width/);
  expect(() => seedsForEquivalence(NaN, options)).toThrow(/half-width/);
  expect(() => seedsForSuperiority({ ...options, power: 1 })).toThrow(/power/);
  expect(() => seedsForEquivalence(0.1, { difference: 1, sd: 0 })).toThrow(/above 0/);
});
