import fc from 'fast-check';
import { expect, test } from 'vitest';
import handWorked from '../../test/fixtures/hand-worked.json' with { type: 'json' };
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
import { SparseRows } from './sparseRows.ts';
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
  expect(Math.abs(wasm.penalty() - reference.penalty())).toBeLessThanOrEqual(1e-12 * reference.penalty());
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

test('Adam fused with the sparse gradient gives the bits of Adam after it, also over columns that come to life late', () => {
  const random = new Random(31, 'fused');
  for (const units of [40, 32, 8, 129]) {
    const spec = network(90, [units], 4, { activation: 'relu' }, BYTES);
    const bytes = pixels(80, 90, random);
    // The first half of the images leaves the columns from 30 on empty.
    for (let s = 0; s < 40; s++) bytes.data.fill(0, s * 90 + 30, (s + 1) * 90);
    const targets = classes(80, 4, random);
    const weights = randomWeights(spec, random);
    const [fused, floats, unfused] = [bytes, asFloats(bytes), undefined].map((inputs) => {
      const net = createWasmEngine().createNetwork(spec);
      net.setWeights(weights);
      net.setOptimizer(ADAM);
      const rows = inputs ? net.createRows(inputs) : withZeros(spec, bytes);
      const losses = Array.from({ length: 30 }, (_, step) => {
        const batch = Uint32Array.from(
          { length: step % 3 === 2 ? 3 : 8 },
          (__, s) => (8 * (step % 10) + s) % 80,
        );
        return net.trainBatch(rows, targets, batch).loss;
      });
      return { losses, bits: bitsOf(net.getWeights()), outputs: bitsOf([net.predict(rows)]) };
    });
    expect(fused).toEqual(unfused);
    expect(floats).toEqual(unfused);
  }
});

test('bytes, floats and rows with their zeros may take turns under one optimizer: the bits of the last alone', () => {
  const random = new Random(32, 'turns');
  const spec = network(40, [12], 3, { activation: 'tanh' }, BYTES);
  const bytes = pixels(24, 40, random);
  const targets = classes(24, 3, random);
  const weights = randomWeights(spec, random);
  const train = (kinds: ('bytes' | 'floats' | 'zeros')[]): number[][] => {
    const net = createWasmEngine().createNetwork(spec);
    net.setWeights(weights);
    net.setOptimizer(ADAM);
    const made = {
      bytes: net.createRows(bytes),
      floats: net.createRows(asFloats(bytes)),
      zeros: withZeros(spec, bytes),
    };
    const rows = kinds.map((kind) => made[kind]);
    for (let step = 0; step < 12; step++) {
      net.trainBatch(rows[step % rows.length], targets, Uint32Array.of(2 * step, 2 * step + 1));
    }
    return bitsOf(net.getWeights());
  };
  expect(train(['bytes', 'zeros', 'floats'])).toEqual(train(['zeros']));
});

test('a short last batch gives the bits of a network that never saw a longer one', () => {
  const random = new Random(33, 'short');
  const spec = network(40, [10, 7], 3, { activation: 'softplus' }, BYTES);
  const bytes = pixels(40, 40, random);
  const targets = softTargets(40, 3, random);
  const weights = randomWeights(spec, random);
  for (const zeros of [false, true]) {
    const gradients = [true, false].map((longFirst) => {
      const net = createWasmEngine().createNetwork(spec);
      net.setWeights(weights);
      const rows = zeros ? withZeros(spec, bytes) : net.createRows(bytes);
      if (longFirst) net.gradients(rows, targets, firstRows(33));
      return bitsOf(net.gradients(rows, targets, Uint32Array.of(39, 0, 7)));
    });
    expect(gradients[0]).toEqual(gradients[1]);
  }
});

test('each row has the bits it has alone: predictions do not depend on how many rows there are', () => {
  const random = new Random(34, 'alone');
  const spec = network(40, [33], 6, { activation: 'silu' }, BYTES);
  const net = createWasmEngine().createNetwork(spec);
  net.setWeights(randomWeights(spec, random));
  const bytes = pixels(301, 40, random);
  const together = net.predict(net.createRows(bytes));
  for (const row of [0, 1, 127, 128, 255, 256, 300]) {
    const alone = net.predict(
      net.createRows({ data: bytes.data.slice(row * 40, (row + 1) * 40), shape: [1, 40] }),
    );
    expect(alone).toEqual(together.slice(row * 6, (row + 1) * 6));
  }
});

test('bytes and floats beyond one piece of a megabyte are compressed like the first: the bits of rows with their zeros', () => {
  const random = new Random(36, 'chunks');
  const spec = network(700, [8], 3, { activation: 'tanh' }, BYTES);
  const net = createWasmEngine().createNetwork(spec);
  net.setWeights(randomWeights(spec, random));
  const bytes = pixels(3100, 700, random);
  const expected = net.predict(withZeros(spec, bytes));
  for (const inputs of [bytes, asFloats(bytes)]) {
    const rows = net.createRows(inputs);
    expect(rows).toBeInstanceOf(SparseRows);
    expect(net.predict(rows)).toEqual(expected);
  }
});

test('networks of one engine do not disturb each other, while its memory grows', () => {
  const random = new Random(35, 'neighbours');
  const spec = network(40, [24], 5, { activation: 'elu' }, BYTES);
  const bytes = pixels(64, 40, random);
  const targets = classes(64, 5, random);
  const weights = randomWeights(spec, random);
  const engine = createWasmEngine();
  const start = (own: typeof engine): (() => number[][]) => {
    const net = own.createNetwork(spec);
    net.setWeights(weights);
    net.setOptimizer(ADAM);
    const rows = net.createRows(bytes);
    return () => {
      net.trainBatch(rows, targets, firstRows(16));
      return bitsOf(net.getWeights());
    };
  };
  const alone = start(createWasmEngine());
  const crowded = start(engine);
  for (let step = 0; step < 4; step++) {
    const expected = alone();
    const neighbour = engine.createNetwork(network(500, [300 * (step + 1)], 10, {}, BYTES));
    neighbour.setWeights(randomWeights(network(500, [300 * (step + 1)], 10), random));
    neighbour.predict(neighbour.createRows(pixels(10, 500, random)));
    expect(crowded()).toEqual(expected);
    neighbour.dispose();
  }
});

test('one step worked by hand in fractions, to the bit', () => {
  const spec = network(2, [2], 2, { activation: 'relu' });
  const net = createWasmEngine().createNetwork(spec);
  net.setWeights(handWorked.weights.map((w) => w.flat()));
  net.setOptimizer({ ...SGD, learningRate: handWorked.learningRate });
  const rows = net.createRows({ data: Float32Array.from(handWorked.x.flat()), shape: [2, 2] });
  const targets: Targets = { kind: 'classes', classes: handWorked.labels };
  expect([...net.predict(rows)]).toEqual(handWorked.probabilities.flat());
  expect(net.gradients(rows, targets, firstRows(2)).map((g) => [...g])).toEqual(
    handWorked.gradients.map((g) => g.flat()),
  );
  const { loss, correct } = net.trainBatch(rows, targets, firstRows(2));
  expect(loss).toBeCloseTo(handWorked.loss, 7);
  expect(correct).toBe(2);
  expect(net.getWeights().map((w) => [...w])).toEqual(handWorked.updatedWeights.map((w) => w.flat()));
  expect(largestGap(net.predict(rows), handWorked.updatedProbabilities.flat())).toBeLessThan(2e-7);
  expect(net.evaluate(rows, targets).lossSum / 2).toBeCloseTo(handWorked.updatedLoss, 7);
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
