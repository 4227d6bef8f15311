import { expect, test } from 'vitest';
import handWorked from '../../test/fixtures/hand-worked.json' with { type: 'json' };
import {
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
import type { OptimizerSpec, Targets } from './engine.ts';
import { SparseRows } from './sparseRows.ts';
import { createWasmEngine } from './wasm.ts';

const ADAM: OptimizerSpec = { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

const SGD: OptimizerSpec = { name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false };

const BYTES = { scale: 1 / 255 };

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
