import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import {
  ACTIVATION_NAMES,
  dense,
  firstRows,
  largestGap,
  randomWeights,
} from '../../../test/support/networks.ts';
import { Random } from '../../util/random.ts';
import { type ActivationName, type ElementwiseName, isParametric, parameterOf } from './activations.ts';
import { Heap } from '../heap.ts';
import { instantiateKernels } from '../module.ts';
import { activate, activateBackward } from '../reference/activation.ts';
import { referenceEngine } from '../reference.ts';
import { createWasmEngine } from '../wasm.ts';

type Elementwise = Exclude<ActivationName, 'softmax'>;
interface Curve {
  y: number[];
  dy: number[];
}
interface Row {
  x: number[];
  y: number[];
  v: number[];
  vjp: number[];
}

// Read, not imported: the sign of -0 is to be kept.
const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/activations.json', import.meta.url), 'utf8'),
) as Record<Elementwise, Curve> & { x: number[]; softmax: Row[] };

const heap = new Heap();
const kernels = instantiateKernels(heap.memory);
const ELEMENTWISE = ACTIVATION_NAMES.filter((name) => name !== 'softmax');
const KERNELS = ELEMENTWISE.filter((name) => name !== 'linear');
const PARAMETRIC = KERNELS.filter(isParametric);

/** y = f(z), and the gradient with respect to z given that with respect to y, through the kernels. */
function run(
  name: ElementwiseName,
  z: readonly number[],
  dy: readonly number[],
  parameter = parameterOf(name)?.usual ?? 0,
): { y: number[]; dz: number[] } {
  const count = Math.ceil(z.length / 4) * 4;
  const [input, output, d] = [z, z, dy].map((values) => {
    const address = heap.allocate(4 * count);
    heap.float32(address, count).set(values);
    return address;
  });
  if (isParametric(name)) {
    kernels[name](parameter, input, output, count);
    kernels[`${name}Backward`](parameter, input, output, d, count);
  } else {
    kernels[name](input, output, count);
    kernels[`${name}Backward`](input, output, d, count);
  }
  const read = (address: number): number[] => [...heap.float32(address, z.length)];
  const result = { y: read(output), dz: read(d) };
  for (const address of [input, output, d]) heap.free(address);
  return result;
}

/** |error| ≤ relative |value| + absolute + share |x|; y is the value, dy the derivative. */
interface Tolerance {
  relative: number;
  absolute: number;
  share?: number;
}
const TOLERANCES: Record<ElementwiseName, { y: Tolerance; dy: Tolerance }> = {
  relu: { y: { relative: 0, absolute: 0 }, dy: { relative: 0, absolute: 0 } },
  leakyRelu: { y: { relative: 1.2e-7, absolute: 0 }, dy: { relative: 1e-7, absolute: 0 } },
  elu: { y: { relative: 2e-7, absolute: 0 }, dy: { relative: 2e-7, absolute: 1e-7 } },
  selu: { y: { relative: 2e-7, absolute: 0 }, dy: { relative: 2e-7, absolute: 2e-7 } },
  // The left tail is x times a cumulative that is right within 3e-7 only.
  gelu: { y: { relative: 5e-7, absolute: 0, share: 3e-7 }, dy: { relative: 5e-7, absolute: 3e-7 } },
  silu: { y: { relative: 3e-7, absolute: 1e-36 }, dy: { relative: 4e-7, absolute: 2e-7, share: 1.2e-7 } },
  softplus: { y: { relative: 3e-7, absolute: 1e-37 }, dy: { relative: 3e-7, absolute: 1e-37 } },
  softsign: { y: { relative: 1.5e-7, absolute: 0 }, dy: { relative: 3e-7, absolute: 1.2e-7 } },
  sigmoid: { y: { relative: 3e-7, absolute: 1e-37 }, dy: { relative: 4e-7, absolute: 1e-7 } },
  tanh: { y: { relative: 4e-7, absolute: 0 }, dy: { relative: 4e-7, absolute: 8e-7 } },
};

function expectWithin(
  { relative, absolute, share = 0 }: Tolerance,
  x: readonly number[],
  received: readonly number[],
  expected: ArrayLike<number>,
): void {
  x.forEach((argument, k) => {
    const allowed = relative * Math.abs(expected[k]) + absolute + share * Math.abs(argument);
    const error = Math.abs(received[k] - expected[k]);
    if (!(error <= allowed))
      expect.fail(`x = ${argument}: expected ${expected[k]} ± ${allowed}, received ${received[k]}`);
  });
}

test.each(KERNELS)(
  '%s and its derivative are those of float64 within the stated tolerance, ±100 included',
  (name) => {
    const { y, dz } = run(
      name,
      fixture.x,
      fixture.x.map(() => 1),
    );
    expectWithin(TOLERANCES[name].y, fixture.x, y, fixture[name].y);
    // At the kink the slope may be that of either side.
    const smooth = fixture.x.map((x, k) => (x === 0 ? -1 : k)).filter((k) => k >= 0);
    const at = (values: readonly number[]): number[] => smooth.map((k) => values[k]);
    expectWithin(TOLERANCES[name].dy, at(fixture.x), at(dz), at(fixture[name].dy));
  },
);

test.each(KERNELS)(
  "%s and its derivative on 40,000 arguments are the reference engine's within the stated tolerance",
  (name) => {
    const parameter = parameterOf(name)?.usual ?? 0;
    const grid = Array.from({ length: 40_000 }, (_, k) => Math.fround((k - 20_000 + 0.5) / 900));
    const { y, dz } = run(
      name,
      grid,
      grid.map(() => 1),
    );
    expectWithin(TOLERANCES[name].y, grid, y, activate(name, Float64Array.from(grid), parameter));
    const ones = new Float64Array(grid.length).fill(1);
    expectWithin(
      TOLERANCES[name].dy,
      grid,
      dz,
      activateBackward(name, Float64Array.from(grid), ones, parameter),
    );
  },
);

test.each(PARAMETRIC)('%s with another parameter, as the reference engine within 2e-7', (name) => {
  const grid = Array.from({ length: 2000 }, (_, k) => Math.fround((k - 1000 + 0.5) / 100));
  const { y, dz } = run(
    name,
    grid,
    grid.map(() => -2),
    0.7,
  );
  const dy = new Float64Array(grid.length).fill(-2);
  expectWithin({ relative: 2e-7, absolute: 0 }, grid, y, activate(name, Float64Array.from(grid), 0.7));
  expectWithin(
    { relative: 2e-7, absolute: 2e-7 },
    grid,
    dz,
    activateBackward(name, Float64Array.from(grid), dy, 0.7),
  );
});

test.each(KERNELS)('%s and its derivative keep NaN, and do not spread it to other lanes', (name) => {
  const { y, dz } = run(name, [1, NaN, -2, 0.5], [1, 1, 1, 1]);
  expect(y.map(Number.isNaN)).toEqual([false, true, false, false]);
  expect([dz[0], dz[2], dz[3]].every(Number.isFinite)).toBe(true);
  expect(run(name, [1, 2, 3, 4], [1, NaN, 1, 1]).dz.map(Number.isNaN)).toEqual([false, true, false, false]);
});

test.each(KERNELS)('%s of 0 and -0 is the exact value rounded', (name) => {
  const expected = name === 'softplus' ? Math.fround(Math.LN2) : name === 'sigmoid' ? 0.5 : 0;
  expect(run(name, [0, -0], [1, 1]).y.map(Math.abs)).toEqual([expected, expected]);
});

const POSITIVE = Array.from({ length: 4000 }, (_, k) => Math.fround((k + 0.5) / 200));
const NEGATIVE = POSITIVE.map((x) => -x);

test.each(['tanh', 'softsign'] as const)('%s is odd to the bit', (name) => {
  expect(run(name, NEGATIVE, NEGATIVE).y.map((y) => -y)).toEqual(run(name, POSITIVE, POSITIVE).y);
});

test.each(['gelu', 'silu'] as const)('%s(x) - %s(-x) = x within 2e-7', (name) => {
  const left = run(name, NEGATIVE, NEGATIVE).y;
  const difference = run(name, POSITIVE, POSITIVE).y.map((y, k) => y - left[k]);
  expectWithin({ relative: 2e-7, absolute: 0 }, POSITIVE, difference, POSITIVE);
});

test.each(['sigmoid', 'tanh', 'softsign'] as const)('%s never leaves its range', (name) => {
  const x = [-1e38, -1e10, -100, -20, -8.2, 8.2, 20, 100, 1e10, 1e38];
  const { y } = run(name, x, x);
  expect(Math.max(...y)).toBeLessThanOrEqual(1);
  expect(Math.min(...y)).toBeGreaterThanOrEqual(name === 'sigmoid' ? 0 : -1);
});

test('gelu of large arguments is 0 or x, exactly', () => {
  const { y, dz } = run('gelu', [-1e30, -100, -8, 8, 100, 1e30], [1, 1, 1, 1, 1, 1]);
  expect(y.map(Math.abs)).toEqual([0, 0, 0, 8, 100, 1e30].map(Math.fround));
  expect(dz.map((d) => Math.round(d * 1e6) / 1e6 + 0)).toEqual([0, 0, 0, 1, 1, 1]);
});

test('softmax and its product with a vector, within 3e-7 of the largest in the row, rows of any width beside padding', () => {
  for (const { x, y, v, vjp } of fixture.softmax) {
    const stride = Math.ceil(x.length / 8) * 8;
    const [z, out, d] = [x, x, v].map((values) => {
      const address = heap.allocate(4 * 2 * stride);
      for (const row of [0, stride]) heap.float32(address, 2 * stride).set(values, row);
      return address;
    });
    heap.float32(z, 2 * stride).fill(99, x.length, stride);
    kernels.softmax(z, out, 2 * stride, stride, x.length);
    kernels.softmaxBackward(z, out, d, 2 * stride, stride, x.length);
    for (const row of [0, stride]) {
      const received = heap.float32(out, 2 * stride).subarray(row, row + stride);
      expect(largestGap(received.subarray(0, x.length), y)).toBeLessThan(3e-7);
      expect([...received.subarray(x.length)].every((p) => p === 0)).toBe(true);
      const gradient = heap.float32(d, 2 * stride).subarray(row, row + x.length);
      const scale = Math.max(...v.map(Math.abs));
      expect(largestGap(gradient, vjp, scale)).toBeLessThan(3e-7);
    }
    for (const address of [z, out, d]) heap.free(address);
  }
});

test('a NaN among the logits makes the whole row of softmax NaN, and no other row', () => {
  const z = heap.allocate(64);
  heap.float32(z, 16).set([1, NaN, 3, 0, 0, 0, 0, 0, 1, 2, 3]);
  kernels.softmax(z, z, 16, 8, 3);
  const y = [...heap.float32(z, 16)];
  expect(y.slice(0, 3).every(Number.isNaN)).toBe(true);
  expect(y.slice(8, 11).every(Number.isFinite)).toBe(true);
});

test.each(['sigmoid', 'softplus', 'softmax'] as const)(
  '%s, not zero at zero, leaves the padding of odd widths without effect: within 1e-6 of the reference after 20 steps',
  (activation) => {
    const spec = {
      shape: [3],
      scale: 1,
      offset: 0,
      steps: [dense(5, { activation }), dense(3, { activation }), dense(7, { activation: 'softmax' })].flat(),
    };
    const random = new Random(1, activation);
    const weights = randomWeights(spec, random);
    const inputs = { data: Float32Array.from({ length: 15 }, () => random.normal()), shape: [5, 3] };
    const [wasm, reference] = [createWasmEngine(), referenceEngine].map((engine) => {
      const net = engine.createNetwork(spec);
      net.setWeights(weights);
      net.setOptimizer({ name: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: false });
      const rows = net.createRows(inputs);
      for (let step = 0; step < 20; step++)
        net.trainBatch(rows, { kind: 'classes', classes: [0, 6, 2, 3, 5] }, firstRows(5));
      return net.getWeights();
    });
    wasm.forEach((w, k) => {
      expect(largestGap(w, reference[k])).toBeLessThan(1e-6);
    });
  },
);
