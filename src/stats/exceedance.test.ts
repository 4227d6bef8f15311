import { expect, test } from 'vitest';
import { Random } from '../util/random.ts';
import { exceedanceP } from './exceedance.ts';

test('exceedanceP: small cases by hand, within 1e-12', () => {
  // Two of three above all of two others: of the 10 orders of aaabb those that begin aa, 3.
  expect(exceedanceP({ above: 2, first: 3, second: 2, allowed: 0 })).toBeCloseTo(0.3, 12);
  // Two of three above the second of two others: of the three highest at most one is a b; all but abb, bab, bba: 7 of 10.
  expect(exceedanceP({ above: 2, first: 3, second: 2, allowed: 1 })).toBeCloseTo(0.7, 12);
  expect(exceedanceP({ above: 3, first: 3, second: 2, allowed: 0 })).toBeCloseTo(0.1, 12);
  expect(exceedanceP({ above: 0, first: 3, second: 2, allowed: 1 })).toBeCloseTo(1, 12);
  // 36 of 2,000 above all of 100: (2000 · 1999 ⋯ 1965) / (2100 · 2099 ⋯ 2065).
  let expected = 1;
  for (let i = 0; i < 36; i++) expected *= (2000 - i) / (2100 - i);
  expect(exceedanceP({ above: 36, first: 2000, second: 100, allowed: 0 })).toBeCloseTo(expected, 12);
});

test('exceedanceP: counts that do not fit are E_ARGUMENT', () => {
  for (const wrong of [{ above: 4 }, { above: -1 }, { allowed: 2 }, { first: 0 }, { above: 1.5 }])
    expect(() => exceedanceP({ above: 1, first: 3, second: 2, allowed: 0, ...wrong })).toThrow(
      'An exceedance test',
    );
});

test('exceedanceP: of 4,000 pairs of samples drawn alike at most 2.5 % have p <= .025, and nearly as many', () => {
  const random = new Random(1, 'exceedance');
  const [first, second, allowed] = [200, 100, 2];
  let rejected = 0;
  for (let study = 0; study < 4000; study++) {
    const others = Float64Array.from({ length: second }, () => random.uniform()).sort();
    const threshold = others[second - 1 - allowed];
    let above = 0;
    for (let i = 0; i < first; i++) if (random.uniform() > threshold) above++;
    if (exceedanceP({ above, first, second, allowed }) <= 0.025) rejected++;
  }
  // 100 expected at most, standard deviation 10.
  expect(rejected).toBeLessThan(130);
  expect(rejected).toBeGreaterThan(60);
});
