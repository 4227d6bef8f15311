import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTIVATION_NAMES,
  asFloats,
  bitsOf,
  classes,
  firstRows,
  largestGap,
  network,
  pixels,
  randomWeights,
  softTargets,
  withZeros,
} from '../../test/support/networks.ts';
import { Random } from '../util/random.ts';
import type { Tensor } from '../util/tensor.ts';
import type { NetworkSpec, OptimizerSpec, Targets } from './engine.ts';
import { referenceEngine } from './reference.ts';
import { atOnce } from '../util/steps.ts';
import { createWasmEngine } from './wasm.ts';

const ADAM: OptimizerSpec = { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

const SGD: OptimizerSpec = { name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false };

const BYTES = { scale: 1 / 255 };

interface Strays {
  gradients: number;
  loss: number;
  outputs: number;
}

/**
 * How far the fast engine's first step is from the reference's, relative to the largest value of each array; with the zeros of the inputs and without
 * them it gives the same bits.
 */
function strays(spec: NetworkSpec, inputs: Tensor, targets: Targets, seed: number): Strays {
  const rowCount = inputs.shape[0];
  const weights = randomWeights(spec, new Random(seed, 'weights'));
  const reference = referenceEngine.createNetwork(spec);
  const wasm = createWasmEngine().createNetwork(spec);
  reference.setWeights(weights);
  wasm.setWeights(weights);
  expect(bitsOf(wasm.getWeights())).toEqual(bitsOf(weights));
  const referenceRows = reference.createRows(inputs);
  const rows = wasm.createRows(inputs);
  const batch = firstRows(rowCount).reverse();
  const expected = reference.float64Gradients(referenceRows, targets, batch);
  const received = wasm.gradients(rows, targets, batch);
  // What is below a millionth of the largest gradient of all is judged by that.
  const floor =
    1e-30 +
    1e-6 * Math.max(...expected.flatMap((g) => g.reduce((most, x) => Math.max(most, Math.abs(x)), 0)));
  const gradients = Math.max(...received.map((g, k) => largestGap(g, expected[k], floor)));
  const lossSum = reference.evaluate(referenceRows, targets).lossSum;
  const loss = Math.abs(wasm.evaluate(rows, targets).lossSum - lossSum) / (lossSum + 1e-30);
  const outputs = largestGap(wasm.predict(rows), reference.predict(referenceRows));
  const plain = withZeros(spec, inputs);
  expect(bitsOf(wasm.gradients(plain, targets, batch))).toEqual(bitsOf(received));
  expect(bitsOf([wasm.predict(plain)])).toEqual(bitsOf([wasm.predict(rows)]));
  rows.dispose();
  return { gradients, loss, outputs };
}

function expectClose({ gradients, loss, outputs }: Strays): void {
  expect(gradients).toBeLessThan(5e-6);
  expect(loss).toBeLessThan(1e-6);
  expect(outputs).toBeLessThan(2e-6);
}

for (const activation of ACTIVATION_NAMES) {
  test.each([
    ['bytes', false],
    ['floats', true],
  ])(`gradients through ${activation} from %s are the reference's within 5e-6`, (_, floats) => {
    const random = new Random(5, activation);
    const bytes = pixels(9, 50, random);
    const spec = network(50, [33, 20], 10, { activation }, BYTES);
    expectClose(strays(spec, floats ? asFloats(bytes) : bytes, classes(9, 10, random), 1));
    expectClose(strays(spec, floats ? asFloats(bytes) : bytes, softTargets(9, 10, random), 2));
  });
}

test.each([1, 3, 8, 31, 32, 33, 100, 128, 130])(
  'width %i as inputs, units and classes: gradients within 5e-6 of the reference',
  (width) => {
    const random = new Random(width, 'widths');
    const bytes = pixels(6, width, random);
    const targets = softTargets(6, width, random);
    const spec = network(width, [width, width], width, { activation: 'tanh' }, BYTES);
    expectClose(strays(spec, bytes, targets, width));
    expectClose(strays(spec, asFloats(bytes), targets, width));
  },
);

test.each([1, 2, 3, 4, 5, 7, 33, 256])('batch of %i: gradients within 5e-6 of the reference', (rows) => {
  const random = new Random(rows, 'batches');
  const bytes = pixels(rows, 40, random);
  const targets = classes(rows, 10, random);
  const spec = network(40, [24, 9], 10, { activation: 'relu' }, BYTES);
  expectClose(strays(spec, bytes, targets, rows));
  expectClose(strays(spec, asFloats(bytes), targets, rows));
});

test.each([
  ['l1', { l1: 0.01 }],
  ['l2', { l2: 0.01 }],
  ['l1 and l2, no bias', { l1: 0.003, l2: 0.02, useBias: false }],
  ['none, no bias', { useBias: false }],
])('penalty %s: gradients within 5e-6 of the reference', (_, options) => {
  const random = new Random(11, 'penalties');
  const bytes = pixels(8, 30, random);
  const targets = softTargets(8, 10, random);
  const spec = network(30, [17], 10, { activation: 'gelu', ...options }, BYTES);
  expectClose(strays(spec, bytes, targets, 4));
  expectClose(strays(spec, asFloats(bytes), targets, 4));
  const weights = randomWeights(spec, random);
  const [wasm, reference] = [createWasmEngine(), referenceEngine].map((engine) => engine.createNetwork(spec));
  wasm.setWeights(weights);
  reference.setWeights(weights);
  const [own, expected] = [wasm, reference].map((network) => atOnce(network.penalty()));
  expect(Math.abs(own - expected)).toBeLessThanOrEqual(1e-12 * expected);
});

test('an L1 penalty pulls no weight that is zero', () => {
  const spec = network(3, [], 2, { l1: 0.5, useBias: false });
  const net = createWasmEngine().createNetwork(spec);
  net.setWeights([[0, -0, 2, -2, 0, 0]]);
  const rows = net.createRows({ data: new Float32Array(3), shape: [1, 3] });
  expect(net.gradients(rows, { kind: 'classes', classes: [0] }, firstRows(1))).toEqual([
    Float32Array.of(0, 0, 0.5, -0.5, 0, 0),
  ]);
});

test.each([
  [0.01, 0],
  [-2 / 255, 1],
  [1 / 127.5, -1],
])('inputs rescaled by %f and %f: gradients within 5e-6 of the reference', (scale, offset) => {
  const random = new Random(12, 'rescaling');
  const bytes = pixels(5, 21, random);
  const spec = network(21, [10], 4, { activation: 'tanh' }, { scale, offset });
  const targets = classes(5, 4, random);
  for (const inputs of [
    bytes,
    asFloats(bytes),
    { ...bytes, data: Float64Array.from(bytes.data) },
    { ...bytes, data: Int32Array.from(bytes.data) },
  ]) {
    expectClose(strays(spec, inputs, targets, 6));
  }
});

test('images that are all zero, and batches that name an image twice, are handled by both paths', () => {
  const random = new Random(13, 'zero');
  const spec = network(40, [8], 3, { activation: 'sigmoid' }, BYTES);
  expectClose(strays(spec, { data: new Uint8Array(200), shape: [5, 40] }, classes(5, 3, random), 1));
  const bytes = pixels(4, 40, random);
  const targets = classes(4, 3, random);
  const weights = randomWeights(spec, random);
  const batch = Uint32Array.of(2, 2, 0, 2, 3);
  const net = createWasmEngine().createNetwork(spec);
  net.setWeights(weights);
  const [sparse, ...others] = [
    net.createRows(bytes),
    net.createRows(asFloats(bytes)),
    withZeros(spec, bytes),
  ].map((rows) => net.gradients(rows, targets, batch));
  for (const other of others) expect(bitsOf(other)).toEqual(bitsOf(sparse));
  const reference = referenceEngine.createNetwork(spec);
  reference.setWeights(weights);
  const expected = reference.float64Gradients(reference.createRows(bytes), targets, batch);
  sparse.forEach((g, k) => {
    expect(largestGap(g, expected[k])).toBeLessThan(5e-6);
  });
});

test('random networks: gradients, losses and outputs within 5e-6 of the reference', () => {
  const width = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(
      fc.record({
        inputs: width,
        units: fc.array(width, { maxLength: 3 }),
        outputs: width,
        rows: fc.integer({ min: 1, max: 12 }),
        activation: fc.constantFrom(...ACTIVATION_NAMES),
        useBias: fc.boolean(),
        l2: fc.constantFrom(0, 0.01),
        soft: fc.boolean(),
        floats: fc.boolean(),
        seed: fc.integer({ min: 0, max: 1e6 }),
      }),
      ({ inputs, units, outputs, rows, activation, useBias, l2, soft, floats, seed }) => {
        const random = new Random(seed, 'random networks');
        const spec = network(inputs, units, outputs, { activation, useBias, l2 }, BYTES);
        const bytes = pixels(rows, inputs, random);
        const targets = soft ? softTargets(rows, outputs, random) : classes(rows, outputs, random);
        const found = strays(spec, floats ? asFloats(bytes) : bytes, targets, seed);
        expect(found.gradients).toBeLessThan(5e-6);
        expect(found.loss).toBeLessThan(5e-6);
        expect(found.outputs).toBeLessThan(5e-6);
      },
    ),
    { numRuns: 150, seed: 7 },
  );
});

test.each<[string, OptimizerSpec]>([
  ['Adam', ADAM],
  ['Adam with other moments', { ...ADAM, learningRate: 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
  ['SGD', SGD],
  ['SGD with momentum', { ...SGD, momentum: 0.9 }],
  ['SGD with Nesterov momentum', { ...SGD, momentum: 0.9, nesterov: true }],
  ['Adam with weight decay', { ...ADAM, weightDecay: 0.1 }],
  [
    'RMSprop',
    { name: 'rmsprop', learningRate: 0.001, rho: 0.9, momentum: 0.5, epsilon: 1e-7, centered: true },
  ],
  ['Adagrad', { name: 'adagrad', learningRate: 0.01, initialAccumulatorValue: 0.1, epsilon: 1e-7 }],
])('50 steps of %s: losses within 1e-5, weights within 5e-5 of the reference', (_, optimizer) => {
  const random = new Random(21, 'optimizers');
  const bytes = pixels(60, 50, random);
  const targets = classes(60, 5, random);
  const spec = network(50, [20, 12], 5, { activation: 'tanh', l2: 1e-3 }, BYTES);
  const weights = randomWeights(spec, random);
  for (const zeros of [false, true]) {
    const reference = referenceEngine.createNetwork(spec);
    const wasm = createWasmEngine().createNetwork(spec);
    for (const net of [reference, wasm]) {
      net.setWeights(weights);
      net.setOptimizer(optimizer);
    }
    const own = reference.createRows(bytes);
    const rows = zeros ? withZeros(spec, bytes) : wasm.createRows(bytes);
    for (let step = 0; step < 50; step++) {
      const batch = Uint32Array.from({ length: 7 }, (__, s) => (7 * step + s) % 60);
      if (step === 30) for (const net of [reference, wasm]) net.setLearningRate(optimizer.learningRate / 2);
      const expected = reference.trainBatch(own, targets, batch);
      const received = wasm.trainBatch(rows, targets, batch);
      expect(Math.abs(received.loss / expected.loss - 1)).toBeLessThan(1e-5);
      expect(received.correct).toBe(expected.correct);
    }
    wasm.getWeights().forEach((w, k) => {
      expect(largestGap(w, reference.float64Weights[k])).toBeLessThan(5e-5);
    });
  }
});

test('of equal outputs the first counts as the most probable', () => {
  const net = createWasmEngine().createNetwork(network(1, [], 3));
  net.setWeights([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const rows = net.createRows({ data: new Float32Array(3), shape: [3, 1] });
  expect(net.evaluate(rows, { kind: 'classes', classes: [0, 1, 2] }).correct).toBe(1);
  expect(net.evaluate(rows, { kind: 'values', values: [0.4, 0.4, 0.2, 0, 0, 0, 0, 0.5, 0.5] }).correct).toBe(
    2,
  );
});

test('logits far apart give a finite loss, exact within 1e-6', () => {
  const net = createWasmEngine().createNetwork(network(1, [], 3, { useBias: false }));
  net.setWeights([[1000, -1000, 0]]);
  const rows = net.createRows({ data: Float32Array.of(1), shape: [1, 1] });
  expect(net.evaluate(rows, { kind: 'classes', classes: [0] }).lossSum).toBe(0);
  expect(net.evaluate(rows, { kind: 'classes', classes: [1] }).lossSum).toBeCloseTo(2000, 3);
  expect([...net.predict(rows)]).toEqual([1, expect.closeTo(0, 30), expect.closeTo(0, 30)]);
});

test('NaN and infinity in the weights make the loss NaN, and no crash', () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const net = createWasmEngine().createNetwork(network(2, [3], 2, { activation: 'relu' }));
    net.setWeights([
      [1, 2, 3, 4, 5, 6],
      [0, 0, 0],
      [1, 1, 1, bad, 1, 1],
      [0, 0],
    ]);
    const rows = net.createRows({ data: Float32Array.of(1, 1), shape: [1, 2] });
    expect(net.evaluate(rows, { kind: 'classes', classes: [0] }).lossSum).not.toSatisfy(Number.isFinite);
  }
});
