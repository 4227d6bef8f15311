import { expect, test } from 'vitest';
import { subset, type Dataset } from '../data/examples.ts';
import { PAPER_RECIPE } from './recipe.ts';
import type { TrialSplit } from './trialConfiguration.ts';
import { completeSource, dataFor, trainedRows } from './trialData.ts';

/** Images that each hold their own number. */
function numbered(count: number, from: number): Dataset {
  const data = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) new DataView(data.buffer).setUint32(4 * i, from + i);
  return {
    images: { data, shape: [count, 2, 2] },
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    classes: 10,
  };
}

const SOURCE = { train: numbered(7_000, 0), test: numbered(50, 100_000) };
const SPLITS: [TrialSplit, number, number][] = [
  [{ kind: 'test' }, 7_000, 50],
  [{ kind: 'holdout' }, 6_300, 700],
  [{ kind: 'half' }, 3_500, 50],
  [{ kind: 'fold', groups: 'images', folds: 7, repeat: 0, fold: 2 }, 6_000, 1_000],
];

test.each(SPLITS)(
  '%j: %d training images, those of trainedRows, and %d to validate on, none in both',
  (split, rows, validating) => {
    const configuration = { numerics: 1, data: [], recipe: PAPER_RECIPE, split, seed: 3 };
    const { training, validation, keptOut } = dataFor(configuration, SOURCE);
    const trained = trainedRows(configuration, SOURCE);
    expect(trained).toHaveLength(rows);
    expect(training).toEqual(subset(SOURCE.train, trained));
    expect(validation.labels).toHaveLength(validating);
    expect(keptOut).toEqual(split.kind === 'fold' ? validation : SOURCE.test);
    const numbers = ({ images }: Dataset): number[] =>
      Array.from({ length: images.shape[0] }, (_, i) => new DataView(images.data.buffer).getUint32(4 * i));
    expect(new Set([...numbers(training), ...numbers(validation)]).size).toBe(rows + validating);
  },
);

test('a copy with other images that states the old identity is refused; of parts alone the rest is found', () => {
  const whole = completeSource({ name: 'numbers', ...SOURCE });
  expect(whole).toMatchObject({ name: 'numbers', shape: [2, 2], facts: {} });
  expect(completeSource(whole)).toBe(whole);
  expect(completeSource({ ...whole, writers: new Uint16Array(7_000) }).writers).toHaveLength(7_000);
  const some = { ...whole, train: subset(whole.train, [1, 2, 3]) };
  expect(() => completeSource(some)).toThrow(/source: expected the images of its identity, received others/);
});

test.each(SPLITS)(
  '%j: further images are trained on, and never validated or tested on',
  (split, rows, validating) => {
    const recipe = { ...PAPER_RECIPE, extraData: ['unipen-digits' as const] };
    const configuration = { numerics: 1, data: [], recipe, split, seed: 3 };
    const extra = { 'unipen-digits': numbered(30, 500_000) };
    const { training, validation, keptOut } = dataFor(configuration, { ...SOURCE, extra });
    const own = subset(SOURCE.train, trainedRows(configuration, SOURCE));
    expect(training.images.data).toEqual(
      Uint8Array.of(...own.images.data, ...extra['unipen-digits'].images.data),
    );
    expect([...training.labels.subarray(rows)]).toEqual([...extra['unipen-digits'].labels]);
    const without = dataFor({ ...configuration, recipe: PAPER_RECIPE }, SOURCE);
    expect(validation).toEqual(without.validation);
    expect(validation.labels).toHaveLength(validating);
    expect(keptOut).toEqual(without.keptOut);
  },
);
