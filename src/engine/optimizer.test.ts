import { expect, test } from 'vitest';
import { bitsOf } from '../../test/support/networks.ts';
import { contextOf, randomRows } from '../../test/support/ops.ts';
import type { Context } from './context.ts';
import type { OptimizerSpec } from './engine.ts';
import { Allocation, Heap } from './heap.ts';
import { instantiateKernels } from './module.ts';
import { Optimizer, type Parameter } from './optimizer.ts';
import { type OptimizerName, RULES } from './rules/rules.ts';
import { Random } from '../util/random.ts';
import { atOnce } from '../util/steps.ts';

const SMALLEST_NORMAL = 2 ** -126;
const ADAM = { name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-7 } as const;
const RMSPROP = {
  name: 'rmsprop',
  learningRate: 0.01,
  rho: 0.9,
  momentum: 0,
  epsilon: 1e-7,
  centered: false,
} as const;

interface Trace {
  /** The four weights after each step. */
  weights: number[][];
  /** Moments that were subnormal after a step. */
  subnormal: number;
  /** Moments after the last step. */
  moments: number[];
}

/** Four weights that start at 1 under the gradients of `gradientAt`, step 1, 2, …. */
function run(spec: OptimizerSpec, steps: number, gradientAt: (step: number) => number[]): Trace {
  const heap = new Heap();
  const pieces = new Allocation(heap);
  const context: Context = { heap, kernels: instantiateKernels(heap.memory), pieces };
  const [address, gradient] = [pieces.floats(4), pieces.floats(4)];
  const parameter: Parameter = { address, count: 4, gradient: () => gradient };
  const optimizer = new Optimizer(context, spec, [parameter]);
  heap.float32(address, 4).fill(1);
  const moments = (): number[] => {
    const { first, second, third } = optimizer.slots(parameter);
    return [first, second, third].filter((slot) => slot !== 0).flatMap((slot) => [...heap.float32(slot, 4)]);
  };
  const weights: number[][] = [];
  let subnormal = 0;
  for (let step = 1; step <= steps; step++) {
    heap.float32(gradient, 4).set(gradientAt(step));
    optimizer.beginStep();
    atOnce(optimizer.update(parameter));
    atOnce(optimizer.endStep());
    weights.push([...heap.float32(address, 4)]);
    subnormal += moments().filter((m) => m !== 0 && Math.abs(m) < SMALLEST_NORMAL).length;
  }
  const trace = { weights, subnormal, moments: moments() };
  optimizer.dispose();
  expect(heap.used).toBe(128);
  return trace;
}

/** Keras' update in float64, nothing dropped. */
function exactAdam(
  { learningRate, beta1, beta2, epsilon }: typeof ADAM,
  gradients: readonly number[],
): number[] {
  let [w, m, v] = [1, 0, 0];
  return gradients.map((g, t) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const alpha = (learningRate * Math.sqrt(1 - beta2 ** (t + 1))) / (1 - beta1 ** (t + 1));
    return (w -= (alpha * m) / (Math.sqrt(v) + epsilon));
  });
}

/** Units that die: gradients of several sizes for three steps, then none. */
function dying(step: number): number[] {
  return step <= 3 ? [1, -1e-3, 1e-8, 1e-15] : [0, 0, 0, 0];
}

test.each<[string, OptimizerSpec]>([
  ['Adam', ADAM],
  ['SGD with momentum', { name: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: false }],
  ['SGD with Nesterov momentum', { name: 'sgd', learningRate: 0.01, momentum: 0.8, nesterov: true }],
  ['AdamW', { ...ADAM, name: 'adamW', weightDecay: 0.004 }],
  ['RMSprop', RMSPROP],
  ['RMSprop, centred, with momentum', { ...RMSPROP, momentum: 0.8, centered: true }],
  ['Lion', { name: 'lion', learningRate: 0.01, beta1: 0.9, beta2: 0.9 }],
])('%s: once the gradients stay zero, the moments become zero and are never subnormal', (_, spec) => {
  const { subnormal, moments } = run(spec, 3000, dying);
  expect(subnormal).toBe(0);
  expect(moments.every((m) => m === 0)).toBe(true);
});

test('Adam: dropping small moments changes no weight, 3,000 steps within 2e-6 of float64 without it', () => {
  const { weights } = run(ADAM, 3000, dying);
  for (let k = 0; k < 4; k++) {
    const expected = exactAdam(
      ADAM,
      Array.from({ length: 3000 }, (_, t) => dying(t + 1)[k]),
    );
    expected.forEach((w, t) => {
      expect(Math.abs(weights[t][k] - w)).toBeLessThan(2e-6);
    });
  }
});

test('Adam: gradients that come back after a long silence move the weights within 2e-6 of float64', () => {
  const gradients = Array.from({ length: 400 }, (_, t) => (t < 2 || t > 390 ? 0.5 : 0));
  const { weights } = run(ADAM, 400, (step) => new Array<number>(4).fill(gradients[step - 1]));
  const expected = exactAdam(ADAM, gradients);
  expect(Math.abs(weights[399][0] - expected[399])).toBeLessThan(2e-6);
});

test('the first step of Adam, by hand: rate √(1 − β₂) g / (√(1 − β₂) |g| + ε), within 1e-7', () => {
  const gradients = [1e-3, 1, -1e3, 1e-8];
  const { weights } = run(ADAM, 1, () => gradients);
  const root = Math.sqrt(0.05);
  gradients.forEach((g, k) => {
    expect(Math.abs(weights[0][k] - (1 - (0.01 * root * g) / (root * Math.abs(g) + 1e-7)))).toBeLessThan(
      1e-7,
    );
  });
});

test('Adam: gradients as small as 1e-6 keep their moments, 500 steps within 1e-4 of float64', () => {
  const { weights } = run(ADAM, 500, () => [1e-6, 1e-6, 1e-6, 1e-6]);
  const expected = exactAdam(ADAM, new Array<number>(500).fill(1e-6));
  weights.forEach(([w], t) => {
    expect(Math.abs(w - expected[t])).toBeLessThan(1e-4);
  });
});

test.each(Object.keys(RULES) as OptimizerName[])(
  '%s takes its step with parts of the weights as with all of them, the same bits',
  (name) => {
    const defaults = Object.entries(RULES[name].options).map(([key, { value }]) => [key, value] as const);
    const spec = { name, ...Object.fromEntries(defaults), weightDecay: 0.01 } as OptimizerSpec;
    const COUNT = 648;
    const train = (most: number): { bits: number[][]; stops: number } => {
      const context = contextOf();
      const { heap, pieces } = context;
      heap.mostProducts = () => most;
      const [address, gradient] = [pieces.floats(COUNT), pieces.floats(COUNT)];
      const parameter = { address, count: COUNT, gradient: () => gradient };
      const optimizer = new Optimizer(context, spec, [parameter]);
      const random = new Random(1, 'weights');
      heap.float32(address, COUNT).set(randomRows(1, COUNT, random)[0]);
      let stops = 0;
      for (let k = 0; k < 3; k++) {
        heap.float32(gradient, COUNT).set(randomRows(1, COUNT, random)[0]);
        optimizer.beginStep();
        const steps = optimizer.update(parameter);
        while (!steps.next().done) stops++;
      }
      const { first, second, third } = optimizer.slots(parameter);
      const all = [address, first, second, third].filter((place) => place > 0);
      return { bits: bitsOf(all.map((place) => heap.float32(place, COUNT).slice())), stops };
    };
    const [whole, parts] = [train(Infinity), train(1)];
    expect(parts.bits).toEqual(whole.bits);
    // 648 = 5 × 128 + 8.
    expect([whole.stops, parts.stops]).toEqual([0, 3 * 5]);
  },
);
