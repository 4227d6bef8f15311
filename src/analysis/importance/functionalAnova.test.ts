import { expect, test } from 'vitest';
import fixture from './fixtures/functionalAnova.json' with { type: 'json' };
import { functionalAnova } from './functionalAnova.ts';
import { type FeatureColumn, growTree, type Leaf, orderOf } from './regressionTree.ts';

test.each(fixture.cases.map((one, k) => ({ ...one, k })))(
  'case $k: a tree of $leaves leaves, its variance and main effects are those of scikit-learn within 1e-6, relative',
  ({ numeric, named, weights, targets, leaves: count, total, main }) => {
    const columns: FeatureColumn[] = [
      ...numeric.map((values) => ({ levels: null, values })),
      { levels: fixture.levels, values: named },
    ];
    const leaves = growTree({
      columns,
      orders: columns.map(orderOf),
      targets,
      weights,
      least: fixture.least,
    });
    expect(leaves).toHaveLength(count);
    const found = functionalAnova(
      leaves,
      columns.map(({ levels }) => levels),
    );
    // scikit-learn keeps thresholds as the middle of float32 values.
    expect(Math.abs(found.total / total - 1)).toBeLessThan(1e-6);
    main.forEach((effect, c) => {
      expect(Math.abs(found.main[c] - effect)).toBeLessThan(1e-6 * total);
      expect(functionalAnova(leaves, [null, null, fixture.levels], c).main).toEqual([found.main[c]]);
    });
  },
);

test('worked by hand: a step of 4 at 1/4 along the first of two columns, exact', () => {
  const second = { from: 0, to: 1 };
  const leaves: Leaf[] = [
    { sides: [{ from: 0, to: 0.25 }, second], value: 4 },
    { sides: [{ from: 0.25, to: 1 }, second], value: 0 },
  ];
  // Mean 1; variance 1/4 · 9 + 3/4 · 1.
  expect(functionalAnova(leaves, [null, null])).toEqual({ total: 3, main: [3, 0] });
});

test('worked by hand: an exclusive or has no main effects, and a level of three has one', () => {
  const [low, high] = [
    { from: 0, to: 0.5 },
    { from: 0.5, to: 1 },
  ];
  const xor: Leaf[] = [
    { sides: [low, low], value: 1 },
    { sides: [low, high], value: 0 },
    { sides: [high, low], value: 0 },
    { sides: [high, high], value: 1 },
  ];
  expect(functionalAnova(xor, [null, null])).toEqual({ total: 0.25, main: [0, 0] });
  const level: Leaf[] = [
    { sides: [new Set([1])], value: 3 },
    { sides: [new Set([0, 2])], value: 0 },
  ];
  // Mean 1; variance 1/3 · 4 + 2/3 · 1.
  const { total, main } = functionalAnova(level, [3]);
  expect(Math.abs(total - 2)).toBeLessThan(1e-12);
  expect(Math.abs(main[0] - 2)).toBeLessThan(1e-12);
});

test('a tree divides where the squares fall most, names one against the rest', () => {
  const columns: FeatureColumn[] = [
    { levels: null, values: [0.1, 0.3, 0.6, 0.8] },
    { levels: 3, values: [0, 2, 0, 2] },
  ];
  const grown = (targets: number[]) =>
    growTree({ columns, orders: columns.map(orderOf), targets, weights: [1, 2, 1, 1], least: 1 });
  expect(grown([5, 5, 7, 7])).toEqual([
    { sides: [{ from: 0, to: 0.3 + (0.6 - 0.3) / 2 }, new Set([0, 1, 2])], value: 5 },
    { sides: [{ from: 0.3 + (0.6 - 0.3) / 2, to: 1 }, new Set([0, 1, 2])], value: 7 },
  ]);
  expect(grown([5, 7, 5, 7])).toEqual([
    { sides: [{ from: 0, to: 1 }, new Set([0])], value: 5 },
    { sides: [{ from: 0, to: 1 }, new Set([1, 2])], value: 7 },
  ]);
  expect(grown([5, 5, 5, 5])).toEqual([{ sides: [{ from: 0, to: 1 }, new Set([0, 1, 2])], value: 5 }]);
});
