import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './fixtures/comparisons.json' with { type: 'json' };
import { holm } from './holm.ts';

test.each(fixture.holm)('Holm of $ps agrees with the definition within 1e-15', ({ ps, adjusted }) => {
  holm(ps).forEach((p, i) => {
    expect(p).toBeCloseTo(adjusted[i], 15);
  });
});

test('worked by hand: .01, .04, .03, .005 become .03, .06, .06, .02', () => {
  const expected = [0.03, 0.06, 0.06, 0.02];
  holm([0.01, 0.04, 0.03, 0.005]).forEach((p, i) => {
    expect(p).toBeCloseTo(expected[i], 15);
  });
  expect(holm([])).toEqual([]);
});

test('property: never below its p nor above Bonferroni’s, in the same order, whatever the order of the family', () => {
  const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(family, (ps) => {
      const adjusted = holm(ps);
      ps.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
        ps.forEach((q, j) => {
          if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]);
        });
      });
      expect(holm([...ps].reverse())).toEqual(adjusted.reverse());
    }),
  );
});

test('what is no probability is refused', () => {
  for (const p of [-0.1, 1.1, NaN]) expect(() => holm([0.5, p])).toThrow(/from 0 to 1, received/);
});
