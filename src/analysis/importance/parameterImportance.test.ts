import { expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import { parameterImportance } from './parameterImportance.ts';
import type { FeatureColumn } from './regressionTree.ts';

/** Two positions and a name of three, 40 points. */
function points(seed: number): { columns: FeatureColumn[]; normal: () => number } {
  const random = new Random(seed, 'points');
  const positions = () => Array.from({ length: 40 }, () => random.uniform());
  return {
    columns: [
      { levels: null, values: positions() },
      { levels: null, values: positions() },
      { levels: 3, values: Array.from({ length: 40 }, () => random.integer(3)) },
    ],
    normal: () => random.normal(),
  };
}

test('a hump along one column and a lift of one name are found, the third column is not', async () => {
  const { columns, normal } = points(1);
  const [x, , name] = columns.map(({ values }) => values);
  const targets = x.map((at, i) => -Math.abs(at - 0.5) + (name[i] === 2 ? 0.25 : 0) + 0.02 * normal());
  const found = (await parameterImportance(columns, targets, 1))!;
  expect(found.p[0]).toBeLessThanOrEqual(0.05);
  expect(found.p[2]).toBeLessThanOrEqual(0.05);
  expect(found.p[1]).toBeGreaterThan(0.05);
  expect(found.shares[0]).toBeGreaterThan(found.chance[0]);
  expect(found.shares[0] + found.shares[1] + found.shares[2]).toBeLessThanOrEqual(1);
  expect(found.points).toBe(40);
  expect(await parameterImportance(columns, targets, 1)).toEqual(found);
});

test('of noise nothing is told: in ten draws one column of thirty at most', async () => {
  let told = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { columns, normal } = points(seed);
    const targets = columns[0].values.map(normal);
    const { p } = (await parameterImportance(columns, targets, seed))!;
    told += p.filter((one) => one <= 0.05).length;
  }
  expect(told).toBeLessThanOrEqual(1);
});

test('nothing to tell: nine points, or one result', async () => {
  const { columns } = points(1);
  const short = columns.map(({ levels, values }) => ({ levels, values: values.slice(0, 9) }));
  expect(await parameterImportance(short, short[0].values, 1)).toBeNull();
  expect(
    await parameterImportance(
      columns,
      columns[0].values.map(() => 1),
      1,
    ),
  ).toBeNull();
});

test('stops on request', async () => {
  const { columns } = points(1);
  const work = { signal: AbortSignal.abort() };
  await expect(parameterImportance(columns, columns[0].values, 1, work)).rejects.toMatchObject({
    code: 'E_ABORTED',
  });
});
