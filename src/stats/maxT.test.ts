import { expect, test } from 'vitest';
import fixture from './fixtures/maxT.json' with { type: 'json' };
import { maxT } from './maxT.ts';
import { studentInterval } from './student.ts';

test.each(fixture.cases)(
  '$name: the quantile is within 2 % of a million multipliers or SciPy’s multivariate t, p within .01',
  ({ columns, quantile, p }) => {
    const found = maxT(columns);
    found.forEach(({ low, high, p: own }, k) => {
      const single = studentInterval(columns[k]);
      const error = single.sd / Math.sqrt(columns[k].length);
      expect((high - low) / 2 / error / quantile).toBeGreaterThan(0.98);
      expect((high - low) / 2 / error / quantile).toBeLessThan(1.02);
      expect(Math.abs(own - p[k])).toBeLessThan(0.01);
    });
  },
);

test('of one column it is Student’s interval, to 2 % of its width', () => {
  const values = [0.3, 0.1, 0.4, 0.1, 0.5, 0.9, 0.2];
  const [{ mean, low, high }] = maxT([values]);
  const student = studentInterval(values);
  expect(mean).toBeCloseTo(student.mean, 12);
  expect((high - low) / (student.high - student.low)).toBeGreaterThan(0.98);
  expect((high - low) / (student.high - student.low)).toBeLessThan(1.02);
});

test('the same column twice is one column, and an interval leaves zero out exactly where p is below .05', () => {
  const values = [0.3, 0.1, 0.4, 0.1, 0.5, 0.9, 0.2];
  const [once, [, twice]] = [maxT([values])[0], maxT([values, values])];
  expect([twice.low, twice.high]).toEqual(
    [once.low, once.high].map((end) => expect.closeTo(end, 12) as number),
  );
  expect(twice.p).toBe(once.p);
  for (let shift = -1; shift < 1; shift += 0.01) {
    const [{ low, high, p }] = maxT([values.map((value) => value + shift)]);
    expect(low > 0 || high < 0).toBe(p < 0.05);
  }
});

test('turned columns have turned intervals; one that does not vary has no width', () => {
  const columns = [
    [1, 2, 4, 3],
    [0.5, 0.5, 0.5, 0.5],
    [-1, 1, -2, 3],
  ];
  const found = maxT(columns);
  const turned = maxT(columns.map((column) => column.map((value) => -value)));
  found.forEach(({ low, high, p }, k) => {
    expect(turned[k].low).toBeCloseTo(-high, 12);
    expect(turned[k].high).toBeCloseTo(-low, 12);
    expect(turned[k].p).toBe(p);
  });
  expect(found[1]).toEqual({ mean: 0.5, low: 0.5, high: 0.5, p: 1 / 10_001 });
});

test('overlapping training sets widen each interval by √(1/n + overlap) over √(1/n), by Nadeau and Bengio, to 1e-12', () => {
  const columns = [
    [0.3, 0.1, 0.4, 0.1, 0.5],
    [0.2, 0.9, 0.1, 0.3, 0.4],
  ];
  const plain = maxT(columns);
  const widened = Math.sqrt((1 / 5 + 1 / 4) * 5);
  maxT(columns, { overlap: 1 / 4 }).forEach(({ mean, low, high, p }, k) => {
    expect(mean).toBe(plain[k].mean);
    expect(high - low).toBeCloseTo(widened * (plain[k].high - plain[k].low), 12);
    expect(p).toBeGreaterThan(plain[k].p);
  });
});

test('no column, one unit and what is not finite are refused', () => {
  expect(() => maxT([])).toThrow(/columns/);
  expect(() => maxT([[1]])).toThrow(/at least 2 values/);
  expect(() => maxT([[1, NaN]])).toThrow(/finite/);
});
