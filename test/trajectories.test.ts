import type { DenseSpec } from '../src/engine/ops/dense.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referenceEngine, type ReferenceNetwork } from '../src/engine/reference.ts';
import type { ActivationName } from '../src/engine/activations/activations.ts';
import type { Engine, Network, NetworkSpec, OptimizerSpec, Targets } from '../src/engine/engine.ts';
import { createWasmEngine } from '../src/engine/wasm.ts';
import { loadMnist } from '../src/store/mnist.ts';
import type { Tensor } from '../src/util/tensor.ts';
import { ACTIVATION_NAMES, asFloats, bitsOf, largestGap, network } from './support/networks.ts';

/** Trajectories in float64 by PyTorch; what is in them and how they were made stands in scripts/fixtures/trajectories.py. */
interface Trajectory {
  config: {
    activation: ActivationName;
    units: number[];
    images: number;
    batchSize: number;
    epochs: number;
    optimizer: OptimizerSpec;
    l1: number;
    l2: number;
  };
  losses: number[];
  accuracies: number[];
  gradient: Summary;
  final: Summary;
  testProbabilities: number[][];
}
interface Summary {
  norms: number[];
  excerpts: { row?: number; values: number[] }[];
}

const FOLDER = new URL('./fixtures/trajectories/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .map((file) => file.replace('.json', ''))
  .sort();
const { train, test: testSet } = loadMnist();

function trajectory(name: string): Trajectory {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Trajectory;
}

function specOf({ activation, units, l1, l2 }: Trajectory['config'], scale: number): NetworkSpec {
  return network(784, units, 10, { activation, l1, l2 }, { scale });
}

/** Kernel entries √(6 / (fan in + units)) (2 frac(φ k) − 1), k = 1, 2, …, row by row; biases zero. */
function goldenWeights({ shape: [inputs], steps }: NetworkSpec): Float64Array[] {
  let fanIn = inputs;
  return steps.flatMap(({ spec }) => {
    if (spec.kind !== 'dense') return [];
    const layer = spec as DenseSpec;
    const limit = Math.sqrt(6 / (fanIn + layer.units));
    const kernel = Float64Array.from({ length: fanIn * layer.units }, (_, k) => {
      const position = 0.6180339887498949 * (k + 1);
      return limit * (2 * (position - Math.floor(position)) - 1);
    });
    fanIn = layer.units;
    return [kernel, new Float64Array(layer.units)];
  });
}

interface Run {
  net: Network;
  losses: number[];
  accuracies: number[];
  gradient: ArrayLike<number>[];
}

function runTrajectory(engine: Engine, { config }: Trajectory, images: Tensor, scale = 1 / 255): Run {
  const spec = specOf(config, scale);
  const net = engine.createNetwork(spec);
  net.setWeights(goldenWeights(spec));
  net.setOptimizer(config.optimizer);
  const rows = net.createRows(images);
  const targets: Targets = { kind: 'classes', classes: train.labels };
  const batches: Uint32Array[] = [];
  for (let first = 0; first < config.images; first += config.batchSize) {
    const size = Math.min(config.batchSize, config.images - first);
    batches.push(Uint32Array.from({ length: size }, (_, s) => first + s));
  }
  const gradient = net.gradients(rows, targets, batches[0]);
  const losses: number[] = [];
  const accuracies: number[] = [];
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    for (const batch of batches) {
      const { loss, correct } = net.trainBatch(rows, targets, batch);
      losses.push(loss);
      accuracies.push(correct / batch.length);
    }
  }
  return { net, losses, accuracies, gradient };
}

interface Gaps {
  loss: number;
  gradientNorms: number;
  gradientExcerpts: number;
  finalNorms: number;
  finalExcerpts: number;
  probabilities: number;
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] * values[k];
  return Math.sqrt(sum);
}

function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < values.length; k++) largest = Math.max(largest, Math.abs(values[k]));
  return largest;
}

/** The largest gap of the norms (relative) and of the excerpts (relative to the array's largest magnitude). */
function summaryGaps(
  arrays: readonly ArrayLike<number>[],
  expected: Summary,
  units: readonly number[],
): [norms: number, excerpts: number] {
  let norms = 0;
  let excerpts = 0;
  arrays.forEach((array, k) => {
    norms = Math.max(norms, Math.abs(norm(array) / expected.norms[k] - 1));
    const { row = 0, values } = expected.excerpts[k];
    const start = row * units[k >> 1];
    const excerpt = values.map((_, c) => array[start + c]);
    excerpts = Math.max(excerpts, largestGap(excerpt, values, largestOf(array)));
  });
  return [norms, excerpts];
}

function gaps(
  { net, losses, gradient }: Run,
  expected: Trajectory,
  images: Tensor,
  weights: readonly ArrayLike<number>[] = net.getWeights(),
): Gaps {
  const units = [...expected.config.units, 10];
  expect(losses.length).toBe(expected.losses.length);
  const [gradientNorms, gradientExcerpts] = summaryGaps(gradient, expected.gradient, units);
  const [finalNorms, finalExcerpts] = summaryGaps(weights, expected.final, units);
  return {
    loss: Math.max(...losses.map((loss, step) => Math.abs(loss / expected.losses[step] - 1))),
    gradientNorms,
    gradientExcerpts,
    finalNorms,
    finalExcerpts,
    probabilities: largestGap(net.predict(net.createRows(images)), expected.testProbabilities.flat(), 1),
  };
}

const firstTest: Tensor = { data: testSet.images.data.subarray(0, 5 * 784), shape: [5, 28, 28] };
const firstTrain: Tensor = { data: train.images.data.subarray(0, 640 * 784), shape: [640, 28, 28] };

test('there is a trajectory for every activation and optimizer', () => {
  expect(NAMES.length).toBe(23);
  for (const activation of ACTIVATION_NAMES) expect(NAMES).toContain(`adam-${activation}`);
});

test.each(NAMES)(
  '%s from bytes: losses within 1e-6, gradients 2e-6, weights 1e-5, probabilities 1e-6 of float64',
  (name) => {
    const expected = trajectory(name);
    const run = runTrajectory(createWasmEngine(), expected, firstTrain);
    const found = gaps(run, expected, firstTest);
    expect(largestGap(run.accuracies, expected.accuracies)).toBeLessThan(1e-9);
    expect(found.loss).toBeLessThan(1e-6);
    expect(found.gradientNorms).toBeLessThan(1e-6);
    expect(found.gradientExcerpts).toBeLessThan(2e-6);
    expect(found.finalNorms).toBeLessThan(1e-6);
    expect(found.finalExcerpts).toBeLessThan(1e-5);
    expect(found.probabilities).toBeLessThan(1e-6);
  },
);

test.each(['adam-relu', 'sgd-momentum-l1-l2', 'odd-widths-short-batch-tanh'])(
  '%s from floats: the bits of the run from bytes',
  (name) => {
    const expected = trajectory(name);
    const [bytes, floats] = [firstTrain, asFloats(firstTrain)].map((images) =>
      runTrajectory(createWasmEngine(), expected, images),
    );
    expect(floats.losses).toEqual(bytes.losses);
    expect(floats.accuracies).toEqual(bytes.accuracies);
    expect(bitsOf(floats.net.getWeights())).toEqual(bitsOf(bytes.net.getWeights()));
  },
);

test('floats divided by 255 beforehand: losses within 1e-6, weights 1e-5 of float64', () => {
  const expected = trajectory('adam-tanh');
  const unscaled = runTrajectory(
    createWasmEngine(),
    expected,
    { ...firstTrain, data: Float32Array.from(firstTrain.data, (v) => v / 255) },
    1,
  );
  const images = { ...firstTest, data: Float32Array.from(firstTest.data, (v) => v / 255) };
  const found = gaps(unscaled, expected, images);
  expect(found.loss).toBeLessThan(1e-6);
  expect(found.finalExcerpts).toBeLessThan(1e-5);
  expect(found.probabilities).toBeLessThan(1e-6);
});

test.each(NAMES.filter((name) => name.startsWith('odd-widths')))(
  '%s by the reference engine: losses and weights within 2e-9 of PyTorch in float64',
  (name) => {
    const expected = trajectory(name);
    const run = runTrajectory(referenceEngine, expected, firstTrain);
    const found = gaps(run, expected, firstTest, (run.net as ReferenceNetwork).float64Weights);
    expect(largestGap(run.accuracies, expected.accuracies)).toBeLessThan(1e-9);
    expect(found.loss).toBeLessThan(2e-9);
    expect(found.finalNorms).toBeLessThan(2e-9);
    expect(found.finalExcerpts).toBeLessThan(2e-9);
    expect(found.gradientNorms).toBeLessThan(1e-7);
    expect(found.probabilities).toBeLessThan(1e-7);
  },
);
