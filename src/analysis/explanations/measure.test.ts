import { expect, test } from 'vitest';
import type { Dataset } from '../../data/examples.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { Random } from '../../util/random.ts';
import { subset } from '../../data/examples.ts';
import { fixtureNetworks, network } from './fixtures/networks.ts';
import { integratedGradients } from './integratedGradients.ts';
import { measureExplanations } from './measure.ts';
import { type MethodName, METHOD_NAMES, METHODS } from './methods.ts';
import { nearestTraining } from './neighbours.ts';
import { packMap } from './packed.ts';
import { forEachRandomisation, trainOnRandomLabels } from './randomised.ts';
import { sanityChecks } from './sanity.ts';
import { similarityOfMaps } from './similarity.ts';
import { measureAgreement, measureCompleteness } from './summaries.ts';
import type { Target } from './target.ts';

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
  expect(x.examples.every(({ maps }) => METHOD_NAMES.every((name) => maps[name]?.scale === 0))).toBe(true);
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

/** Every eighth test label is another one, so that answers to it are mistakes. */
async function withMistakes() {
  const model = await trained('tanh');
  const labels = DATA.test.labels.map((label, i) => (i % 8 === 3 ? (label + 1) % 10 : label));
  const test = { ...DATA.test, labels };
  return {
    model,
    test,
    x: await measureExplanations(subjectOf(model), { ...DATA, test }, { quick: true }, {}),
  };
}

test('an answer is contrasted with the second class, a mistake with the true one: maps of both and of their difference', async () => {
  const { model, test: data, x } = await withMistakes();
  expect(x.examples.filter(({ answer, trueClass }) => answer !== trueClass).length).toBeGreaterThan(2);
  const settings = {
    baseline: { data: new Uint8Array(784), shape: [1, 28, 28] },
    steps: 50,
    tolerance: 0.01,
  };
  for (const { index, answer, trueClass, rival, probabilities, contrast, neighbours } of x.examples) {
    const others = probabilities.map((p, digit) => (digit === answer ? -1 : p));
    expect(rival).toBe(answer === trueClass ? others.indexOf(Math.max(...others)) : trueClass);
    const images = { data: data.images.data.slice(index * 784, (index + 1) * 784), shape: [1, 28, 28] };
    const mapOf = (target: Target) => packMap(integratedGradients(model, images, target, settings).maps);
    expect(contrast.answer).toEqual(mapOf({ classes: [answer] }));
    expect(contrast.rival).toEqual(mapOf({ classes: [rival] }));
    expect(contrast.difference).toEqual(mapOf({ classes: [answer], against: [rival] }));
    expect(neighbours!.map(({ label, index: at }) => [label, DATA.train.labels[at]])).toEqual(
      neighbours!.map(({ label }) => [label, label]),
    );
  }
});

test('agreement counts the images of which more than half of the neighbours bear the answer', () => {
  const model = network([12, 10], 'relu', 28, 4);
  const test = {
    ...DATA.test,
    labels: DATA.test.labels.map((label, i) => (i % 2 ? label : (label + 1) % 10)),
  };
  const { data } = model.predict(test.images);
  const answers = Array.from(test.labels, (_, i) => {
    const row = [...data.subarray(i * 10, (i + 1) * 10)];
    return row.indexOf(Math.max(...row));
  });
  const counts = { right: [0, 0], wrong: [0, 0] };
  let some = 0;
  nearestTraining(model, test.images, DATA.train.images, 5)!.forEach(({ indices }, i) => {
    const same = [...indices].filter((t) => DATA.train.labels[t] === answers[i]).length;
    if (same === 1 || same === 2) some++;
    const own = counts[answers[i] === test.labels[i] ? 'right' : 'wrong'];
    own[0]++;
    if (same >= 3) own[1]++;
  });
  expect(some).toBeGreaterThan(0);
  expect(measureAgreement(model, DATA.train, test, answers)).toEqual({
    neighbours: 5,
    right: { images: counts.right[0], agree: counts.right[1] },
    wrong: { images: counts.wrong[0], agree: counts.wrong[1] },
  });
});

test('completeness: errors of 4 steps, and of as many as it takes to come below .2 %', () => {
  const [{ model, images, expected, mean }] = fixtureNetworks();
  const dataset = { images, labels: new Uint8Array(5), classes: 3 };
  const settings = { mean: Float32Array.from(mean), steps: 4, tolerance: 0.002, seed: 0 };
  const [blank] = measureCompleteness(model, dataset, expected.answers, settings);
  const baseline = { data: new Uint8Array(16), shape: [1, 4, 4] };
  const target = { classes: expected.answers };
  const plain = integratedGradients(model, images, target, { baseline, steps: 4 });
  const raised = integratedGradients(model, images, target, { baseline, steps: 4, tolerance: 0.002 });
  expect(blank.largestError).toBe(Math.max(...plain.errors));
  expect(blank.above).toBe(plain.errors.filter((error) => error > 0.002).length);
  expect(blank.above).toBeGreaterThan(0);
  expect(blank.raised).toMatchObject({
    above: 0,
    largestError: Math.max(...raised.errors),
    mostSteps: Math.max(...raised.steps),
  });
  expect(blank.raised.mostSteps).toBeGreaterThan(4);
  // The maps of the methods are the raised ones.
  expect(METHODS.integratedBlank(model, images, target, settings)).toEqual(raised.maps);
});

test('sanity: maps of the trained network are held against those of the very networks that lost layers', async () => {
  const { model, test: data, x } = await withMistakes();
  const few = subset(data, [...Array(8).keys()]);
  const classes = [0, 1, 2, 3, 4, 5, 6, 7];
  const settings = { mean: new Float32Array(784), steps: 10, tolerance: 1, seed: 5 };
  const maps = Object.fromEntries(
    METHOD_NAMES.map((name) => [name, METHODS[name](model, few.images, { classes }, settings)]),
  ) as Record<MethodName, Float32Array>;
  const input = { subset: few, classes, maps, shown: 0, train: null };
  const { methods } = await sanityChecks(model, input, settings, {});
  await forEachRandomisation(model, 6, async (mixed, randomised) => {
    for (const { method, weights } of methods) {
      const changed = METHODS[method](mixed, few.images, { classes }, settings);
      expect(weights[randomised - 1], `${method} ${randomised}`).toEqual(
        similarityOfMaps(maps[method], changed, few.images.data, 784),
      );
    }
    return Promise.resolve();
  });
  const gradients = methods.find(({ method }) => method === 'gradient')!;
  expect(gradients.weights.at(-1)!.absolute).toBeLessThan(0.5);
  expect(x.sanity.randomLabels).toBeNull();
});
