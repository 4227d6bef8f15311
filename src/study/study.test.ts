import { expect, test } from 'vitest';
import { comparisonStudy } from '../cli/compareOptions.ts';
import { DactylError } from '../util/errors.ts';
import { DEFAULT_RULES, resolveStudy, type Study, studyHash } from './configuration.ts';
import { PAPER_RECIPE } from './recipe.ts';
import type { StudyTrial } from './results.ts';
import { aggregate, comparePairs, trialsOf } from './study.ts';

const FILE = {
  name: 'a',
  question: 'q',
  arms: { relu: {}, tanh: { activation: 'tanh' } },
  seeds: 2,
};
const STUDY = resolveStudy(FILE);

test('resolveStudy: an arm goes before the common recipe, that before the paper’s; seeds count from firstSeed', () => {
  const study = resolveStudy({
    ...FILE,
    recipe: { epochs: 3, units: [8] },
    arms: { one: { epochs: 4 }, two: { activation: 'leaky_relu' } },
    seeds: 3,
    firstSeed: -1,
    rules: { rope: 0.01 },
  });
  expect(study).toEqual({
    name: 'a',
    question: 'q',
    arms: [
      { name: 'one', recipe: { ...PAPER_RECIPE, units: [8], epochs: 4 } },
      { name: 'two', recipe: { ...PAPER_RECIPE, units: [8], epochs: 3, activation: 'leakyRelu' } },
    ],
    seeds: [-1, 0, 1],
    split: { kind: 'test' },
    rules: { ...DEFAULT_RULES, rope: 0.01 },
    ownRules: { rope: 0.01 },
    quick: false,
  });
});

test.each([
  [{ recipe: { momentum: 0.5 } }, /momentum/],
  [{ recipe: { earlyStopping: { monitor: 'val_loss', patience: 1 } } }, /earlyStopping/],
  [
    { recipe: { privacy: { clip: 1, noiseMultiplier: 1 }, reweighting: { students: 2 } } },
    /privacy or reweighting/,
  ],
  [
    {
      recipe: { privacy: { clip: 1, noiseMultiplier: 1 }, extraData: ['unipen-digits'] as 'unipen-digits'[] },
    },
    /privacy or extraData/,
  ],
  [{ arms: { a: {}, b: { activation: 'relu' } } }, /arms a and b are the same/],
  [{ arms: { a: { activation: 'rleu' } } }, /rleu/],
  [{ arms: { a: { initializer: 'he' } } }, /'he'/],
] as const)('resolveStudy refuses %j', (change, message) => {
  const refused = (): Study => resolveStudy({ ...FILE, ...change });
  expect(refused).toThrow(DactylError);
  expect(refused).toThrow(message);
});

test('studyHash: of question, arms, split and rules; not of name, seeds and quick', () => {
  const hash = studyHash(STUDY);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(studyHash({ ...STUDY, name: 'b', seeds: [7], quick: true })).toBe(hash);
  for (const change of [
    { question: 'other' },
    { arms: STUDY.arms.slice(1) },
    { split: { kind: 'holdout' } },
    { rules: { ...STUDY.rules, rope: 0.002 } },
  ] as const) {
    expect(studyHash({ ...STUDY, ...change })).not.toBe(hash);
  }
});

test('trialsOf: seeds outermost, then folds, arms innermost; every key another', () => {
  const order = (study: Study): string[] =>
    trialsOf(study).map(({ arm, seed, fold }) => `${seed}/${fold ?? '-'}/${arm}`);
  expect(order(STUDY)).toEqual(['1/-/relu', '1/-/tanh', '2/-/relu', '2/-/tanh']);
  const folds = resolveStudy({
    ...FILE,
    seeds: 1,
    split: { kind: 'folds', folds: 2, repeats: 2, groups: 'images' },
  });
  expect(order(folds)).toEqual([0, 1, 2, 3].flatMap((fold) => [`1/${fold}/relu`, `1/${fold}/tanh`]));
  const trials = trialsOf(folds);
  expect(
    trials.map(({ configuration: { split } }) => (split.kind === 'fold' ? [split.repeat, split.fold] : [])),
  ).toEqual([
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 1],
    [1, 0],
    [1, 0],
    [1, 1],
    [1, 1],
  ]);
  expect(new Set(trials.map(({ key }) => key)).size).toBe(8);
});

test('trialsOf: the same recipe has the same key in any study, under any name, and in compare', () => {
  const key = trialsOf(STUDY)[0].key;
  const other = resolveStudy({
    ...FILE,
    name: 'b',
    question: 'r',
    arms: { mine: { activation: 'relu' } },
    rules: { rope: 0.1 },
  });
  expect(trialsOf(other)[0].key).toBe(key);
  const compared = comparisonStudy({
    activations: ['relu', 'tanh'],
    batchSize: 32,
    units: [128, 64, 32],
    optimizer: 'adam',
    dropout: 0,
    validation: 'test',
    out: 'runs',
    jobs: 1,
  });
  expect(
    trialsOf(compared)
      .slice(0, 4)
      .map((trial) => trial.key),
  ).toEqual(trialsOf(STUDY).map((trial) => trial.key));
});

test('trialsOf: the file of writers is in the key where folds are grouped by writer, and only there', () => {
  const grouped = resolveStudy({
    ...FILE,
    split: { kind: 'folds', folds: 2, repeats: 1, groups: 'writers' },
  });
  expect(trialsOf(grouped, 'x')[0].key).not.toBe(trialsOf(grouped, 'y')[0].key);
  expect(trialsOf(STUDY, 'x')[0].key).toBe(trialsOf(STUDY)[0].key);
});

/** Of a trial only what the sums look at. */
function trial(arm: string, seed: number, testAccuracy: number, fold: number | null = null): StudyTrial {
  return { arm, seed, fold, testAccuracy, testLoss: 10 * testAccuracy } as StudyTrial;
}

const THREE = resolveStudy({
  ...FILE,
  arms: { relu: {}, tanh: { activation: 'tanh' }, elu: { activation: 'elu' } },
  seeds: 3,
});

test('comparePairs: pairs of the same seed, without those whose partner failed (hand-worked)', () => {
  const pairs = comparePairs(THREE, [
    trial('tanh', 2, 0.25),
    trial('relu', 1, 0.5),
    trial('relu', 2, 0.75),
    trial('relu', 3, 1),
    trial('tanh', 1, 0.25),
    trial('elu', 3, 0.5),
  ]);
  expect(
    pairs.map(({ measure, first, second, differences }) => [measure, first, second, differences]),
  ).toEqual([
    ['testAccuracy', 'relu', 'tanh', [0.25, 0.5]],
    ['testLoss', 'relu', 'tanh', [2.5, 5]],
    ['testAccuracy', 'relu', 'elu', [0.5]],
    ['testLoss', 'relu', 'elu', [5]],
  ]);
  const [several, , one] = pairs;
  expect(several.mean).toBeCloseTo(0.375, 12);
  expect(several.sd).toBeCloseTo(0.25 / Math.SQRT2, 12);
  // t of one degree of freedom at 97.5 %: 12.706204736; sd / √2 = 0.125.
  expect(several.interval![0]).toBeCloseTo(0.375 - 12.706204736 * 0.125, 8);
  expect(several.interval![1]).toBeCloseTo(0.375 + 12.706204736 * 0.125, 8);
  expect(one).toMatchObject({ mean: 0.5, sd: null, interval: null });
});

test('comparePairs: with folds, pairs of the same seed and fold', () => {
  const pairs = comparePairs(STUDY, [
    trial('relu', 1, 0.5, 0),
    trial('relu', 1, 0.75, 1),
    trial('tanh', 1, 0.25, 1),
  ]);
  expect(pairs[0].differences).toEqual([0.5]);
});

test('aggregate: an arm without a finished trial is left out (hand-worked)', () => {
  expect(aggregate(THREE, [trial('tanh', 1, 0.25), trial('tanh', 2, 0.75), trial('elu', 1, 0.5)])).toEqual([
    {
      arm: 'tanh',
      runs: 2,
      testAccuracy: { mean: 0.5, sd: expect.closeTo(0.5 / Math.SQRT2, 12) as number, min: 0.25, max: 0.75 },
      testLoss: { mean: 5, sd: expect.closeTo(5 / Math.SQRT2, 12) as number, min: 2.5, max: 7.5 },
    },
    {
      arm: 'elu',
      runs: 1,
      testAccuracy: { mean: 0.5, sd: null, min: 0.5, max: 0.5 },
      testLoss: { mean: 5, sd: null, min: 5, max: 5 },
    },
  ]);
});

test('comparePairs: with folds the interval is the corrected one, over the means of the folds (hand-worked)', () => {
  const split = { kind: 'folds', folds: 3, repeats: 1, groups: 'images' } as const;
  const once = [0.1, 0.2, 0.6].flatMap((d, fold) => [trial('relu', 1, d, fold), trial('tanh', 1, 0, fold)]);
  const again = [0.2, 0.1, 0.6].flatMap((d, fold) => [trial('relu', 2, d, fold), trial('tanh', 2, 0, fold)]);
  const [one] = comparePairs({ ...STUDY, seeds: [1], split }, once);
  // s² = 0.07, standard error √(0.07 · (1/3 + 1/2)), t of two degrees of freedom at 97.5 %: 4.302652730.
  expect(one.interval![0]).toBeCloseTo(0.3 - 1.039189362, 8);
  expect(one.interval![1]).toBeCloseTo(0.3 + 1.039189362, 8);
  const [two] = comparePairs({ ...STUDY, split }, [...once, ...again]);
  // Means 0.15, 0.15 and 0.6: s² = 0.0675.
  expect(two.interval![1]).toBeCloseTo(0.3 + 4.30265273 * Math.sqrt(0.0675 * (1 / 3 + 1 / 2)), 7);
});
