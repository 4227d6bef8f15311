import { expect, test } from 'vitest';
import { reweightedRows } from './reweighting.ts';

// Students: even and at most 58,098.
test('rows are repeated in place by their population, the order kept; worked by hand', () => {
  const rows = [0, 1, 4, 58_098, 58_100];
  expect([...reweightedRows(rows, { students: 2 })]).toEqual([0, 0, 1, 4, 4, 58_098, 58_098, 58_100]);
  expect([...reweightedRows(rows, { employees: 3 })]).toEqual([
    0, 1, 1, 1, 4, 58_098, 58_100, 58_100, 58_100,
  ]);
  expect([...reweightedRows(rows, {})]).toEqual(rows);
});

test('all of MNIST with students twice has 60,000 + 29,050 rows', () => {
  expect(
    reweightedRows(
      Uint32Array.from({ length: 60_000 }, (_, i) => i),
      { students: 2 },
    ),
  ).toHaveLength(89_050);
});
