import { expect, test } from 'vitest';
import {
  asFloats,
  bitsOf,
  classes,
  firstRows,
  largestGap,
  network,
  pixels,
  withZeros,
  randomWeights,
} from '../../test/support/networks.ts';
import { normalCdf } from '../stats/normal.ts';
import { Random } from '../util/random.ts';
import type { Network, NetworkSpec, PrivateStep } from './engine.ts';
import type { DenseSpec } from './ops/dense.ts';
import { ReferenceNetwork } from './reference.ts';
import { SparseRows } from './sparseRows.ts';
import { createWasmEngine } from './wasm.ts';

const SPECS: Record<string, NetworkSpec> = {
  'ReLU, widths of 8': network(40, [16, 8], 8, { activation: 'relu' }, { scale: 1 / 255 }),
  'Tanh, odd widths': network(37, [13, 5], 3, { activation: 'tanh' }, { scale: 1 / 255 }),
  'no biases': network(37, [13, 5], 3, { activation: 'tanh', useBias: false }, { scale: 1 / 255 }),
  'a weight penalty': network(37, [35, 5], 3, { activation: 'relu', l2: 0.01 }, { scale: 1 / 255 }),
};
const ROWS = 23;

function step(options: Partial<PrivateStep> = {}): PrivateStep {
  return { clip: 1, noiseMultiplier: 0, expectedBatch: 16, noise: new Random(1, 'noise'), ...options };
}

function prepared(spec: NetworkSpec, seed = 5) {
  const random = new Random(seed, 'private');
  const weights = randomWeights(spec, random).map((w) => w.map((x) => 3 * x));
  const inputs = pixels(ROWS, spec.shape[0], random);
  const last = spec.steps.at(-2)!.spec as DenseSpec;
  const fast = createWasmEngine().createNetwork(spec);
  const slow = new ReferenceNetwork(spec);
  for (const one of [fast, slow]) {
    one.setWeights(weights);
    one.setOptimizer({ name: 'sgd', learningRate: 1, momentum: 0, nesterov: false });
  }
  return { fast, slow, weights, inputs, targets: classes(ROWS, last.units, random) };
}

/** Weights before minus after: with a learning rate of 1 the gradient. */
function taken(one: Network, before: readonly Float32Array[]): Float32Array {
  const after = one.getWeights();
  return Float32Array.from(before.flatMap((w, k) => [...w].map((x, i) => x - after[k][i])));
}

test.each(Object.keys(SPECS).flatMap((name) => [[name, 'bytes'] as const, [name, 'floats'] as const]))(
  '%s, %s: the clipped gradients of single rows, summed in float64, within 5e-6',
  (name, kind) => {
    const { fast, slow, weights, inputs, targets } = prepared(SPECS[name]);
    const rows = slow.createRows(inputs);
    const norms = Array.from({ length: ROWS }, (_, s) => {
      const bare = step({ clip: Infinity, expectedBatch: 1 });
      const own = slow.float64PrivateGradients(rows, targets, Uint32Array.of(s), bare);
      const none = slow.float64PrivateGradients(rows, targets, new Uint32Array(0), bare);
      return Math.hypot(...own.flatMap((g, k) => [...g].map((x, i) => x - none[k][i])));
    }).sort((a, b) => a - b);
    const clip = norms[11];
    expect(norms[0]).toBeLessThan(0.8 * clip);
    expect(norms[ROWS - 1]).toBeGreaterThan(1.2 * clip);
    const batch = Uint32Array.of(3, 22, 0, 7, 8, 9, 15, 1, 2, 20, 11);
    const expected = slow.float64PrivateGradients(rows, targets, batch, step({ clip, expectedBatch: 0.25 }));
    const own = fast.createRows(kind === 'bytes' ? inputs : asFloats(inputs));
    const { loss, correct } = fast.trainBatch(own, targets, batch, {
      privately: step({ clip, expectedBatch: 0.25 }),
    });
    const plain = slow.trainBatch(rows, targets, batch);
    expect(Math.abs(loss - plain.loss)).toBeLessThan(5e-6 * plain.loss);
    expect(correct).toBe(plain.correct);
    expect(
      largestGap(
        taken(fast, weights),
        expected.flatMap((g) => [...g]),
      ),
    ).toBeLessThan(5e-6);
  },
);

test.each(Object.keys(SPECS))(
  '%s: no clip, no noise, the batch’s own size: the plain gradient within 2e-6',
  (name) => {
    const { fast, weights, inputs, targets } = prepared(SPECS[name]);
    const rows = fast.createRows(inputs);
    const plain = fast.gradients(rows, targets, firstRows(ROWS)).flatMap((g) => [...g]);
    fast.trainBatch(rows, targets, firstRows(ROWS), {
      privately: step({ clip: Infinity, expectedBatch: ROWS }),
    });
    expect(largestGap(taken(fast, weights), plain)).toBeLessThan(2e-6);
  },
);

test('Adam: three steps without noise within 5e-5 of the reference', () => {
  const { fast, slow, inputs, targets } = prepared(SPECS['Tanh, odd widths']);
  const [a, b] = [fast, slow].map((one) => {
    one.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    const rows = one.createRows(inputs);
    for (const first of [0, 7, 14]) {
      one.trainBatch(rows, targets, Uint32Array.of(first, first + 1, first + 5), {
        privately: step({ clip: 0.3 }),
      });
    }
    return one.getWeights().flatMap((w) => [...w]);
  });
  expect(largestGap(a, b)).toBeLessThan(5e-5);
});

/** The noise of empty batches: what the weights move by. */
function noiseOf(spec: NetworkSpec, options: Partial<PrivateStep>, steps = 1): Float32Array[] {
  const { fast, inputs, targets } = prepared(spec);
  const rows = fast.createRows(inputs);
  return Array.from({ length: steps }, (_, k) => {
    const zeros = fast.getWeights().map((w) => w.fill(0));
    fast.setWeights(zeros);
    fast.trainBatch(rows, targets, new Uint32Array(0), {
      privately: step({ noise: new Random(k, 'noise'), ...options }),
    });
    return taken(fast, zeros);
  });
}

test('noise: standard deviation noiseMultiplier × clip / expectedBatch; four moments, the normal distribution (Kolmogorov–Smirnov), tails and correlations within 5 standard errors', () => {
  const wide = network(1000, [256], 10, { activation: 'relu' });
  const [first, second] = noiseOf(wide, { clip: 2, noiseMultiplier: 3, expectedBatch: 4 }, 2);
  const x = Float64Array.from(first, (value) => value / 1.5);
  const n = x.length;
  expect(n).toBe(258_826);
  const mean = (f: (value: number, i: number) => number): number => x.reduce((s, v, i) => s + f(v, i), 0) / n;
  const se = 1 / Math.sqrt(n);
  expect(Math.abs(mean((v) => v))).toBeLessThan(5 * se);
  expect(Math.abs(mean((v) => v * v) - 1)).toBeLessThan(5 * Math.sqrt(2) * se);
  expect(Math.abs(mean((v) => v ** 3))).toBeLessThan(5 * Math.sqrt(15) * se);
  expect(Math.abs(mean((v) => v ** 4) - 3)).toBeLessThan(5 * Math.sqrt(96) * se);
  for (const lag of [1, 4, 8, 32, 256]) {
    expect(Math.abs(mean((v, i) => v * x[(i + lag) % n]))).toBeLessThan(5 * se);
    expect(Math.abs(mean((v, i) => (v * v - 1) * (x[(i + lag) % n] ** 2 - 1)))).toBeLessThan(10 * se);
  }
  expect(Math.abs(mean((v, i) => (v * second[i]) / 1.5))).toBeLessThan(5 * se);
  const beyond = x.filter((v) => Math.abs(v) > 4).length;
  const tail = 2 * normalCdf(-4) * n;
  expect(Math.abs(beyond - tail)).toBeLessThan(5 * Math.sqrt(tail));
  const sorted = x.slice().sort();
  const gap = sorted.reduce((worst, v, i) => Math.max(worst, Math.abs(normalCdf(v) - (i + 0.5) / n)), 0);
  expect(gap).toBeLessThan(1.95 * se);
});

test('noise: the same stream gives the same bits, another stream others', () => {
  const spec = SPECS['Tanh, odd widths'];
  const [a, b] = noiseOf(spec, { noiseMultiplier: 1 }, 2);
  const [again] = noiseOf(spec, { noiseMultiplier: 1 });
  expect(bitsOf([again])).toEqual(bitsOf([a]));
  expect(bitsOf([b])).not.toEqual(bitsOf([a]));
  expect(a.every((v) => v !== 0)).toBe(true);
});

test('odd widths: after noisy steps a network with the same weights gives the same outputs to the bit, so padding stayed zero', () => {
  const spec = SPECS['Tanh, odd widths'];
  const { fast, inputs, targets } = prepared(spec);
  fast.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
  const rows = fast.createRows(asFloats(inputs));
  for (let k = 0; k < 4; k++) {
    fast.trainBatch(rows, targets, Uint32Array.of(k, k + 1), {
      privately: step({ noiseMultiplier: 2, noise: new Random(k, 'noise') }),
    });
  }
  fast.trainBatch(rows, targets, firstRows(ROWS));
  const fresh = createWasmEngine().createNetwork(spec);
  fresh.setWeights(fast.getWeights());
  expect(bitsOf([fresh.predict(fresh.createRows(asFloats(inputs)))])).toEqual(bitsOf([fast.predict(rows)]));
  fresh.setOptimizer({ name: 'sgd', learningRate: 1, momentum: 0, nesterov: false });
  const gradients = [fast, fresh].map((one) =>
    one.gradients(one.createRows(asFloats(inputs)), targets, firstRows(ROWS)),
  );
  expect(bitsOf(gradients[1])).toEqual(bitsOf(gradients[0]));
});

test('floats with many zeros: private steps with the bits of rows that are read with their zeros', () => {
  const spec = SPECS['Tanh, odd widths'];
  const [floats, zeros] = [true, false].map((skip) => {
    const { fast, inputs, targets } = prepared(spec);
    const rows = skip ? fast.createRows(asFloats(inputs)) : withZeros(spec, inputs);
    expect(rows instanceof SparseRows).toBe(skip);
    for (let k = 0; k < 4; k++) {
      fast.trainBatch(rows, targets, Uint32Array.of(k, k + 1, k + 9), { privately: step({ clip: 0.05 }) });
    }
    return bitsOf(fast.getWeights());
  });
  expect(floats).toEqual(zeros);
});

test('a private step needs an optimizer: E_STATE', () => {
  const spec = SPECS['Tanh, odd widths'];
  const one = createWasmEngine().createNetwork(spec);
  const rows = one.createRows(pixels(2, 37, new Random(1, 'x')));
  expect(() =>
    one.trainBatch(rows, { kind: 'classes', classes: [0, 1] }, firstRows(2), { privately: step() }),
  ).toThrow('optimizer');
});
