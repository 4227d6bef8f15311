import { expect, test } from 'vitest';
import handWorked from '../../test/fixtures/hand-worked.json' with { type: 'json' };
import {
  ACTIVATION_NAMES,
  firstRows,
  largestGap,
  network,
  randomWeights,
  softTargets,
  uniform,
} from '../../test/support/networks.ts';
import { Random } from '../util/random.ts';
import { atOnce } from '../util/steps.ts';
import type { NetworkSpec, OptimizerSpec, Targets } from './engine.ts';
import { referenceEngine, type ReferenceNetwork, type ReferenceRows } from './reference.ts';

const ROWS = 4;
const STEP = 1e-5;

/** Gradients by (L(w + h) − L(w − h)) / 2h, every parameter in turn. */
function differences(reference: ReferenceNetwork, rows: ReferenceRows, targets: Targets): number[][] {
  const loss = (): number =>
    reference.evaluate(rows, targets).lossSum / rows.count + atOnce(reference.penalty());
  return reference.float64Weights.map((weights) =>
    Array.from(weights, (w, k) => {
      weights[k] = w + STEP;
      const above = loss();
      weights[k] = w - STEP;
      const below = loss();
      weights[k] = w;
      return (above - below) / (2 * STEP);
    }),
  );
}

function checkGradients(spec: NetworkSpec): void {
  const random = new Random(3, 'reference gradients');
  const reference = referenceEngine.createNetwork(spec);
  reference.setWeights(randomWeights(spec, random));
  const rows = reference.createRows({
    data: uniform(ROWS * spec.shape[0], -1, 1, random),
    shape: [ROWS, spec.shape[0]],
  });
  const targets = softTargets(ROWS, 3, random);
  const gradients = reference.float64Gradients(rows, targets, firstRows(ROWS));
  const numeric = differences(reference, rows, targets);
  expect(gradients.length).toBe(numeric.length);
  gradients.forEach((gradient, k) => {
    expect(largestGap(gradient, numeric[k]), `parameter ${k}`).toBeLessThan(1e-7);
    expect(gradient.some((g) => Math.abs(g) > 1e-4)).toBe(true);
  });
}

test.each(ACTIVATION_NAMES)(
  'gradients through %s are those of central differences within 1e-7',
  (activation) => {
    checkGradients(network(5, [4, 6], 3, { activation }));
  },
);

test.each([
  ['l1', { l1: 0.3 }],
  ['l2', { l2: 0.2 }],
  ['both, without biases', { l1: 0.1, l2: 0.4, useBias: false }],
])('gradients with penalty %s are those of central differences within 1e-7', (_, options) => {
  checkGradients(network(5, [4], 3, { activation: 'tanh', ...options }));
});

test.each([
  ['leakyRelu', 0.7],
  ['elu', 0.4],
] as const)(
  'gradients through %s with another parameter are those of central differences within 1e-7',
  (activation, parameter) => {
    checkGradients(network(5, [4, 6], 3, { activation, parameter }));
  },
);

test('gradients of rescaled inputs are those of central differences within 1e-7', () => {
  checkGradients(network(5, [4], 3, { activation: 'relu' }, { scale: -1.5, offset: 0.25 }));
});

test('one step worked by hand in fractions, within 1e-15', () => {
  const { x, labels, weights, loss, gradients, updatedWeights, probabilities, updatedLoss } = handWorked;
  const reference = referenceEngine.createNetwork(network(2, [2], 2, { activation: 'relu' }));
  reference.setWeights(weights.map((w) => w.flat()));
  reference.setOptimizer({
    name: 'sgd',
    learningRate: handWorked.learningRate,
    momentum: 0,
    nesterov: false,
  });
  const rows = reference.createRows({ data: Float32Array.from(x.flat()), shape: [2, 2] });
  const targets: Targets = { kind: 'classes', classes: labels };
  expect([...reference.predict(rows)]).toEqual(probabilities.flat());
  reference.float64Gradients(rows, targets, firstRows(2)).forEach((gradient, k) => {
    expect([...gradient]).toEqual(gradients[k].flat());
  });
  const step = reference.trainBatch(rows, targets, firstRows(2));
  expect(step.loss).toBeCloseTo(loss, 15);
  expect(step.correct).toBe(2);
  reference.float64Weights.forEach((w, k) => {
    expect([...w]).toEqual(updatedWeights[k].flat());
  });
  expect(reference.evaluate(rows, targets).lossSum / 2).toBeCloseTo(updatedLoss, 15);
});

test.each<[string, OptimizerSpec]>([
  ['Adam', { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }],
  ['SGD with momentum', { name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true }],
])(
  '%s: a state taken after 3 of 7 steps goes on in another network to the same float64 weights and averages',
  (_, optimizer) => {
    const random = new Random(8, 'state');
    const spec = network(5, [4], 3, { activation: 'tanh' });
    const weights = randomWeights(spec, random);
    const inputs = { data: uniform(20, -1, 1, random), shape: [ROWS, 5] };
    const targets = softTargets(ROWS, 3, random);
    const start = (): { reference: ReferenceNetwork; step: () => void } => {
      const reference = referenceEngine.createNetwork(spec);
      reference.setWeights(weights);
      reference.setOptimizer(optimizer);
      atOnce(reference.startAveraging(0.8));
      const rows = reference.createRows(inputs);
      return { reference, step: () => void reference.trainBatch(rows, targets, firstRows(ROWS)) };
    };
    const final = (reference: ReferenceNetwork): number[][] => {
      const raw = reference.float64Weights.map((w) => [...w]);
      atOnce(reference.swapAverages());
      return [...raw, ...reference.float64Weights.map((w) => [...w])];
    };
    const [one, other] = [start(), start()];
    for (let k = 0; k < 3; k++) one.step();
    const state = new Map(Object.entries(atOnce(one.reference.saveState())));
    for (let k = 0; k < 4; k++) one.step();
    other.step();
    atOnce(other.reference.restoreState(state));
    for (let k = 0; k < 4; k++) other.step();
    expect(final(other.reference)).toEqual(final(one.reference));
  },
);
