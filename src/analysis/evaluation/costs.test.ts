import { expect, test } from 'vitest';
import { expectedCost, unitCosts } from './costs.ts';

/** `right` nines read as nines, and nines taken for fours, for sevens. */
function nines(right: number, four: number, seven: number): number[][] {
  const matrix = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  matrix[9][9] = right;
  matrix[9][4] = four;
  matrix[9][7] = seven;
  return matrix;
}

test('one network: mean and Student’s interval over images, SciPy 1e-9; errors of the user’s own price', () => {
  const costs = unitCosts(10).map((row) => [...row]);
  costs[9][4] = 3;
  const { mean, low, high, over } = expectedCost([nines(90, 4, 6)], costs);
  expect([mean, over]).toEqual([180, 'images']);
  // x = numpy.repeat([0, 3, 1], [90, 4, 6]); scipy.stats.t.interval(.95, 99, x.mean(), scipy.stats.sem(x)), times 1000
  expect(low).toBeCloseTo(55.845220635, 6);
  expect(high).toBeCloseTo(304.154779365, 6);
});

test('images that are worth half as many: the intervals of 50 of 100 images, SciPy 1e-9', () => {
  const { low, high } = expectedCost([nines(90, 4, 6)], unitCosts(10), 2);
  // scipy.stats.binomtest(5, 50).proportion_ci(method='wilson'), times 1,000
  expect(low).toBeCloseTo(43.47576493189, 6);
  expect(high).toBeCloseTo(213.6023143748, 6);
  const costs = unitCosts(10).map((row) => [...row]);
  costs[9][4] = 3;
  const own = expectedCost([nines(90, 4, 6)], costs, 2);
  // x as above; x.mean() ± scipy.stats.t.ppf(.975, 49) · sqrt(x.var(ddof=1) / 50), times 1000
  expect(own.low).toBeCloseTo(2.17469787153, 6);
  expect(own.high).toBeCloseTo(357.82530212847, 6);
});

test('several networks: Student’s interval over their means, SciPy 1e-9', () => {
  const { mean, low, high, over } = expectedCost(
    [nines(90, 4, 6), nines(95, 0, 5), nines(91, 9, 0)],
    unitCosts(10),
  );
  expect(mean).toBeCloseTo(80, 12);
  // scipy.stats.t.interval(.95, 2, 80, scipy.stats.sem([100, 50, 90]))
  expect(over).toBe('seeds');
  expect(low).toBeCloseTo(14.275893923, 6);
  expect(high).toBeCloseTo(145.724106077, 6);
});

test('errors that all cost the same: Wilson’s interval of their share, SciPy 1e-9; no error seen is not none to come', () => {
  const two = unitCosts(10).map((row) => row.map((cost) => 2 * cost));
  const { mean, low, high } = expectedCost([nines(90, 4, 6)], two);
  expect(mean).toBeCloseTo(200, 12);
  // scipy.stats.binomtest(10, 100).proportion_ci(method='wilson'), times 2,000
  expect(low).toBeCloseTo(110.458274121, 6);
  expect(high).toBeCloseTo(348.73132301, 6);
  const costs = unitCosts(10).map((row) => [...row]);
  costs[9][4] = 3;
  const none = expectedCost([nines(100, 0, 0)], costs);
  expect([none.mean, none.low]).toEqual([0, 0]);
  // The same of 0 of 100, times 3,000
  expect(none.high).toBeCloseTo(110.980494621, 6);
  const free = unitCosts(10).map((row) => row.map(() => 0));
  expect(expectedCost([nines(90, 4, 6)], free)).toMatchObject({ mean: 0, low: 0, high: 0 });
});
