import { describe, expect, test } from 'vitest';
import keras from '../../../test/fixtures/keras/losses.json' with { type: 'json' };
import { errorOf } from '../../../test/support/models.ts';
import { largestGap, uniform } from '../../../test/support/networks.ts';
import { Random } from '../../util/random.ts';
import { atOnce } from '../../util/steps.ts';
import { ACTIVATIONS } from '../activations/activations.ts';
import { type Context, paddedWidth } from '../context.ts';
import { Allocation, Heap } from '../heap.ts';
import { type LossBatch, type LossRule, weighRows } from '../loss.ts';
import { instantiateKernels } from '../module.ts';
import { referenceLoss } from '../reference/losses.ts';
import { LOSS_RULES, type LossName, lossRule, type LossSpec } from './losses.ts';
import { ownLoss } from './ownLoss.ts';

const heap = new Heap();
const context: Context = { heap, kernels: instantiateKernels(heap.memory), pieces: new Allocation(heap) };

interface Run {
  readonly batch: LossBatch;
  readonly losses: number[];
  /** What lies at z and d afterwards, padding included. */
  readonly z: Float32Array;
  readonly d: Float32Array;
}

/** Outputs and targets of rows of `width`, row-major; d starts full of what does not belong there. */
function run(
  rule: LossRule,
  z: ArrayLike<number>,
  t: ArrayLike<number>,
  width: number,
  { scale = 1, gradient = true } = {},
): Run {
  const stride = paddedWidth(width);
  const count = z.length / width;
  const { pieces } = context;
  const place = (plain: ArrayLike<number>): number => {
    const address = pieces.floats(count * stride);
    const memory = heap.float32(address, count * stride);
    for (let k = 0; k < plain.length; k++) memory[Math.floor(k / width) * stride + (k % width)] = plain[k];
    return address;
  };
  const batch: LossBatch = {
    ...{ z: place(z), t: place(t), count, width, stride, scale },
    d: gradient ? place([]) : 0,
    losses: pieces.bytes(8 * count),
    part: [],
  };
  if (gradient) heap.float32(batch.d, count * stride).fill(7);
  rule.run(context, batch);
  const read = (address: number): Float32Array => heap.float32(address, count * stride).slice();
  return {
    batch,
    losses: [...heap.float64(batch.losses, count)],
    z: read(batch.z),
    d: gradient ? read(batch.d) : new Float32Array(0),
  };
}

function unpadded(padded: Float32Array, width: number): number[] {
  return [...padded].filter((_, k) => k % paddedWidth(width) < width);
}

function padding(padded: Float32Array, width: number): number[] {
  return [...padded].filter((_, k) => k % paddedWidth(width) >= width);
}

function sumOfLosses({ losses, count }: LossBatch): number {
  return heap.float64(losses, count).reduce((sum, loss) => sum + loss, 0);
}

function rowsOf(plain: ArrayLike<number>, width: number): Float64Array[] {
  const all = Float64Array.from(plain);
  return Array.from({ length: all.length / width }, (_, s) => all.subarray(s * width, (s + 1) * width));
}

const NAMES = Object.keys(LOSS_RULES) as LossName[];
const SPECS: LossSpec[] = [
  ...NAMES.map((name) => ({ name })),
  { name: 'categoricalCrossentropy', fromLogits: true },
  { name: 'sparseCategoricalCrossentropy', fromLogits: true },
  { name: 'binaryCrossentropy', fromLogits: true },
  { name: 'huber', delta: 0.25 },
];
const RULES: [string, LossRule, LossSpec['name']][] = SPECS.map((spec) => [
  JSON.stringify(spec),
  lossRule(spec),
  spec.name,
]);

function targets(name: LossName, count: number, width: number, random: Random): Float32Array {
  const { labels } = LOSS_RULES[name];
  if (labels === 'number') return uniform(count * width, -2, 2, random);
  if (labels === 'probability') return uniform(count * width, 0, 2 / width, random);
  if (labels === 'unitInterval') {
    return Float32Array.from({ length: count * width }, () => random.integer(5) / 4);
  }
  const t = new Float32Array(count * width);
  for (let s = 0; s < count; s++) t[s * width + random.integer(width)] = 1;
  return t;
}

describe.each(RULES)('%s', (_, rule, name) => {
  test.each([1, 2, 3, 4, 7, 8, 10, 31, 33])(
    'width %i: losses within 1e-6, gradients within 1e-6 of the largest, of the reference; padding zero',
    (width) => {
      const random = new Random(width, 'losses');
      const z = uniform(5 * width, -4, 4, random);
      const t = targets(name, 5, width, random);
      const { losses, d, z: outputs } = run(rule, z, t, width, { scale: 0.2 });
      const expected = rowsOf(z, width).map((row, s) => referenceLoss(rule, row, rowsOf(t, width)[s]));
      expect(
        largestGap(
          losses,
          expected.map(({ loss }) => loss),
          1e-3,
        ),
      ).toBeLessThan(1e-6);
      const gradient = expected.flatMap((row) => [...row.gradient]).map((g) => 0.2 * g);
      expect(largestGap(unpadded(d, width), gradient, 0.01)).toBeLessThan(1e-6);
      expect(padding(d, width).every((x) => x === 0)).toBe(true);
      expect(padding(outputs, width).every((x) => x === 0)).toBe(true);
      const again = run(rule, z, t, width, { gradient: false });
      expect(again.losses).toEqual(losses);
      expect(again.z).toEqual(outputs);
    },
  );

  test('gradients of the reference are central differences of its loss within 1e-7', () => {
    const random = new Random(3, 'losses');
    const z = Float64Array.from(uniform(6, -2, 2, random));
    const t = Float64Array.from(targets(name, 1, 6, random));
    const { gradient } = referenceLoss(rule, z, t);
    z.forEach((x, j) => {
      const at = (value: number): number => referenceLoss(rule, z.with(j, value), t).loss;
      expect(Math.abs((at(x + 1e-5) - at(x - 1e-5)) / 2e-5 - gradient[j])).toBeLessThan(1e-7);
    });
    expect(gradient.some((g) => Math.abs(g) > 1e-3)).toBe(true);
  });

  test('far outputs, ±60 to ±1e30: losses within 1e-6 relative of the reference, gradients within 1e-6', () => {
    const far = [60, -60, 87, -87, 400, -400, 1e6, -1e6, 1e15, -1e15];
    const t = targets(name, far.length, 2, new Random(9, 'far'));
    const z = far.flatMap((x) => [x, -x]);
    const { losses, d } = run(rule, z, t, 2);
    rowsOf(z, 2).forEach((row, s) => {
      const { loss, gradient } = referenceLoss(rule, row, rowsOf(t, 2)[s]);
      expect(Math.abs(losses[s] - loss)).toBeLessThanOrEqual(1e-6 * Math.max(loss, 1e-3));
      const own = unpadded(d, 2).slice(2 * s, 2 * s + 2);
      expect(largestGap(own, gradient, 1)).toBeLessThan(1e-6);
    });
  });

  test('outputs stay where they are, or become those of the activation that it takes, with its own bits', () => {
    const z = uniform(21, -9, 9, new Random(2, 'outputs'));
    const t = targets(name, 3, 7, new Random(2, 'targets'));
    const { z: outputs, batch } = run(rule, z, t, 7);
    const { kernels, pieces } = context;
    const y = pieces.floats(3 * 8);
    const before = heap.float32(y, 24);
    z.forEach((x, k) => (before[Math.floor(k / 7) * 8 + (k % 7)] = x));
    if (rule.takes === 'softmax') kernels.softmax(y, y, 24, 8, 7);
    if (rule.takes === 'sigmoid') kernels.sigmoid(y, y, 24);
    expect(unpadded(outputs, 7)).toEqual(unpadded(heap.float32(y, 24), 7));
    expect(batch.z).not.toBe(y);
  });

  test('NaN in an output is NaN in the loss of its row alone', () => {
    const { losses } = run(rule, [1, NaN, 0.5, 0.25], [1, 0, 0, 1], 2);
    expect(losses.map(Number.isNaN)).toEqual([true, false]);
  });
});

test('what takes an activation names one that there is', () => {
  for (const { takes } of SPECS.map(lossRule)) if (takes) expect(Object.keys(ACTIVATIONS)).toContain(takes);
});

test('a loss from logits has the losses and gradients of the loss after the activation, to the bit', () => {
  for (const name of ['categoricalCrossentropy', 'binaryCrossentropy'] as const) {
    const z = uniform(30, -5, 5, new Random(4, 'logits'));
    const t = targets(name, 3, 10, new Random(4, 'targets'));
    const [after, before] = [false, true].map((fromLogits) => run(lossRule({ name, fromLogits }), z, t, 10));
    expect(before.losses).toEqual(after.losses);
    expect(before.d).toEqual(after.d);
  }
});

/** By hand; gradients of a batch of one row. */
test.each<[LossSpec, number[], number[], number, number[]]>([
  [{ name: 'meanSquaredError' }, [0.25, 0.5], [0, 1], 0.15625, [0.25, -0.5]],
  [{ name: 'meanAbsoluteError' }, [0.25, 1, 3], [0, 1, 5], 0.75, [1 / 3, 0, -1 / 3]],
  [{ name: 'huber' }, [3, -1], [1, 0], 1, [0.5, -0.5]],
  [{ name: 'huber', delta: 2 }, [3, -1], [1, 0], 1.25, [1, -0.5]],
  [{ name: 'binaryCrossentropy' }, [0, 0], [1, 0.5], Math.LN2, [-0.25, 0]],
  [{ name: 'categoricalCrossentropy' }, [0, 0, 0, 0], [1, 0, 0, 0], Math.log(4), [-0.75, 0.25, 0.25, 0.25]],
])('%j by hand, within 1e-7', (spec, z, t, loss, gradient) => {
  const received = run(lossRule(spec), z, t, z.length);
  expect(Math.abs(received.losses[0] - loss)).toBeLessThan(1e-7);
  expect(largestGap(unpadded(received.d, z.length), gradient)).toBeLessThan(1e-7);
});

interface KerasCase {
  readonly loss: LossSpec & { labelSmoothing?: number };
  /** The loss is taken through this activation, from the logits. */
  readonly through?: string;
  readonly logits?: KerasArray;
  readonly output?: KerasArray;
  readonly target: KerasArray;
  readonly rows: number[];
  readonly gradient: KerasArray;
  readonly value: number;
  readonly weighted: Record<string, { sampleWeight: number[]; value: number; gradient: KerasArray }>;
}

interface KerasArray {
  readonly shape: number[];
  readonly values: number[];
}

/** Cross-entropies of probabilities that come from no softmax or sigmoid are not computed here. */
const CASES = Object.entries(keras as unknown as Record<string, KerasCase>).filter(
  ([, { loss, through }]) => LOSS_RULES[loss.name].labels === 'number' || loss.fromLogits || through,
);

test.each(CASES)('Keras, %s: rows, gradients and weighted means within 1e-6', (_, given) => {
  const { loss, through, target, rows, gradient, value, weighted } = given;
  const z = (given.logits ?? given.output)!;
  const [count, width] = z.shape;
  const rule = lossRule(loss);
  expect(rule.takes).toBe(through);
  const { labelSmoothing = 0, name } = loss;
  const rest = labelSmoothing / (name === 'binaryCrossentropy' ? 2 : width);
  const t = z.values.map((__, k) => {
    const own =
      name === 'sparseCategoricalCrossentropy'
        ? Number(target.values[Math.floor(k / width)] === k % width)
        : target.values[k];
    return own * (1 - labelSmoothing) + rest;
  });
  const check = (received: number, expected: number): void => {
    expect(Math.abs(received - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(expected)));
  };
  const start = (): Run => run(rule, z.values, t, width, { scale: 1 / count });
  const plain = start();
  plain.losses.forEach((own, s) => {
    check(own, rows[s]);
  });
  check(sumOfLosses(plain.batch) / count, value);
  expect(largestGap(unpadded(plain.d, width), gradient.values, 1)).toBeLessThan(1e-6);
  for (const { sampleWeight, ...expected } of Object.values(weighted)) {
    const { batch } = start();
    atOnce(weighRows(context, batch, sampleWeight, Array.from(sampleWeight.keys())));
    check(sumOfLosses(batch) / count, expected.value);
    const d = heap.float32(batch.d, count * batch.stride);
    expect(largestGap(unpadded(d, width), expected.gradient.values, 1)).toBeLessThan(1e-6);
  }
});

test('magnitudes of d below 1e-18 become zero', () => {
  for (const [, rule] of RULES) {
    const { d } = run(rule, [3, -2, 0.5, 1], [0, 1, 0, 0], 4, { scale: 1e-19 });
    expect(d.every((x) => x === 0)).toBe(true);
  }
});

test('weights of rows multiply their losses and their rows of d, and nothing else', () => {
  const rule = lossRule({ name: 'meanSquaredError' });
  const { batch, losses, d } = run(rule, [1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0], 2);
  atOnce(weighRows(context, batch, [9, 0.5, 0, 2], [3, 2, 1]));
  expect([...heap.float64(batch.losses, 3)]).toEqual([2 * losses[0], 0, losses[2] / 2]);
  const weighed = heap.float32(batch.d, 24);
  expect([...weighed]).toEqual([...d].map((x, k) => x * [2, 0, 0.5][Math.floor(k / 8)]));
  const evaluated = run(rule, [1, 2], [0, 0], 2, { gradient: false });
  atOnce(weighRows(context, evaluated.batch, [3], [0]));
  expect(heap.float64(evaluated.batch.losses, 1)[0]).toBe(7.5);
});

test.each([61, 64])(
  'a row of %i values that is taken in parts, in all passes: the same bits as at once',
  (width) => {
    for (const [, rule, name] of RULES) {
      const random = new Random(6, 'parts');
      const [z, t] = [uniform(width, -4, 4, random), targets(name, 1, width, random)];
      const whole = run(rule, z, t, width, { scale: 0.5 });
      const again = run({ ...rule, run: () => undefined }, z, t, width, { scale: 0.5 });
      const state = context.pieces.floats(16);
      heap.float32(state, 16)[4] = -Infinity;
      for (let pass = 1; pass < 1 << rule.passes; pass *= 2)
        for (const [first, stride] of [
          [0, 8],
          [8, 32],
          [40, 24],
        ]) {
          const { z, t, d } = again.batch;
          const [zs, ts, ds] = [z, t, d].map((address) => address + 4 * first);
          rule.run(context, { ...again.batch, z: zs, t: ts, d: ds, stride, part: [state, first, pass] });
        }
      const { z: outputs, d, losses } = again.batch;
      expect([...heap.float64(losses, 1)]).toEqual(whole.losses);
      expect(heap.float32(d, 64)).toEqual(whole.d);
      expect(heap.float32(outputs, 64)).toEqual(whole.z);
    }
  },
);

describe('a loss of one’s own', () => {
  const squares = (target: Float32Array, output: Float32Array, gradient: Float32Array): number => {
    let loss = 0;
    for (let j = 0; j < output.length; j++) {
      const error = output[j] - target[j];
      loss += (error * error) / output.length;
      gradient[j] = (2 * error) / output.length;
      target[j] = NaN;
      output[j] = NaN;
    }
    return loss;
  };

  test('mean squared error, typed anew, is the engine’s within 1e-6; what it does to its arguments changes nothing', () => {
    const random = new Random(8, 'own');
    const [z, t] = [uniform(15, -3, 3, random), uniform(15, -3, 3, random)];
    const own = ownLoss(squares);
    const [mine, engines] = [own, lossRule({ name: 'meanSquaredError' })].map((rule) =>
      run(rule, z, t, 5, { scale: 0.25 }),
    );
    expect(largestGap(mine.losses, engines.losses)).toBeLessThan(1e-6);
    expect(largestGap(mine.d, engines.d)).toBeLessThan(1e-6);
    expect(mine.z).toEqual(engines.z);
    expect(own.name).toBe('squares');
    expect(run(own, z, t, 5, { gradient: false }).losses).toEqual(mine.losses);
    expect(referenceLoss(own, Float64Array.of(3, 1), Float64Array.of(1, 1)).loss).toBe(2);
  });

  test('a gradient that is not written is zero in every row', () => {
    const first = ownLoss((target, _output, gradient) => {
      if (target[0] === 1) gradient[0] = 5;
      return 0;
    });
    expect(unpadded(run(first, [0, 0], [1, 0], 1).d, 1)).toEqual([5, 0]);
  });

  test('what returns no number is E_ARGUMENT', async () => {
    const forgets = ownLoss((() => undefined) as unknown as () => number);
    const { code, message } = await errorOf(() => run(forgets, [1], [1], 1));
    expect([code, message]).toEqual(['E_ARGUMENT', 'loss of a row: expected a number; received undefined.']);
  });
});
