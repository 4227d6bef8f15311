import { expect, test } from 'vitest';
import { PAPER_RECIPE } from '../recipe.ts';
import { MADE_UP } from './fixtures/madeUp.ts';
import { positionOf, recipeWith, sampleConfigurations, valueAt, valuesIn } from './sample.ts';
import type { Distribution } from './space.ts';

const RATE: Distribution = { kind: 'logUniform', from: 0.0001, to: 0.01 };

// Worked by hand: 10^-3.5 = 0.000316228, 10^-2.5 = 0.00316228, 2^5.5 = 45.25.
test.each<[Distribution, number, number | string]>([
  [{ kind: 'uniform', from: 0, to: 0.4 }, 0, 0],
  [{ kind: 'uniform', from: 0, to: 0.4 }, 0.25, 0.1],
  [{ kind: 'uniform', from: -1, to: 1 }, 0.61728, 0.235],
  [RATE, 0, 0.0001],
  [RATE, 0.25, 0.000316],
  [RATE, 0.5, 0.001],
  [RATE, 0.75, 0.00316],
  [RATE, 1 - 2 ** -53, 0.01],
  [{ kind: 'integer', from: 1, to: 4 }, 0, 1],
  [{ kind: 'integer', from: 1, to: 4 }, 0.2499, 1],
  [{ kind: 'integer', from: 1, to: 4 }, 0.25, 2],
  [{ kind: 'integer', from: 1, to: 4 }, 1 - 2 ** -53, 4],
  [{ kind: 'logInteger', from: 32, to: 63 }, 0, 32],
  [{ kind: 'logInteger', from: 32, to: 63 }, 0.5, 45],
  [{ kind: 'logInteger', from: 32, to: 63 }, 1 - 2 ** -53, 63],
  [{ kind: 'choice', values: [16, 32, 64] }, 0.34, 32],
  [{ kind: 'choice', values: ['a', 'b'] }, 0.5, 'b'],
])('%j at %f is %s', (distribution, u, expected) => {
  expect(valueAt(distribution, u)).toBe(expected);
});

test('positionOf undoes valueAt: within half a percent for real values, a step for whole ones', () => {
  for (let u = 0.005; u < 1; u += 0.01) {
    expect(Math.abs(positionOf(RATE, valueAt(RATE, u) as number) - u)).toBeLessThan(0.005);
    const depth: Distribution = { kind: 'integer', from: 1, to: 4 };
    expect(positionOf(depth, valueAt(depth, u) as number)).toBe((Math.floor(4 * u) + 0.5) / 4);
    const batch: Distribution = { kind: 'choice', values: [64, 16, 32] };
    // By size, whatever the order in the file.
    expect(positionOf(batch, 16)).toBeCloseTo(1 / 6, 12);
  }
});

test('the same seed draws the same, all different; more configurations or parameters leave the others as they are', () => {
  const space = MADE_UP.space;
  const drawn = sampleConfigurations(space, 20, 1);
  expect(sampleConfigurations(space, 20, 1)).toEqual(drawn);
  expect(sampleConfigurations(space, 40, 1).slice(0, 20)).toEqual(drawn);
  expect(new Set(drawn.map((values) => JSON.stringify(values))).size).toBe(20);
  expect(sampleConfigurations(space, 20, 2)).not.toEqual(drawn);
  const wider = sampleConfigurations({ ...space, l2: { kind: 'uniform', from: 0, to: 1 } }, 20, 1);
  expect(wider.map(({ l2, ...values }) => [typeof l2, values])).toEqual(
    drawn.map((values) => ['number', values]),
  );
});

test('half of 2,000 learning rates lie below the geometric middle, within four standard errors', () => {
  const drawn = sampleConfigurations(
    { learningRate: RATE, dropout: { kind: 'uniform', from: 0, to: 0.9 } },
    2000,
    7,
  );
  const below = drawn.filter(({ learningRate }) => (learningRate as number) < 0.001).length;
  expect(Math.abs(below - 1000)).toBeLessThan(4 * Math.sqrt(500));
});

test('a space of three is drawn out, and four of it are refused', () => {
  const space = { batchSize: { kind: 'choice', values: [16, 32, 64] } } as const;
  const all = sampleConfigurations(
    { batchSize: { kind: 'choice', values: [...space.batchSize.values] } },
    3,
    1,
  );
  expect(all.map(({ batchSize }) => batchSize).sort()).toEqual([16, 32, 64]);
  expect(() => sampleConfigurations({ batchSize: { kind: 'choice', values: [16, 32, 64] } }, 4, 1)).toThrow(
    /holds no 4 different configurations: 3 were found/,
  );
});

test('widths by hand: the first, narrowed layer by layer; what is not searched is the recipe’s', () => {
  const units = (values: object): number[] => recipeWith(PAPER_RECIPE, values, 2).units!;
  expect(units({ width: 100, depth: 4, narrowing: 0.75 })).toEqual([100, 75, 56, 42]);
  expect(units({ width: 3, depth: 4, narrowing: 0.25 })).toEqual([3, 1, 1, 1]);
  // 128-64-32 has three layers and halves.
  expect(units({ width: 200 })).toEqual([200, 100, 50]);
  expect(units({ depth: 1 })).toEqual([128]);
  expect(units({ narrowing: 1 })).toEqual([128, 128, 128]);
  expect(units({ dropout: 0.1 })).toEqual([128, 64, 32]);
  expect(recipeWith(PAPER_RECIPE, { dropout: 0.1, batchSize: 64 }, 7)).toEqual({
    ...PAPER_RECIPE,
    dropout: 0.1,
    batchSize: 64,
    epochs: 7,
  });
  expect(valuesIn(PAPER_RECIPE, { width: { kind: 'integer', from: 1, to: 2 }, learningRate: RATE })).toEqual({
    learningRate: 0.001,
    width: 128,
  });
});
