import { expect, test } from 'vitest';
import {
  ACTIVATION_NAMES,
  largestGap,
  network,
  pixels,
  withZeros,
  randomWeights,
} from '../../test/support/networks.ts';
import { Random } from '../util/random.ts';
import type { LogitSeed, Network, NetworkSpec } from './engine.ts';
import { referenceEngine } from './reference.ts';
import { createWasmEngine } from './wasm.ts';

const ROWS = 131;
/** Another sum for every row, with one part that depends on the logits. */
const seed: LogitSeed = (row, logits, weights) => {
  weights[row % weights.length] = 1;
  weights[(row + 1) % weights.length] -= logits[0];
};

function pair(spec: NetworkSpec): { wasm: Network; reference: Network } {
  const weights = randomWeights(spec, new Random(3, 'weights'));
  const reference = referenceEngine.createNetwork(spec);
  const wasm = createWasmEngine().createNetwork(spec);
  reference.setWeights(weights);
  wasm.setWeights(weights);
  return { wasm, reference };
}

test.each(ACTIVATION_NAMES)(
  'outputs of each layer and gradients of the inputs with %s are the float64 ones within 5e-6 of the largest',
  (activation) => {
    const options = { activation, parameter: activation === 'elu' ? 1 : 0.2 };
    const spec = network(37, [19, 33], 5, options, { scale: 1 / 255 });
    const { wasm, reference } = pair(spec);
    const images = pixels(ROWS, 37, new Random(1, 'pixels'));
    const referenceRows = reference.createRows(images);
    for (const rows of [wasm.createRows(images), withZeros(spec, images)]) {
      for (let steps = 1; steps <= spec.steps.length; steps++) {
        const gap = largestGap(wasm.outputsOf(rows, steps), reference.outputsOf(referenceRows, steps));
        expect(gap).toBeLessThan(5e-6);
      }
      expect(largestGap(wasm.logitsOf(rows), reference.logitsOf(referenceRows))).toBeLessThan(5e-6);
      const gap = largestGap(wasm.inputGradients(rows, seed), reference.inputGradients(referenceRows, seed));
      expect(gap).toBeLessThan(5e-6);
      rows.dispose();
    }
  },
);

test('gradients of the inputs are the slopes that differences of the reference show, within 1e-4', () => {
  const { reference } = pair(network(6, [5], 4, { activation: 'tanh' }));
  const x = Float64Array.from({ length: 6 }, (_, i) => 0.1 * (i - 2));
  const logitOf = (values: Float64Array): number => {
    const rows = reference.createRows({ data: Float32Array.from(values), shape: [1, 6] });
    return reference.logitsOf(rows)[2];
  };
  const rows = reference.createRows({ data: Float32Array.from(x), shape: [1, 6] });
  const gradient = reference.inputGradients(rows, (_, __, weights) => {
    weights[2] = 1;
  });
  for (let i = 0; i < 6; i++) {
    const [up, down] = [x.slice(), x.slice()];
    up[i] += 0.01;
    down[i] -= 0.01;
    expect(gradient[i]).toBeCloseTo((logitOf(up) - logitOf(down)) / 0.02, 4);
  }
});

test('a look at the inputs changes neither the weights nor how training goes on', () => {
  const spec = network(30, [40], 10, { activation: 'relu' });
  const [{ wasm }, { wasm: other }] = [pair(spec), pair(spec)];
  const images = pixels(64, 30, new Random(2, 'pixels'));
  const targets = { kind: 'classes', classes: Uint8Array.from({ length: 64 }, (_, s) => s % 10) } as const;
  const batch = Uint32Array.from({ length: 64 }, (_, s) => s);
  for (const net of [wasm, other]) {
    net.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    const rows = net.createRows(images);
    for (let step = 0; step < 4; step++) {
      if (net === wasm) net.inputGradients(rows, seed);
      net.trainBatch(rows, targets, batch);
    }
  }
  expect(wasm.getWeights()).toEqual(other.getWeights());
});
