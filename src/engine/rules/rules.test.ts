import { describe, expect, test } from 'vitest';
import { Random } from '../../util/random.ts';
import type { Context } from '../context.ts';
import { Allocation, Heap } from '../heap.ts';
import { instantiateKernels } from '../module.ts';
import { Optimizer, type Parameter } from '../optimizer.ts';
import { clipReference } from '../reference/clip.ts';
import { type OptimizerName, type OptimizerSpec, ruleOf, RULES } from './rules.ts';

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
      if (optimizer.needsAllGradients) optimizer.clip(parameters);
      optimizer.beginStep();
      for (const parameter of parameters) optimizer.update(parameter);
      optimizer.endStep();
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
          w[i] = decayed + rule.reference(spec, clipped[k][i], slots[k][i], t);
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

/** Weights 1, −2, ½ after each of three steps on the gradients below, rate 0.1: what Keras 3.15.1 on TensorFlow 2 gives. */
const KERAS: [OptimizerName, object, number[][]][] = [
  [
    'rmsprop',
    {},
    [
      [0.68377286, -1.6837723, 0.18377477],
      [0.91318834, -1.9694866, 0.03633383],
      [0.64851403, -2.0427315, 0.33580998],
    ],
  ],
  [
    'rmsprop',
    { momentum: 0.5 },
    [
      [0.68377286, -1.6837723, 0.18377477],
      [0.7550748, -1.8113728, -0.12177879],
      [0.52605146, -1.9484178, 0.02492058],
    ],
  ],
  [
    'rmsprop',
    { momentum: 0.5, centered: true },
    [
      [0.6666674, -1.6666669, 0.16666961],
      [0.729477, -1.7893089, -0.16187522],
      [0.4873245, -1.9256845, -0.02204897],
    ],
  ],
  [
    'adagrad',
    {},
    [
      [0.9154846, -1.9046538, 0.43798265],
      [0.98003435, -1.9932153, 0.40836522],
      [0.90097743, -2.0148323, 0.49551415],
    ],
  ],
  [
    'lion',
    {},
    [
      [0.9, -1.9, 0.4],
      [1, -2, 0.3],
      [0.9, -2.1, 0.4],
    ],
  ],
  [
    'adamW',
    {},
    [
      [0.89960128, -1.8992009, 0.39980191],
      [0.90450454, -1.9350511, 0.30642602],
      [0.85431886, -1.975842, 0.34102553],
    ],
  ],
  [
    'sgd',
    { weightDecay: 0.1 },
    [
      [0.94, -1.88, 0.47],
      [0.9806, -2.0611999, 0.4528],
      [0.87079399, -2.0905879, 0.52327204],
    ],
  ],
  [
    'sgd',
    { clipnorm: 1 },
    [
      [0.95635641, -1.9127128, 0.4781782],
      [0.98056549, -2.0095491, 0.47212592],
      [0.90628737, -2.0466883, 0.52783453],
    ],
  ],
  [
    'sgd',
    { clipvalue: 0.5 },
    [
      [0.95, -1.95, 0.475],
      [1, -2, 0.4625],
      [0.95, -2.05, 0.5125],
    ],
  ],
  [
    'sgd',
    { globalClipnorm: 1 },
    [
      [0.95635641, -1.9127128, 0.4781782],
      [0.98056549, -2.0095491, 0.47212592],
      [0.90628737, -2.0466883, 0.52783453],
    ],
  ],
];

test.each(KERAS)(
  '%s %j: three steps as Keras takes them in float32, within 3e-6',
  (name, options, expected) => {
    const fast = bench(specOf(name, { learningRate: 0.1, ...options }), [[1, -2, 0.5, 0]]);
    const gradients = [
      [0.5, -1, 0.25, 0],
      [-0.5, 2, 0.125, 0],
      [1, 0.5, -0.75, 0],
    ];
    gradients.forEach((g, t) => {
      fast.step([g]);
      expected[t].forEach((w, k) => {
        expect(Math.abs(fast.weights(0)[k] - w)).toBeLessThan(3e-6);
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
    const read = ({ address, gradient }: Parameter): Float32Array => {
      heap.float32(gradient(), 4).set(heap.float32(address, 4));
      return heap.float32(gradient(), 4);
    };
    const views = parameters.map(read);
    optimizer.clip(parameters);
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
  expect(kernels.sumOfSquares(address, 400)).toBe(sums[0] + sums[2] + (sums[1] + sums[3]));
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
