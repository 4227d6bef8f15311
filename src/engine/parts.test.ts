import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { contextOf, LoneOp, randomRows } from '../../test/support/ops.ts';
import { RUNS, stack } from '../../test/support/stacks.ts';
import { trainStack } from '../../test/support/trainStack.ts';
import { watched } from '../../test/support/watched.ts';
import { Dense, Input, Rescaling } from '../nn/layers.ts';
import { planLayers } from '../nn/plan.ts';
import { Random } from '../util/random.ts';
import { sizeOf } from '../util/tensor.ts';
import { conv2d } from './ops/conv2d.ts';
import { dense } from './ops/dense.ts';
import { depthwiseConv2d } from './ops/depthwiseConv2d.ts';
import { fusedStep } from '../../test/support/ops.ts';
import { maxPooling2d } from './ops/maxPooling2d.ts';
import { MOST_PRODUCTS } from './heap.ts';
import { imageKernels } from './imageModule.ts';
import type { OptimizerSpec } from './engine.ts';
import { WasmNetwork } from './network.ts';
import type { Step } from './op.ts';
import { inParts } from './parts.ts';
import { EngineThreads } from './threads/engineThreads.ts';
import type { DenseRows } from './rows.ts';

test.each<[number, readonly [number, number, number], number[][]]>([
  [
    8,
    [10, 1, 4],
    [
      [0, 4],
      [4, 10],
    ],
  ],
  [
    64,
    [150, 1, 1],
    [
      [0, 8],
      [8, 24],
      [24, 56],
      [56, 120],
      [120, 150],
    ],
  ],
  [
    8,
    [10, 2, 4],
    [
      [0, 4],
      [4, 8],
      [8, 10],
    ],
  ],
  [
    8,
    [3, 100, 1],
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  ],
  [Infinity, [10, 100, 4], [[0, 10]]],
  [8, [10, 0, 4], [[0, 10]]],
  [8, [0, 1, 4], []],
])(
  'of %d products at most, %j (number, products of each, tile) is taken as %j, the first an eighth and each at most twice the one before, with a stop between two',
  (most, extent, parts) => {
    const context = contextOf();
    context.heap.mostProducts = () => most;
    const taken: number[][] = [];
    const steps = inParts(context, extent, (from, to) => void taken.push([from, to]));
    let stops = 0;
    while (!steps.next().done) {
      stops++;
      expect(taken).toHaveLength(stops);
    }
    expect(taken).toEqual(parts);
    expect(stops).toBe(Math.max(0, parts.length - 1));
  },
);

test.each([1, 2, 3])(
  'two steps of training with every kernel’s work in the smallest parts have the bits of whole ones, over random stacks (%i threads)',
  async (count) => {
    const [whole, parts] = [contextOf(), contextOf()];
    // Modules that are linked later are not divided among threads.
    imageKernels(parts.heap.memory);
    whole.heap.mostProducts = () => Infinity;
    parts.heap.mostProducts = () => 1;
    const threads = await new EngineThreads(parts.heap).start(count);
    expect(threads.count).toBe(count);
    try {
      let divided = 0;
      const property = fc.property(stack, (given) => {
        const [expected, received] = [trainStack(given, whole), trainStack(given, parts)];
        expect(received.bits).toEqual(expected.bits);
        expect(received.results).toEqual(expected.results);
        divided += Number(received.stops > expected.stops);
      });
      fc.assert(property, RUNS);
      expect(divided).toBeGreaterThan(RUNS.numRuns / 2);
    } finally {
      threads.stop();
    }
  },
);

test('the same where how much a part may be is another at each question, as where someone asks amid a step with threads', () => {
  const [whole, parts] = [contextOf(), contextOf()];
  const random = new Random(3, 'questions');
  whole.heap.mostProducts = () => Infinity;
  parts.heap.mostProducts = () => [1, 1000, Infinity][random.integer(3)];
  const property = fc.property(stack, (given) => {
    const [expected, received] = [trainStack(given, whole), trainStack(given, parts)];
    expect(received.bits).toEqual(expected.bits);
    expect(received.results).toEqual(expected.results);
  });
  fc.assert(property, RUNS);
});

test('of eight rows of 8 values, 64 products each, one, two, three and two are put before the first op at a time; of one that is too many itself, as many values', () => {
  const context = contextOf();
  context.heap.mostProducts = () => 3.5 * 64 * 8;
  const { network: spec } = planLayers([Input([8]), Rescaling(1, 1), Dense(2, { activation: 'softmax' })]);
  const network = new WasmNetwork(context, spec, () => undefined);
  network.setOptimizer({ name: 'sgd', learningRate: 0.1 } as OptimizerSpec);
  const rows = network.createRows({ data: new Float32Array(64), shape: [8, 8] }) as DenseRows;
  const gather = vi.spyOn(rows, 'gather');
  const targets = { kind: 'classes', classes: new Uint8Array(8) } as const;
  network.trainBatch(rows, targets, Uint32Array.of(7, 6, 5, 4, 3, 2, 1, 0));
  expect(gather.mock.calls.map(([batch]) => [...(batch as Uint32Array)])).toEqual([
    [7],
    [6, 5],
    [4, 3, 2],
    [1, 0],
  ]);
  gather.mockClear();
  context.heap.mostProducts = () => 3 * 64;
  network.trainBatch(rows, targets, Uint32Array.of(5));
  const columns = gather.mock.calls.map(([, , first, until]) => [first, until]);
  expect(columns).toEqual([
    [0, 1],
    [1, 3],
    [3, 6],
    [6, 8],
  ]);
});

test('of eight sparse rows of 8 values, 32 products each, one, two, three and two are gathered, counted and sorted at a time; of a dense layer of 64 units every call has one row, or one column and 32 units; the loss takes 8, 16, 24 and 16 values of each row, in three passes', () => {
  const context = contextOf();
  context.heap.mostProducts = () => 3.5 * 32 * 8;
  const { network: spec } = planLayers([Input([8]), Dense(64, { activation: 'softmax' })]);
  const network = new WasmNetwork(context, spec, () => undefined);
  const adam = { name: 'adam', learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 } as const;
  network.setOptimizer(adam);
  const data = Uint8Array.from({ length: 64 }, (_, i) => Number(i % 3 === 0));
  const rows = network.createRows({ data, shape: [8, 8] });
  const NAMES = [
    'gatherRows',
    'countColumns',
    'sortColumns',
    'sparseForward',
    'sparseGradient',
    'softmaxCrossEntropy',
  ] as const;
  const seen = new Map(NAMES.map((name) => [name, vi.spyOn(context.kernels, name).mock.calls]));
  const calls = (name: (typeof NAMES)[number]): number[][] => seen.get(name) as unknown as number[][];
  const targets = { kind: 'classes', classes: new Uint8Array(8) } as const;
  network.trainBatch(rows, targets, Uint32Array.of(7, 6, 5, 4, 3, 2, 1, 0));
  const parts = [
    [0, 1],
    [1, 3],
    [3, 6],
    [6, 8],
  ];
  expect(calls('gatherRows').map((args) => [args[8], args[1]])).toEqual([
    [0, 1],
    [1, 3],
    [3, 6],
    [6, 8],
  ]);
  expect(calls('countColumns').map((args) => [args[5], args[0]])).toEqual(parts);
  expect(calls('sortColumns').map((args) => [args[7], args[0]])).toEqual(parts);
  expect(calls('sparseForward').map((args) => [args[8], args[0]])).toEqual(
    Array.from({ length: 8 }, (_, s) => [s, s + 1]),
  );
  const columns = Array.from({ length: 8 }, (_, i) => [i, i + 1]);
  expect(calls('sparseGradient').map((args) => args.slice(13))).toEqual([
    ...columns.map((range) => [...range, 0, 32]),
    ...columns.map((range) => [...range, 32, 64]),
  ]);
  const passes = [1, 2, 4].flatMap((pass) => [
    [1, 8, 0, pass],
    [1, 16, 8, pass],
    [1, 24, 24, pass],
    [1, 16, 48, pass],
  ]);
  expect(calls('softmaxCrossEntropy').map((args) => [args[4], args[6], args[10], args[11]])).toEqual(
    Array.from({ length: 8 }, () => passes).flat(),
  );
});

describe('no call of a kernel comes to more products than that, and all together to all of them:', () => {
  const CONVOLUTION = { strides: [1, 1], padding: 'valid', useBias: true, l1: 0, l2: 0 } as const;
  const conv = (filters: number): Step => conv2d({ ...CONVOLUTION, filters, kernelSize: [3, 3] });
  const pooling = maxPooling2d({ poolSize: [2, 2], strides: [2, 2], padding: 'valid' });
  test.each<[string, Step, number[], number, number, Record<string, (args: number[]) => number>]>([
    [
      'a wide dense layer of 64 rows',
      dense({ units: 1536, useBias: true, l1: 0, l2: 0 }),
      [1024],
      64,
      // Forward, back, and the kernel's gradient.
      3 * 64 * 1024 * 1536,
      {
        denseForward: (args) => args[4] * args[5] * args[6],
        denseGradient: (args) => args[3] * 32 * (args[7] - args[6]),
      },
    ],
    [
      'a convolution of 48 images',
      conv(64),
      [14, 14, 32],
      48,
      3 * 48 * 12 * 12 * 9 * 32 * 64,
      {
        conv2dForward: (args) => args[5] * 12 * 12 * 9 * 32 * 64,
        conv2dInputGradient: (args) => args[4] * 12 * 12 * 9 * 32 * 64,
        conv2dGradient: (args) => args[5] * 12 * 12 * 9 * 32 * 64,
      },
    ],
    [
      'a convolution of two images that are more each: of pixels, and of rows of the kernel for eight maps',
      conv(64),
      [48, 48, 32],
      2,
      3 * 2 * 46 * 46 * 9 * 32 * 64,
      {
        conv2dForward: (args) => (args[11] - args[10]) * 9 * 32 * 64,
        conv2dInputGradient: (args) => ((args[10] - args[9]) / 48 ** 2) * 46 * 46 * 9 * 32 * 64,
        conv2dGradient: (args) => ((args[9] - args[8]) / 24) * 46 * 46 * 9 * 32 * 64,
      },
    ],
    [
      'a convolution of which four pixels are more: of some maps',
      conv(500),
      [6, 6, 512],
      2,
      3 * 2 * 16 * 9 * 512 * 500,
      // Of the last maps an image is few enough.
      {
        conv2dForward: (args) => (args[11] - args[10] || args[5] * 16) * 9 * 512 * (args[9] - args[8]),
        conv2dInputGradient: (args) =>
          ((args[10] - args[9] || args[4] * 36) / 36) * 16 * 9 * (args[8] - args[7]) * 500,
        conv2dGradient: (args) => ((args[9] - args[8]) / 189) * 16 * 9 * 512 * 500,
      },
    ],
    [
      'the second convolution of Keras’ example with its pooling, 128 images',
      fusedStep([conv(64), pooling]),
      [13, 13, 32],
      128,
      // Forward four places of each window; of one there is a gradient.
      (4 + 2) * 128 * 25 * 9 * 32 * 64,
      {
        winogradForward: (args) => args[8] * 4 * 9 * 32 * 64,
        pooledInputGradient: (args) => args[6] * 25 * 9 * 32 * 64,
        pooledKernelGradient: (args) => args[5] * 9 * 32 * 64,
      },
    ],
    [
      'a convolution and its pooling of two images that are more each: of windows',
      fusedStep([conv(64), pooling]),
      [90, 90, 32],
      2,
      (4 + 2) * 2 * 44 * 44 * 9 * 32 * 64,
      {
        winogradForward: (args) => args[8] * 4 * 9 * 32 * 64,
        pooledInputGradient: (args) => (args[12] - args[11]) * 9 * 32 * 64,
        pooledKernelGradient: (args) => args[5] * 9 * 32 * 64,
      },
    ],
    [
      'the first one, 512 images',
      fusedStep([conv(32), pooling]),
      [28, 28, 1],
      512,
      (4 + 2) * 512 * 169 * 9 * 32,
      {
        pooledForward: (args) => args[8] * 4 * 9 * 32,
        pooledInputGradient: (args) => args[6] * 169 * 9 * 32,
        pooledKernelGradient: (args) => args[5] * 9 * 32,
      },
    ],
    [
      'a depthwise convolution of 128 images',
      depthwiseConv2d({ ...CONVOLUTION, kernelSize: [7, 7], depthMultiplier: 1 }),
      [20, 20, 64],
      128,
      3 * 128 * 14 * 14 * 49 * 64,
      {
        depthwiseForward: (args) => args[5] * 14 * 14 * 49 * 64,
        depthwiseInputGradient: (args) => args[4] * 14 * 14 * 49 * 64,
        depthwiseGradient: (args) => args[5] * 14 * 14 * 49 * 64,
      },
    ],
  ])('%s', (_, step, shape, count, all, worth) => {
    const lone = new LoneOp(step, shape);
    const random = new Random(1, 'parts');
    const width = shape.reduce((a, b) => a * b);
    lone.setWeights(
      lone.op.parameters.map(
        (p) =>
          randomRows(
            1,
            p.shape.reduce((a, b) => a * b),
            random,
          )[0],
      ),
    );
    const seen = watched(lone, worth);
    const x = randomRows(count, width, random);
    lone.run(x, randomRows(count, lone.op.out.width, random), true);
    expect(Math.max(...seen)).toBeLessThanOrEqual(MOST_PRODUCTS);
    expect(seen.reduce((a, b) => a + b)).toBe(all);
    expect(seen.length).toBeGreaterThan(Object.keys(worth).length);
  });

  test('where four rows alone come to more, a dense layer takes 32 units at a time, the same bits', () => {
    const [inputs, units, count] = [40, 72, 5];
    const runs = [Infinity, 4 * inputs * units - 1].map((most) => {
      const lone = new LoneOp(dense({ units, useBias: true, l1: 0, l2: 0 }), [inputs]);
      lone.context.heap.mostProducts = () => most;
      const random = new Random(3, 'units');
      lone.setWeights([randomRows(1, inputs * units, random)[0], randomRows(1, units, random)[0]]);
      const calls: number[][] = [];
      watched(lone, { denseForward: (args) => calls.push([args[4], args[6], args[7]]) });
      const { y, dx } = lone.run(randomRows(count, inputs, random), randomRows(count, units, random), true);
      return { calls, y, dx };
    });
    expect(runs.map(({ calls }) => calls)).toEqual([
      [
        [8, 72, 72],
        [8, 40, 40],
      ],
      // Of 32 × 40 weights all eight rows are few enough, of 32 × 72 four.
      [
        [8, 32, 72],
        [8, 32, 72],
        [8, 8, 72],
        [4, 32, 40],
        [4, 32, 40],
        [8, 8, 40],
      ],
    ]);
    const [whole, parts] = runs;
    expect([parts.y, parts.dx]).toEqual([whole.y, whole.dx]);
  });

  test('a convolution goes on from eight maps to the next, and back from eight channels, the same bits', () => {
    const runs = [Infinity, 1].map((most) => {
      const lone = new LoneOp(
        conv2d({ ...CONVOLUTION, strides: [2, 1], filters: 20, kernelSize: [3, 2] }),
        [8, 5, 12],
      );
      lone.context.heap.mostProducts = () => most;
      const random = new Random(2, 'maps');
      lone.setWeights([randomRows(1, 6 * 12 * 20, random)[0], randomRows(1, 20, random)[0]]);
      const seen: number[][] = [];
      watched(lone, {
        conv2dForward: (args) => seen.push(args.slice(8)),
        conv2dInputGradient: (args) => seen.push(args.slice(7)),
      });
      const run = lone.run(randomRows(2, 480, random), randomRows(2, 240, random), true);
      return { run, seen };
    });
    const [whole, parts] = runs;
    expect(parts.run).toEqual(whole.run);
    expect(whole.seen).toEqual([
      [0, 20],
      [0, 12],
    ]);
    const ranges = (channels: number[][], places: number[]): number[][] =>
      channels.flatMap((some) => [1, 2].flatMap(() => places.map((to) => [...some, to - 4, to])));
    expect(parts.seen).toEqual([
      ...ranges(
        [
          [0, 8],
          [8, 16],
          [16, 20],
        ],
        [4, 8, 12],
      ),
      ...ranges(
        [
          [0, 8],
          [8, 12],
        ],
        [4, 8, 12, 16, 20],
      ),
    ]);
  });

  test.each([
    // Of eight outputs 676 windows, at least 130 at a time.
    ['directly', 8, [28, 28, 1], 4, 13 * 13, 6],
    // Of eight, eight and four all 18 windows.
    ['by Winograd’s transformation', 20, [8, 8, 16], 2, 9, 3],
  ] as const)(
    'a convolution and its pooling, %s, go on from part to part of windows, outputs and weights, the same bits',
    (_, filters, shape, count, windows, calls) => {
      const runs = [Infinity, 1].map((most) => {
        const lone = new LoneOp(fusedStep([conv(filters), pooling]), shape);
        lone.context.heap.mostProducts = () => most;
        const random = new Random(2, 'windows');
        const weights = randomRows(1, 9 * shape[2] * filters, random)[0];
        lone.setWeights([weights, randomRows(1, filters, random)[0]]);
        const seen = watched(lone, { pooledKernelGradient: () => 1 });
        const x = randomRows(count, sizeOf(shape), random);
        return { run: lone.run(x, randomRows(count, windows * filters, random), true), calls: seen.length };
      });
      expect(runs.map(({ calls }) => calls)).toEqual([1, calls]);
      expect(runs[1].run).toEqual(runs[0].run);
    },
  );
});
