import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../test/support/ops.ts';
import {
  bitsOf,
  classes,
  firstRows,
  network,
  pixels,
  randomWeights,
  withZeros,
} from '../../test/support/networks.ts';
import { consecutive } from '../util/consecutive.ts';
import { Random } from '../util/random.ts';
import { atOnce } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { NetworkSpec } from './engine.ts';
import { dropout } from './ops/dropout.ts';
import { Pass } from './pass.ts';
import { DenseRows } from './rows.ts';
import { SparseRows } from './sparseRows.ts';
import { createWasmEngine } from './wasm.ts';

const ADAM = { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;
const PLAIN = network(8, [5], 3);

/** One row of eight values, of which `count` are not zero. */
function row(count: number, value = 0.5): Tensor<Float32Array> {
  return { data: Float32Array.from({ length: 8 }, (_, i) => (i < count ? value : 0)), shape: [1, 8] };
}

function made(inputs: Tensor, spec: NetworkSpec = PLAIN): unknown {
  return createWasmEngine().createNetwork(spec).createRows(inputs).constructor;
}

describe('which rows are kept without their zeros', () => {
  test('bytes, whatever they are', () => {
    for (const count of [0, 4, 5, 8]) {
      expect(made({ data: Uint8Array.from(row(count, 9).data), shape: [1, 8] })).toBe(SparseRows);
    }
  });

  test('others where at most half of all values are not zero, over all rows together', () => {
    for (const [count, expected] of [
      [0, SparseRows],
      [4, SparseRows],
      [5, DenseRows],
      [8, DenseRows],
    ] as const) {
      const { data, shape } = row(count);
      expect(made({ data, shape })).toBe(expected);
      expect(made({ data: Float64Array.from(data), shape })).toBe(expected);
      expect(made({ data: Int32Array.from(data, (value) => -2 * value), shape })).toBe(expected);
    }
    const two = (a: number, b: number): Tensor => ({
      data: Float32Array.of(...row(a).data, ...row(b).data),
      shape: [2, 8],
    });
    expect(made(two(8, 0))).toBe(SparseRows);
    expect(made(two(0, 8))).toBe(SparseRows);
    expect(made(two(8, 1))).toBe(DenseRows);
  });

  test('a value counts as what it means: −0, and what is too small for a float, are zeros', () => {
    expect(made(row(8, -0))).toBe(SparseRows);
    expect(made({ data: new Float64Array(8).fill(1e-46), shape: [1, 8] })).toBe(SparseRows);
    const small = network(8, [5], 3, {}, { scale: 1e-10 });
    expect(made(row(8, 1e-38), small)).toBe(SparseRows);
    expect(made(row(8, 1e-38))).toBe(DenseRows);
  });

  test('none where an offset makes zeros other values, or what reads them is no dense layer', () => {
    expect(made(row(1), network(8, [5], 3, {}, { offset: 0.5 }))).toBe(DenseRows);
    const { steps, ...rest } = PLAIN;
    expect(made(row(1), { ...rest, steps: [dropout({ rate: 0.5 }), ...steps] })).toBe(DenseRows);
    const wide = network(65_537, [1], 2);
    expect(made({ data: new Float32Array(65_537), shape: [1, 65_537] }, wide)).toBe(DenseRows);
  });
});

test('any numbers that are half zeros or more: the bits of rows with their zeros, in training and after it', () => {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(-0, 1e-40, -1e-45, 1e-60, 3e4) },
    { weight: 3, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 140 }),
      fc.constantFrom(1, 1 / 255, -0.37),
      fc.constantFrom(Float32Array, Float64Array),
      fc.infiniteStream(value),
      fc.integer({ min: 0, max: 1e6 }),
      (width, count, scale, Values, stream, seed) => {
        const random = new Random(seed, 'sparse rows');
        const spec = network(width, [33], 4, { activation: 'tanh' }, { scale });
        const data = Values.from(Array.from({ length: width * count }, () => stream.next().value as number));
        const inputs = { data, shape: [count, width] };
        const weights = randomWeights(spec, random);
        const targets = classes(count, 4, random);
        const [without, withThem] = [true, false].map((skip) => {
          const net = createWasmEngine().createNetwork(spec);
          net.setWeights(weights);
          net.setOptimizer(ADAM);
          const rows = skip ? net.createRows(inputs) : new DenseRows(inputs, width, scale, 0);
          const batch = firstRows(Math.min(count, 9)).reverse();
          const losses = [1, 2, 3].map(() => net.trainBatch(rows, targets, batch).loss);
          const { lossSum } = net.evaluate(rows, targets);
          return { losses, lossSum, bits: bitsOf([...net.getWeights(), net.predict(rows)]) };
        });
        expect(without).toEqual(withThem);
      },
    ),
    { numRuns: 60, seed: 3 },
  );
});

test('rows of a batch of more than 2²⁰ are read with their zeros', () => {
  const context = contextOf();
  const pass = new Pass(context, network(1, [1], 2));
  const data = Uint8Array.from({ length: 2 ** 20 + 1 }, (_, s) => (s % 3 === 0 ? 255 : 0));
  const rows = atOnce(SparseRows.prepare(context, { data, shape: [data.length, 1] }, 1, 1))!;
  expect(atOnce(pass.choose(rows, consecutive(0, 2 ** 20))).kind).toBe('sparse');
  const chosen = atOnce(pass.choose(rows, consecutive(0, data.length)));
  if (chosen.kind !== 'dense') throw new Error(chosen.kind);
  const { stride } = pass.inputs;
  const x = context.heap.float32(chosen.x, data.length * stride);
  const wrong = data.findIndex((value, s) => x[s * stride] !== value || x[s * stride + 1] !== 0);
  expect(wrong).toBe(-1);
});

test('rows that turn out dense, and rows that are disposed of, give their memory back', () => {
  const engine = createWasmEngine();
  const net = engine.createNetwork(PLAIN);
  const before = engine.memoryInUse;
  net.createRows(row(8));
  expect(engine.memoryInUse).toBe(before);
  const rows = net.createRows(row(2));
  expect(engine.memoryInUse).toBeGreaterThan(before);
  rows.dispose();
  expect(engine.memoryInUse).toBe(before);
});

test('two scales by turns: each byte means what its own network says', () => {
  const random = new Random(4, 'scales');
  const bytes = pixels(5, 8, random);
  const weights = randomWeights(PLAIN, random);
  const specs = [1, 0.25, 1].map((scale) => network(8, [5], 3, {}, { scale }));
  for (const spec of specs) {
    const net = createWasmEngine().createNetwork(spec);
    net.setWeights(weights);
    expect(net.predict(net.createRows(bytes))).toEqual(net.predict(withZeros(spec, bytes)));
  }
});
