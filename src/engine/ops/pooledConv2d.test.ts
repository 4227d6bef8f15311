import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geometries, REPEATABLE } from '../../../test/support/geometries.ts';
import { fusedStep, gapToReference, LoneOp, type OpRun, randomRows } from '../../../test/support/ops.ts';
import { Random } from '../../util/random.ts';
import type { ActivationName } from '../activations/activations.ts';
import type { Step } from '../op.ts';
import { referenceActivation } from '../reference/activation.ts';
import { referenceConv2d } from '../reference/conv2d.ts';
import { referenceMaxPooling2d } from '../reference/maxPooling2d.ts';
import type { ReferenceOp } from '../reference/op.ts';
import { activation } from './activation.ts';
import { conv2d, conv2dOutputShape, type Conv2dSpec } from './conv2d.ts';
import { maxPooling2d } from './maxPooling2d.ts';
import { usesWinograd } from './pooledConv2d.ts';

const { fround } = Math;
const POOLING = maxPooling2d({ poolSize: [2, 2], strides: [2, 2], padding: 'valid' });
const SPEC: Omit<Conv2dSpec, 'kind'> = {
  filters: 1,
  kernelSize: [3, 3],
  strides: [1, 1],
  padding: 'valid',
  useBias: true,
  l1: 0,
  l2: 0,
};
type Curve = Exclude<ActivationName, 'linear'>;
const RISING: (Curve | undefined)[] = [
  undefined,
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'softsign',
  'sigmoid',
  'tanh',
];

function stepsOf(convolution: Step<Conv2dSpec>, curve: Curve | undefined): Step[] {
  const parameter = curve === 'leakyRelu' ? 0.3 : Number(curve === 'elu');
  return curve
    ? [convolution, activation({ activation: curve, parameter }), POOLING]
    : [convolution, POOLING];
}

function referenceOf(steps: readonly Step[], input: readonly number[]): ReferenceOp {
  const ops: ReferenceOp[] = [];
  let shape = input;
  for (const { spec, ...step } of steps) {
    if (spec.kind === 'conv2d') ops.push(referenceConv2d(spec as Conv2dSpec, shape));
    else if (spec.kind === 'activation') ops.push(referenceActivation(spec as never));
    else ops.push(referenceMaxPooling2d(spec as never, shape));
    shape = step.shape(shape);
  }
  return {
    parameters: ops[0].parameters,
    statistics: [],
    forward: (x, training) => ops.reduce((rows, op) => op.forward(rows, training), [...x]),
    backward: (dy) => ops.reduceRight((rows, op) => op.backward(rows), [...dy]),
  };
}

const cases = fc
  .record({
    geometry: geometries,
    filters: fc.constantFrom(1, 3, 6, 8, 10, 16, 20),
    curve: fc.constantFrom(...RISING),
    useBias: fc.boolean(),
  })
  .map(({ geometry: { shape, size, strides, padding, rows, seed }, filters, curve, useBias }) => {
    const step = conv2d({ ...SPEC, filters, kernelSize: size, strides, padding, useBias });
    return { shape, rows, seed, step, curve };
  })
  .filter(({ step, shape }) =>
    conv2dOutputShape(step.spec, shape)
      .slice(0, 2)
      .every((extent) => extent > 1),
  );

test('outputs and gradients are those of the three reference ops within 1e-5 of the largest value, over geometries, filters, activations and batches', () => {
  fc.assert(
    fc.property(cases, ({ shape, rows, seed, step, curve }) => {
      const steps = stepsOf(step, curve);
      expect(gapToReference(fusedStep(steps), referenceOf(steps, shape), shape, rows, { seed })).toBeLessThan(
        1e-5,
      );
    }),
    { ...REPEATABLE, numRuns: 120 },
  );
});

test.each<[number, number[], Partial<Conv2dSpec>, Curve]>([
  [3, [28, 28, 1], { filters: 32 }, 'relu'],
  [3, [13, 13, 32], { filters: 64 }, 'relu'],
  [2, [12, 9, 16], { filters: 10, padding: 'same' }, 'tanh'],
  [1, [4, 4, 20], { filters: 3 }, 'relu'],
  [7, [28, 28, 1], { filters: 6, kernelSize: [5, 5], padding: 'same' }, 'tanh'],
  [7, [14, 14, 6], { filters: 16, kernelSize: [5, 5] }, 'tanh'],
])(
  '%i images %o through %o and %s: as the reference within 1e-5 of the largest value',
  (rows, shape, options, curve) => {
    const steps = stepsOf(conv2d({ ...SPEC, ...options }), curve);
    expect(
      gapToReference(fusedStep(steps), referenceOf(steps, shape), shape, rows, { seed: 1 }),
    ).toBeLessThan(1e-5);
  },
);

/** The same batch with the same weights through a step. */
function runOf(
  step: Step,
  shape: readonly number[],
  x: readonly Float32Array[],
  weights: readonly Float32Array[],
  dy?: readonly Float32Array[],
): OpRun {
  const lone = new LoneOp(step, shape);
  lone.setWeights(weights.slice(0, lone.op.parameters.length));
  return lone.run(x, dy ?? x.map(() => new Float32Array(lone.op.out.width)), true);
}

/** What the steps one after the other give. */
function unfused(
  steps: readonly Step[],
  input: readonly number[],
  x: readonly Float32Array[],
  weights: readonly Float32Array[],
): number[][] {
  let shape = input;
  let rows = x;
  for (const step of steps) {
    rows = runOf(step, shape, rows, weights).y.map((row) => Float32Array.from(row));
    shape = step.shape(shape);
  }
  return rows.map((row) => [...row]);
}

test('without an activation and with a ReLU the outputs have the bits of the steps one by one, also of images that are mostly empty', () => {
  const property = fc.property(cases, fc.boolean(), ({ shape, rows, seed, step, curve }, empty) => {
    const steps = stepsOf(step, curve && 'relu');
    const random = new Random(seed, 'bits');
    const width = shape[0] * shape[1] * shape[2];
    const x = randomRows(rows, width, random);
    if (empty) for (const row of x) row.forEach((value, k) => (row[k] = value > 0.85 ? value : 0));
    const [{ spec }] = stepsOf(step, curve) as [Step<Conv2dSpec>];
    const weights = [spec.kernelSize[0] * spec.kernelSize[1] * shape[2] * spec.filters, spec.filters].map(
      (size) => randomRows(1, size, random)[0],
    );
    expect(runOf(fusedStep(steps), shape, x, weights).y).toEqual(unfused(steps, shape, x, weights));
  });
  fc.assert(property, { ...REPEATABLE, numRuns: 60 });
});

function* range(count: number): Generator<number> {
  for (let k = 0; k < count; k++) yield k;
}

/** The four places of every window of one image, in plain float32: bias, then ky, kx, channel. */
type Places = (row: Float32Array, py: number, px: number, o: number) => number[];

/** All results from the places in the order that is promised: kernels over rows and windows, images over windows, places and filters. */
function promised(
  { filters }: Conv2dSpec,
  [height, width, channels]: readonly number[],
  x: readonly Float32Array[],
  dy: readonly Float32Array[],
  w: Float32Array,
  placesOf: Places,
): Pick<OpRun, 'y' | 'dx' | 'gradients'> {
  const out = [(height - 2) >> 1, (width - 2) >> 1];
  const kernel = new Float32Array(w.length);
  const bias = new Float32Array(filters);
  const y: number[][] = [];
  const dx = x.map((row, s) => {
    const image = new Float32Array(row.length);
    const own: number[] = [];
    for (const py of range(out[0]))
      for (const px of range(out[1])) {
        const winners = [...range(filters)].map((o) => {
          const places = placesOf(row, py, px, o);
          own.push(Math.max(0, ...places));
          return places.indexOf(Math.max(...places));
        });
        for (const place of range(4))
          for (const o of range(filters)) {
            const index = (py * out[1] + px) * filters + o;
            if (winners[o] !== place || !(own[index] > 0)) continue;
            const d = dy[s][index];
            bias[o] += d;
            for (const ky of range(3))
              for (const kx of range(3))
                for (const c of range(channels)) {
                  const pixel = (2 * py + (place >> 1) + ky) * width + 2 * px + (place & 1) + kx;
                  const entry = ((ky * 3 + kx) * channels + c) * filters + o;
                  image[pixel * channels + c] += fround(d * w[entry]);
                  kernel[entry] += fround(row[pixel * channels + c] * d);
                }
          }
      }
    y.push(own);
    return [...image];
  });
  return { y, dx, gradients: [[...kernel], [...bias]] };
}

const directly =
  (
    { filters }: Conv2dSpec,
    [, width, channels]: readonly number[],
    w: Float32Array,
    b: Float32Array,
  ): Places =>
  (row, py, px, o) =>
    [0, 1, 2, 3].map((place) => {
      let sum = b[o];
      for (const ky of range(3))
        for (const kx of range(3))
          for (const c of range(channels)) {
            const pixel = (2 * py + (place >> 1) + ky) * width + 2 * px + (place & 1) + kx;
            sum = fround(
              sum + fround(row[pixel * channels + c] * w[((ky * 3 + kx) * channels + c) * filters + o]),
            );
          }
      return sum;
    });

type Matrix = number[][];
const columns = (m: Matrix): Matrix => m[0].map((_, k) => m.map((row) => row[k]));
const half = (a: number, b: number, c: number, sign: number): number =>
  fround(0.5 * fround(fround(a + c) + sign * b));
/** Each transform of a column, in the order of its sums. */
const G = ([a, b, c]: number[]): number[] => [a, half(a, b, c, 1), half(a, b, c, -1), c];
const B = ([a, b, c, d]: number[]): number[] => [a - c, b + c, c - b, b - d].map(fround);
const A = ([a, b, c, d]: number[]): number[] => [fround(fround(a + b) + c), fround(fround(b - c) - d)];
/** Columns first. */
const both = (f: (column: number[]) => number[], m: Matrix): Matrix => columns(columns(m).map(f)).map(f);

const byWinograd =
  (
    { filters }: Conv2dSpec,
    [, width, channels]: readonly number[],
    w: Float32Array,
    b: Float32Array,
  ): Places =>
  (row, py, px, o) => {
    const m: Matrix = [...range(4)].map(() => [0, 0, 0, 0]);
    for (const c of range(channels)) {
      const taps = [...range(3)].map((ky) =>
        [...range(3)].map((kx) => w[((ky * 3 + kx) * channels + c) * filters + o]),
      );
      const patch = [...range(4)].map((dy) =>
        [...range(4)].map((dx) => row[((2 * py + dy) * width + 2 * px + dx) * channels + c]),
      );
      const [u, v] = [both(G, taps), both(B, patch)];
      for (const i of range(4))
        for (const j of range(4)) m[i][j] = fround(m[i][j] + fround(v[i][j] * u[i][j]));
    }
    return both(A, m)
      .flat()
      .map((place) => fround(place + b[o]));
  };

/** Images whose last three rows alone differ from one pixel. */
function onBackground(
  x: readonly Float32Array[],
  [height, width, channels]: readonly number[],
  pixel: (channel: number) => number,
): void {
  for (const row of x) for (const k of range((height - 3) * width * channels)) row[k] = pixel(k % channels);
}

test.each<[string, number[], number, typeof directly, ((channel: number) => number)?]>([
  ['directly', [9, 8, 2], 5, directly],
  ['directly, one channel', [10, 13, 1], 9, directly],
  ['directly, fifteen channels', [6, 6, 15], 3, directly],
  ['directly, before nothing', [10, 13, 1], 9, directly, () => 0],
  ['directly, before grey', [10, 13, 1], 9, directly, () => 0.75],
  ['directly, eight channels before a colour', [10, 9, 8], 5, directly, (c) => c / 8],
  ["by Winograd's transform", [11, 10, 16], 11, byWinograd],
  ["by Winograd's transform, twenty channels", [6, 6, 20], 8, byWinograd],
  ["by Winograd's transform, before a colour", [11, 10, 16], 11, byWinograd, (c) => c / 8 - 0.5],
])(
  'sums stand in the order that is promised, the same bits: 3 × 3 and ReLU %s, images %o, %i filters',
  (_, shape, filters, way, background) => {
    const random = new Random(3, 'order');
    const { spec, ...rest } = conv2d({ ...SPEC, filters });
    expect(usesWinograd(spec, shape[2])).toBe(way === byWinograd);
    const x = randomRows(3, shape[0] * shape[1] * shape[2], random);
    if (background) onBackground(x, shape, background);
    const [w] = randomRows(1, 9 * shape[2] * filters, random);
    const [b] = randomRows(1, filters, random);
    const size = ((shape[0] - 2) >> 1) * ((shape[1] - 2) >> 1) * filters;
    const dy = randomRows(3, size, random);
    const { y, dx, gradients } = runOf(fusedStep(stepsOf({ spec, ...rest }, 'relu')), shape, x, [w, b], dy);
    expect({ y, dx, gradients }).toEqual(promised(spec, shape, x, dy, w, way(spec, shape, w, b)));
  },
);

describe('which steps are computed as one', () => {
  const convolution = conv2d(SPEC);
  const relu = activation({ activation: 'relu', parameter: 0 });
  const gelu = activation({ activation: 'gelu', parameter: 0 });
  const pool = (options: Partial<Parameters<typeof maxPooling2d>[0]>): Step =>
    maxPooling2d({ poolSize: [2, 2], strides: [2, 2], padding: 'valid', ...options });

  test.each<[string, Step, Step[], number | undefined]>([
    ['convolution below', POOLING, [convolution], 1],
    ['a rising activation between', POOLING, [POOLING, convolution, relu], 2],
    ['nothing below', POOLING, [], undefined],
    ['an activation that falls somewhere', POOLING, [convolution, gelu], undefined],
    ['two activations', POOLING, [convolution, relu, relu], undefined],
    ['another pooling below', POOLING, [convolution, POOLING], undefined],
    ['other windows', pool({ poolSize: [2, 3] }), [convolution], undefined],
    ['other steps', pool({ strides: [1, 2] }), [convolution], undefined],
    ['padding', pool({ padding: 'same' }), [convolution], undefined],
  ])('%s', (_, step, below, expected) => {
    expect(step.fuse!(below)?.steps).toBe(expected);
  });

  test('an activation that is said to rise does, between 4,000 places, but for rounding of 5e-7', () => {
    for (const curve of RISING.slice(1) as Curve[]) {
      const [, step] = stepsOf(conv2d(SPEC), curve);
      const x = Float32Array.from({ length: 4000 }, (_, k) => (k - 2000) / 200);
      const [y] = runOf(step, [4000], [x], []).y;
      const falls = y.map((value, k) => (k > 0 ? y[k - 1] - value : 0));
      expect(Math.max(...falls), curve).toBeLessThan(5e-7);
    }
  });
});

test('ties go to the first, a NaN wins and stays', () => {
  const step = fusedStep(stepsOf(conv2d({ ...SPEC, kernelSize: [1, 1], useBias: false }), undefined));
  const image = (...values: number[]): Float32Array => Float32Array.from(values);
  const x = [image(1, 3, 3, 3), image(2, 2, 2, 2), image(1, NaN, 7, NaN), image(NaN, 1, 2, 3)];
  const dy = x.map(() => image(1));
  const { y, dx } = runOf(step, [2, 2, 1], x, [image(1)], dy);
  expect(y).toEqual([[3], [2], [NaN], [NaN]]);
  expect(dx).toEqual([
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [1, 0, 0, 0],
  ]);
});
