import { describe, expect, test } from 'vitest';
import keras from '../../../test/fixtures/keras/optimizers.json' with { type: 'json' };
import { Random } from '../../util/random.ts';
import type { Context } from '../context.ts';
import { Allocation, Heap } from '../heap.ts';
import { instantiateKernels } from '../module.ts';
import { Optimizer, type Parameter } from '../optimizer.ts';
import { clipReference } from '../reference/clip.ts';
import { referenceStep } from '../reference/rules.ts';
import { type OptimizerName, type OptimizerSpec, ruleOf, RULES } from './rules.ts';
import { atOnce } from '../../util/steps.ts';

/** Parameters of these many floats: 16, 8, 24, … */
interface Bench {
  readonly heap: Heap;
  readonly optimizer: Optimizer;
  readonly parameters: readonly Parameter[];
  weights(k: number): Float32Array;
  /** One step on these gradients, as a network takes it. */
  step(gradients: readonly ArrayLike<number>[]): void;
}

function bench(spec: OptimizerSpec, start: readonly ArrayLike<number>[]): Bench {
  const heap = new Heap();
  const pieces = new Allocation(heap);
  const context: Context = { heap, kernels: instantiateKernels(heap.memory), pieces };
  const parameters = start.map((weights) => {
    const [address, gradient] = [pieces.floats(weights.length), pieces.floats(weights.length)];
    heap.float32(address, weights.length).set(weights);
    return { address, count: weights.length, gradient: () => gradient };
  });
  const optimizer = new Optimizer(context, spec, parameters);
  return {
    heap,
    optimizer,
    parameters,
    weights: (k) => heap.float32(parameters[k].address, parameters[k].count),
    step(gradients) {
      parameters.forEach((parameter, k) => {
        heap.float32(parameter.gradient(), parameter.count).set(gradients[k]);
      });
      if (optimizer.needsAllGradients) atOnce(optimizer.clip(parameters));
      optimizer.beginStep();
      for (const parameter of parameters) atOnce(optimizer.update(parameter));
      atOnce(optimizer.endStep());
    },
  };
}

/** The defaults of a rule, and with them `options`. */
function specOf(name: OptimizerName, options: object = {}): OptimizerSpec {
  const defaults = Object.entries(RULES[name].options).map(([key, { value }]) => [key, value] as const);
  return { name, ...Object.fromEntries(defaults), ...options } as OptimizerSpec;
}

const NAMES = Object.keys(RULES) as OptimizerName[];
/** What differs in the way from a rule's defaults. */
const OWN: Partial<Record<OptimizerName, object[]>> = {
  adam: [{ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }],
  sgd: [{ momentum: 0.9 }, { momentum: 0.8, nesterov: true }, { nesterov: true }],
  rmsprop: [
    { momentum: 0.9 },
    { centered: true },
    { rho: 0.8, momentum: 0.5, centered: true, epsilon: 1e-4 },
  ],
  adagrad: [{ initialAccumulatorValue: 0, epsilon: 1e-3 }],
  lion: [{ beta1: 0.6, beta2: 0.8 }, { beta1: 1 }],
};
const COMMON = [
  { weightDecay: 0.3 },
  { clipnorm: 1.5 },
  { globalClipnorm: 2, weightDecay: 0.1 },
  { clipvalue: 0.5 },
];
const CASES = NAMES.flatMap((name) =>
  [{}, ...(OWN[name] ?? []), ...COMMON].map(
    (options) => [name, JSON.stringify(options), specOf(name, { learningRate: 0.02, ...options })] as const,
  ),
);
const SIZES = [16, 8, 24];

describe.each(CASES)('%s %s', (_, __, spec) => {
  test('40 steps are those of the reference in float64, within 1e-5', () => {
    const random = new Random(4, 'rules');
    const draw = (size: number): Float32Array =>
      Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
    const weights = SIZES.map(draw);
    const exact = weights.map((w) => Float64Array.from(w));
    const { learningRate, weightDecay = 0 } = spec;
    const rule = ruleOf(spec);
    const slots = exact.map((w) => Array.from(w, () => rule.slots(spec).map(({ initial = 0 }) => initial)));
    const fast = bench(spec, weights);
    for (let t = 1; t <= 40; t++) {
      const gradients = SIZES.map(draw);
      fast.step(gradients);
      const clipped = clipReference(
        spec,
        gradients.map((g) => Float64Array.from(g)),
      );
      exact.forEach((w, k) => {
        w.forEach((x, i) => {
          const decayed = x - x * weightDecay * learningRate;
          w[i] = decayed + referenceStep(spec, clipped[k][i], slots[k][i], t);
        });
      });
    }
    exact.forEach((w, k) => {
      w.forEach((x, i) => {
        expect(Math.abs(fast.weights(k)[i] - x)).toBeLessThan(1e-5);
      });
    });
  });

  test('weights that are zero and have no gradient, as padding, stay zero exactly', () => {
    const fast = bench(spec, [[1, 0, 0, 0]]);
    for (let t = 0; t < 5; t++) fast.step([[t - 2, 0, -0, 0]]);
    expect([...fast.weights(0)].slice(1)).toEqual([0, 0, 0]);
  });

  test('slots and progress put into another optimizer go on with the same bits', () => {
    const start = [Float32Array.of(1, -2, 0.5, 0)];
    const gradients = (t: number): number[][] => [[0.3 * t - 1, 0.1, -0.7 / t, 1e-3]];
    const [one, other] = [bench(spec, start), bench(spec, start)];
    for (let t = 1; t <= 3; t++) one.step(gradients(t));
    other.weights(0).set(one.weights(0));
    const from = one.optimizer.slots(one.parameters[0]);
    const to = other.optimizer.slots(other.parameters[0]);
    for (const key of ['first', 'second', 'third'] as const) {
      expect(to[key] === 0).toBe(from[key] === 0);
      if (to[key]) other.heap.float32(to[key], 4).set(one.heap.float32(from[key], 4));
    }
    other.optimizer.progress = one.optimizer.progress;
    for (let t = 4; t <= 9; t++) for (const each of [one, other]) each.step(gradients(t));
    expect([...other.weights(0)]).toEqual([...one.weights(0)]);
  });

  test('a gradient that is not a number leaves a weight that is none', () => {
    const fast = bench(spec, [[1, 1, 1, 1]]);
    fast.step([[NaN, 0, 0, 0]]);
    expect(fast.weights(0)[0]).toBeNaN();
  });
});

interface KerasCase {
  readonly optimizer: { name: OptimizerName; learningRate: number | KerasSchedule };
  /** The weights after step 1, 2, …, 30. */
  readonly after: Record<string, KerasArray[]>;
}

interface KerasSchedule {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
}

interface KerasArray {
  readonly values: number[];
}

const { initial, gradients: KERAS_GRADIENTS, ...cases } = keras;

test.each(Object.entries(cases as unknown as Record<string, KerasCase>))(
  'Keras, %s: the weights of 30 steps within 3e-6',
  (_, { optimizer: { name, learningRate, ...options }, after }) => {
    const values = (arrays: readonly KerasArray[]): number[][] => arrays.map((array) => array.values);
    const rateAt = (t: number): number => {
      if (typeof learningRate === 'number') return learningRate;
      const { initialLearningRate, decayRate, decaySteps } = learningRate;
      return initialLearningRate * decayRate ** (t / decaySteps);
    };
    const fast = bench(specOf(name, { ...options, learningRate: rateAt(0) }), values(initial));
    KERAS_GRADIENTS.forEach((gradients, t) => {
      fast.optimizer.setLearningRate(rateAt(t));
      fast.step(values(gradients));
      after[t + 1]?.forEach((expected, k) => {
        expected.values.forEach((w, i) => {
          expect(Math.abs(fast.weights(k)[i] - w)).toBeLessThan(3e-6 * Math.max(1, Math.abs(w)));
        });
      });
    });
  },
);

test('clipping by hand: norms 5 and 12 of two parameters, 13 of both; within 1e-7', () => {
  const gradients = [
    [3, 4, 0, 0],
    [0, 0, -12, 0],
  ];
  const clipped = (options: object): number[][] => {
    const { heap, optimizer, parameters } = bench(specOf('sgd', options), gradients);
    const read = (parameter: Parameter): Float32Array => {
      const gradient = heap.float32(parameter.gradient(), 4);
      gradient.set(heap.float32(parameter.address, 4));
      return gradient;
    };
    const views = parameters.map(read);
    atOnce(optimizer.clip(parameters));
    return views.map((view) => [...view]);
  };
  const close = (received: number[][], expected: number[][]): void => {
    received.flat().forEach((x, k) => {
      expect(Math.abs(x - expected.flat()[k])).toBeLessThan(1e-7);
    });
  };
  close(clipped({ clipnorm: 10 }), [gradients[0], [0, 0, -10, 0]]);
  close(clipped({ globalClipnorm: 6.5 }), [
    [1.5, 2, 0, 0],
    [0, 0, -6, 0],
  ]);
  close(clipped({ clipvalue: 3.5 }), [
    [3, 3.5, 0, 0],
    [0, 0, -3.5, 0],
  ]);
  expect(clipped({ globalClipnorm: 13 })).toEqual(gradients);
});

test('squares are added up in float64: four sums by place modulo 4, then (0 + 2) + (1 + 3), to the bit', () => {
  const heap = new Heap();
  const kernels = instantiateKernels(heap.memory);
  const random = new Random(6, 'squares');
  const address = heap.allocate(4 * 400);
  const values = heap.float32(address, 400);
  for (let k = 0; k < 400; k++) values[k] = (2 * random.uniform() - 1) * 10 ** (k % 7);
  const sums = [0, 0, 0, 0];
  values.forEach((x, k) => (sums[k % 4] += x * x));
  const kept = heap.allocate(32);
  kernels.sumOfSquares(address, 128, kept);
  kernels.sumOfSquares(address + 4 * 128, 272, kept);
  expect([...heap.float64(kept, 4)]).toEqual(sums);
});

test('Lion: a momentum that fades goes on deciding the direction until it would be subnormal, then weights rest', () => {
  const fast = bench(specOf('lion', { learningRate: 2 ** -10, beta2: 0.5 }), [[0, 0, 0, 0]]);
  fast.step([[1, -1, 0, 0]]);
  // m = ½, which 125 halvings leave normal: 2^-126. The first step also moved the weights.
  for (let t = 0; t < 300; t++) fast.step([[0, 0, 0, 0]]);
  expect([...fast.weights(0)]).toEqual([-127 / 1024, 127 / 1024, 0, 0]);
});

test('a centred RMSprop under steady gradients of many sizes: the variance is never below 0, weights stay numbers', () => {
  const gradients = Float32Array.from({ length: 400 }, (_, k) => 1000 * Math.sqrt(k + 1));
  const fast = bench(specOf('rmsprop', { centered: true }), [new Float32Array(400)]);
  for (let t = 0; t < 300; t++) fast.step([gradients]);
  expect(fast.weights(0).every(Number.isFinite)).toBe(true);
});

test('kernels that take gradient and update in one are for neither decay nor clipping', () => {
  const mayFuse = (options: object): boolean => bench(specOf('adam', options), []).optimizer.mayFuse;
  expect([{}, { weightDecay: 0 }, ...COMMON].map(mayFuse)).toEqual([true, true, false, false, false, false]);
});
