import { atOnce } from '../util/steps.ts';
import { expect, test } from 'vitest';
import { errorOf, points, smallModel, WIDTH } from '../../test/support/models.ts';
import { bitsOf, largestGap, network, pixels, randomWeights } from '../../test/support/networks.ts';
import { referenceEngine } from '../engine/reference.ts';
import { createWasmEngine } from '../engine/wasm.ts';
import { Random } from '../util/random.ts';
import type { Callback } from './callbacks.ts';
import type { FitOptions } from './fitOptions.ts';
import type { Sequential } from './sequential.ts';

const QUIET = { verbose: 0 } as const;
const RUN = { ...QUIET, epochs: 3, batchSize: 7 } as const;

function read(model: Sequential): Float32Array {
  return Float32Array.from(model.getWeights().flatMap(({ data }) => [...data]));
}

/** Trains and returns the weights before the first and after every step. */
async function trajectory(options: FitOptions): Promise<{ raw: Float32Array[]; model: Sequential }> {
  const { inputs, labels } = points(40);
  const model = smallModel();
  const raw = [read(model)];
  const record: Callback = { onBatchEnd: () => void raw.push(read(model)) };
  await model.fit(inputs, labels, { ...RUN, ...options, callbacks: [record, ...(options.callbacks ?? [])] });
  return { raw, model };
}

/** dⁿ w₀ + (1 − d) Σ dⁿ⁻ᵏ wₖ in float64. */
function closedForm(raw: readonly Float32Array[], decay: number): Float64Array {
  const n = raw.length - 1;
  return Float64Array.from(raw[0], (_, i) =>
    raw.reduce((sum, w, k) => sum + (k === 0 ? decay ** n : (1 - decay) * decay ** (n - k)) * w[i], 0),
  );
}

test.each([0.5, 0.9, 0.99, 0.9999])(
  'decay %f: the final weights are the closed form of all steps within 3e-6, training itself is untouched to the bit',
  async (decay) => {
    const { raw, model } = await trajectory({ averaging: decay });
    const plain = await trajectory({});
    expect(raw).toHaveLength(19);
    expect(bitsOf(raw)).toEqual(bitsOf(plain.raw));
    expect(largestGap(read(model), closedForm(raw, decay))).toBeLessThan(3e-6);
    expect(read(model)).not.toEqual(raw[18]);
  },
);

test('validation, callbacks at the end of an epoch and the model afterwards see the averages; the first batch of the next epoch the raw weights', async () => {
  const { inputs, labels } = points(30, 5);
  const seen: Float32Array[] = [];
  const losses: number[] = [];
  const evaluated: number[] = [];
  const callback: Callback = {
    onEpochEnd: (_, { val_loss }, model) => {
      seen.push(read(model as Sequential));
      losses.push(val_loss!);
      evaluated.push(model.evaluate(inputs, labels).loss);
    },
  };
  const { raw, model } = await trajectory({
    averaging: 0.8,
    validationData: [inputs, labels],
    callbacks: [callback],
  });
  expect(losses).toEqual(evaluated);
  seen.forEach((weights, epoch) => {
    expect(largestGap(weights, closedForm(raw.slice(0, 6 * epoch + 7), 0.8))).toBeLessThan(3e-6);
  });
  expect(read(model)).toEqual(seen[2]);
  const hand = smallModel();
  const shapes = hand.getWeights();
  let at = 0;
  hand.setWeights(shapes.map(({ shape, data }) => ({ shape, data: seen[1].slice(at, (at += data.length)) })));
  expect(hand.evaluate(inputs, labels).loss).toBe(losses[1]);
});

test('training that a callback ends early leaves the averages too', async () => {
  const stop: Callback = { onEpochEnd: (epoch, _, model) => void (model.stopTraining = epoch === 1) };
  const { raw, model } = await trajectory({ averaging: 0.9, callbacks: [stop] });
  expect(raw).toHaveLength(13);
  expect(largestGap(read(model), closedForm(raw, 0.9))).toBeLessThan(3e-6);
});

test('a fit after one with averaging starts its averages anew, and without averaging has none; no memory is kept', async () => {
  const engine = createWasmEngine();
  const { inputs, labels } = points(40);
  const [model, plain] = [smallModel({ engine }), smallModel()];
  const inUse = engine.memoryInUse;
  await model.fit(inputs, labels, RUN);
  const grown = engine.memoryInUse;
  expect(grown).toBeGreaterThan(inUse);
  await model.fit(inputs, labels, { ...RUN, averaging: 0.9 });
  expect(engine.memoryInUse).toBe(grown);
  plain.setWeights(model.getWeights());
  for (const each of [model, plain]) {
    each.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await each.fit(inputs, labels, { ...RUN, epochs: 1, seed: 4 });
  }
  expect(model.weightsHash()).toBe(plain.weightsHash());
  const fail: Callback = {
    onBatchEnd: () => {
      throw new Error('mine');
    },
  };
  await errorOf(() => model.fit(inputs, labels, { ...RUN, averaging: 0.9, callbacks: [fail] }));
  expect(engine.memoryInUse).toBe(grown);
});

test('byte images through the sparse path: averages of 12 steps within 2e-5 of the reference engine', () => {
  const random = new Random(3, 'averages');
  const spec = network(30, [12], 4, { activation: 'tanh' }, { scale: 1 / 255 });
  const weights = randomWeights(spec, random);
  const inputs = pixels(8, 30, random);
  const targets = {
    kind: 'classes',
    classes: Uint8Array.from({ length: 8 }, () => random.integer(4)),
  } as const;
  const [fast, slow] = [createWasmEngine(), referenceEngine].map((engine) => {
    const net = engine.createNetwork(spec);
    net.setWeights(weights);
    net.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    const rows = net.createRows(inputs);
    atOnce(net.startAveraging(0.7));
    for (let step = 0; step < 12; step++) net.trainBatch(rows, targets, Uint32Array.of(step % 8, 7));
    // Whoever asks amid the exchange sees it done.
    const exchange = net.swapAverages();
    exchange.next();
    const averages = net.getWeights();
    atOnce(exchange);
    expect(bitsOf(net.getWeights())).toEqual(bitsOf(averages));
    atOnce(net.swapAverages());
    return [...averages, ...net.getWeights()];
  });
  fast.forEach((own, k) => {
    expect(largestGap(own, slow[k])).toBeLessThan(2e-5);
  });
  expect(bitsOf(fast.slice(0, 4))).not.toEqual(bitsOf(fast.slice(4)));
});

test.each([1, -0.1, NaN, Infinity])('a decay of %f is E_ARGUMENT', async (averaging) => {
  const { inputs, labels } = points(WIDTH);
  expect((await errorOf(() => smallModel().fit(inputs, labels, { ...QUIET, averaging }))).code).toBe(
    'E_ARGUMENT',
  );
});
