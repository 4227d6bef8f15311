import { expect, test } from 'vitest';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { network } from './fixtures/networks.ts';
import { measureExplanations } from './measure.ts';
import { METHOD_NAMES } from './methods.ts';
import { forEachRandomisation, trainOnRandomLabels } from './randomised.ts';

/** A bar at another height for each of ten classes, with specks. */
function bars(count: number, seed: number): Dataset {
  const random = new Random(seed, 'bars');
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const data = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) {
    for (let p = 0; p < 784; p++) {
      const row = Math.floor(p / 28);
      const inBar = row >= 2 + 2 * labels[i] && row < 5 + 2 * labels[i] && p % 28 > 3 && p % 28 < 24;
      if (inBar || random.uniform() < 0.03) data[i * 784 + p] = 100 + random.integer(156);
    }
  }
  return { images: { data, shape: [count, 28, 28] }, labels, classes: 10 };
}

const DATA = { train: bars(300, 1), test: bars(120, 2) };

async function trained(activation: string): Promise<Sequential> {
  const model = network([24, 16, 10], activation, 28, 1);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const labels = { data: DATA.train.labels, shape: [300] };
  await model.fit(DATA.train.images, labels, { epochs: 12, verbose: 0 });
  return model;
}

const subjectOf = (model: Sequential) => ({ arm: 'a', activation: 'tanh', seed: 1, hash: 'h', model });

test('a trained network is explained, the same twice to the bit, and as JSON can keep it', async () => {
  const model = await trained('tanh');
  const shares: number[] = [];
  const x = await measureExplanations(
    subjectOf(model),
    DATA,
    { quick: true },
    { onProgress: (share) => shares.push(share) },
  );
  expect(JSON.parse(JSON.stringify(x))).toEqual(x);
  expect(await measureExplanations(subjectOf(model), DATA, { quick: true }, {})).toEqual(x);
  expect(shares.at(-1)).toBe(1);
  expect(shares.every((share, k) => k === 0 || share >= shares[k - 1])).toBe(true);
  expect(x.accuracy).toBeGreaterThan(0.9);
  expect(x.constant).toBe(false);
  expect(x.examples.map(({ trueClass }) => trueClass).slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(x.completeness.every(({ raised }) => raised.above === 0 && raised.largestError <= 0.01)).toBe(true);
  expect(x.sanity.methods.map(({ weights }) => weights.length)).toEqual(METHOD_NAMES.map(() => 3));
  // The bar alone decides: wiping what integrated gradients mark beats chance by far.
  const integrated = x.faithfulness.find(({ method }) => method === 'integratedBlank')!;
  expect(integrated.advantages[0]).toMatchObject({ control: 'randomOrder', curve: 'deletion' });
  expect(integrated.advantages[0].difference).toBeGreaterThan(0.2);
  expect(integrated.advantages[0].p).toBeLessThan(1e-6);
});

test('a network that always answers the same is said to, and has flat maps, no change and no comparison of maps', async () => {
  const model = network([24, 10], 'relu', 28);
  model.setWeights(
    model
      .getWeights()
      .map(({ data, shape }, k) => ({ data: data.map((_, j) => (k === 3 && j === 7 ? 2 : 0)), shape })),
  );
  const x = await measureExplanations(subjectOf(model), DATA, { quick: true }, {});
  expect(JSON.parse(JSON.stringify(x))).toEqual(x);
  expect([x.constant, x.accuracy, x.changes.found]).toEqual([true, 0.1, 0]);
  expect(x.examples.every(({ maps }) => METHOD_NAMES.every((name) => maps[name].scale === 0))).toBe(true);
  expect(x.sanity.methods.every(({ weights }) => weights.every(({ absolute }) => absolute === null))).toBe(
    true,
  );
  expect(x.units.layers.map(({ constant }) => constant)).toEqual([24]);
});

test('layers become random from the last one down: all others stay as trained', async () => {
  const model = await trained('relu');
  const own = model.getWeights().map(({ data }) => data);
  const changed: boolean[][] = [];
  await forEachRandomisation(model, 5, (mixed) => {
    changed.push(mixed.getWeights().map(({ data }, k) => data.some((value, i) => value !== own[k][i])));
    return Promise.resolve();
  });
  expect(changed).toEqual([
    [false, false, false, false, true, true],
    [false, false, true, true, true, true],
    [true, true, true, true, true, true],
  ]);
});

test('a network learns shuffled labels by heart and then knows nothing of the true ones', async () => {
  const source = network([24, 16, 10], 'tanh', 28);
  const { model, images, trainAccuracy } = await trainOnRandomLabels(source, DATA.train, 3, {});
  expect(images).toBe(300);
  expect(trainAccuracy).toBeGreaterThan(0.5);
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  expect(model.evaluate(DATA.test.images, { data: DATA.test.labels, shape: [120] }).accuracy).toBeLessThan(
    0.4,
  );
});

test('images of another size, no images, an index outside and a stop are refused with their codes', async () => {
  const small = network([10], 'linear', 4);
  const code = async (use: Promise<unknown>): Promise<string> =>
    use.then(
      () => 'none',
      (error: unknown) => (error as { code: string }).code,
    );
  const fitting = subjectOf(network([10], 'linear', 28));
  const none = {
    images: { data: new Uint8Array(0), shape: [0, 28, 28] },
    labels: new Uint8Array(0),
    classes: 10,
  };
  expect(await code(measureExplanations(subjectOf(small), DATA, { quick: true }, {}))).toBe('E_SHAPE');
  expect(await code(measureExplanations(fitting, { ...DATA, test: none }, { quick: true }, {}))).toBe(
    'E_ARGUMENT',
  );
  expect(await code(measureExplanations(fitting, DATA, { quick: true, indices: [500] }, {}))).toBe(
    'E_ARGUMENT',
  );
  const signal = AbortSignal.abort();
  expect(await code(measureExplanations(fitting, DATA, { quick: true }, { signal }))).toBe('E_ABORTED');
});
