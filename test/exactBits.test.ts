import { expect, test } from 'vitest';
import { CONVOLUTION_NUMERICS } from '../src/engine/ops/numerics.ts';
import { loadMnist } from '../src/store/mnist.ts';
import { NUMERICS_VERSION } from '../src/study/numerics.ts';
import expected from './fixtures/exact-bits.json' with { type: 'json' };
import { SHORT_RUNS, shortRun, type ShortRunName } from './support/shortRun.ts';

const { images, labels } = loadMnist().train;
const NAMES = Object.keys(SHORT_RUNS) as ShortRunName[];

// The only expectations that are our own output: they hold bits still. Where bits are meant to change, raise NUMERICS_VERSION, or
// CONVOLUTION_NUMERICS where `images` alone changes, and run scripts/fixtures/exact-bits.ts.
test('the hashes belong to the present version of the arithmetic, and to all runs', () => {
  expect(expected.numericsVersion).toBe(NUMERICS_VERSION);
  expect(expected.convolutionNumerics).toBe(CONVOLUTION_NUMERICS);
  expect(Object.keys(expected.runs)).toEqual(NAMES);
});

test.each(NAMES)('%s: weights, outputs and losses to the bit', async (name) => {
  expect(await shortRun(name, images.data, labels)).toEqual(expected.runs[name]);
});

test('the runs learn: losses fall, and no two have the same weights', () => {
  for (const name of NAMES) expect(expected.runs[name].loss[1]).toBeLessThan(expected.runs[name].loss[0]);
  expect(new Set(NAMES.map((name) => expected.runs[name].weightsHash)).size).toBe(NAMES.length);
});
