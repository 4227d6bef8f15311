import { expect, test, vi } from 'vitest';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { contextOf, randomRows } from '../../../test/support/ops.ts';
import { expectSameBits } from '../../../test/support/trainStack.ts';
import { Conv2D, Dense, Flatten, Input } from '../../nn/layers.ts';
import { hashWeights } from '../../nn/modelWeights.ts';
import { planLayers } from '../../nn/plan.ts';
import { Random } from '../../util/random.ts';
import { atOnce } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import { Allocation } from '../heap.ts';
import { imageKernels } from '../imageModule.ts';
import { WasmNetwork } from '../network.ts';
import { EngineThreads } from './engineThreads.ts';

// Threads that never begin: what is theirs is done by the caller, but not before it waits for it, and the last one's first: its share mostly lies behind that of the others.
vi.mock('./worker.ts', () => ({
  startHelper: () => ({ ready: Promise.resolve(), isAlive: () => true, end: () => undefined }),
}));

test.each([
  [2, Infinity],
  [2, 4096],
  [3, 4096],
  [2, 64],
])(
  'no call reads what another thread of %i may not have written yet, in parts of %d products, over random stacks',
  async (count, most) => {
    const [alone, shared] = [contextOf(), contextOf()];
    imageKernels(shared.heap.memory);
    shared.heap.mostProducts = () => most;
    const threads = await new EngineThreads(shared.heap).start(count);
    try {
      expectSameBits(alone, shared);
    } finally {
      threads.stop();
    }
  },
);

// Of eight rows gradients are taken in parts as the weights are, of two rows they are not.
test.each([
  [2, 8],
  [3, 8],
  [2, 2],
  [3, 2],
])('so for layers whose weights %i threads share, eight steps of %i rows', async (count, size) => {
  const { network: spec } = planLayers([
    Input([64]),
    Dense(256, { activation: 'relu' }),
    Dense(256),
    Dense(256),
    Dense(10, { activation: 'softmax' }),
  ]);
  const train = (context: Context): string => {
    const network = new WasmNetwork(context, spec, () => undefined);
    const random = new Random(3, 'weights');
    const small = ({ length }: Float32Array): Float32Array =>
      randomRows(1, length, random)[0].map((w) => w / 16);
    network.setWeights(network.getWeights().map(small));
    network.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 });
    const rows = network.createRows({ data: randomRows(1, 64 * 8, random)[0], shape: [8, 64] });
    const targets = { kind: 'classes', classes: new Uint8Array(8) } as const;
    const batch = Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7).subarray(0, size);
    for (let k = 0; k < 8; k++) atOnce(network.trainBatchInSteps(rows, targets, batch));
    return atOnce(hashWeights(network.getWeights()));
  };
  const [alone, shared] = [contextOf(), contextOf()];
  shared.heap.mostProducts = () => 32 * 24_576;
  const threads = await new EngineThreads(shared.heap).start(count);
  try {
    expect(train(shared)).toBe(train(alone));
  } finally {
    threads.stop();
  }
});

test('a batch that the caller alone has gathered is read there, whatever each thread has gathered before', async () => {
  const { network: spec } = planLayers([
    Input([28, 28]),
    Flatten(),
    Dense(64, { activation: 'relu' }),
    Dense(4),
  ]);
  const train = (context: Context): string => {
    const network = new WasmNetwork(context, spec, () => undefined);
    const random = new Random(5, 'weights');
    const small = ({ length }: Float32Array): Float32Array =>
      randomRows(1, length, random)[0].map((w) => w / 16);
    network.setWeights(network.getWeights().map(small));
    network.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 });
    const images = Uint8Array.from({ length: 8 * 784 }, () => Math.max(0, random.integer(300) - 44));
    const inputs = { data: images, shape: [8, 28, 28] };
    const distortion = { rotation: 0.2, scale: 0.1, shear: 0.1, shift: 1, elastic: 1 };
    const plain = network.createRows(inputs);
    const distorted = network.createRows(inputs, { distortion, seed: 1 });
    const targets = { kind: 'classes', classes: Uint8Array.of(0, 1, 2, 3, 0, 1, 2, 3) } as const;
    for (const rows of [plain, distorted, plain, distorted, distorted]) {
      network.trainBatch(rows, targets, Uint32Array.of(6, 2, 0, 7, 1, 5));
    }
    return atOnce(hashWeights(network.getWeights()));
  };
  const [alone, shared] = [contextOf(), contextOf()];
  const threads = await new EngineThreads(shared.heap).start(2);
  try {
    expect(train(shared)).toBe(train(alone));
  } finally {
    threads.stop();
  }
});

test('a batch of more than 16 MiB is gathered once', async () => {
  const { network: spec } = planLayers([Input([784]), Dense(64), Dense(4)]);
  const context = contextOf();
  const threads = await new EngineThreads(context.heap).start(2);
  try {
    const network = new WasmNetwork(context, spec, () => undefined);
    network.setOptimizer({ name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false });
    const rows = network.createRows({ data: new Uint8Array(1400 * 784), shape: [1400, 784] });
    const targets = { kind: 'classes', classes: new Uint8Array(1400) } as const;
    const used = [1300, 1400].map((count) => {
      network.trainBatch(
        rows,
        targets,
        Uint32Array.from({ length: count }, (_, s) => s),
      );
      return context.heap.used;
    });
    // 16 bytes a value: 15.6 MiB and as much again for the other thread, and 16.7.
    expect(used[0] - used[1]).toBeGreaterThan(13 << 20);
  } finally {
    threads.stop();
  }
});

test('a heap that another fit uses while it moves to where threads share it is copied in turns, that fit waiting', async () => {
  const { heap } = contextOf();
  const MEGABYTES = 20;
  const address = heap.allocate(MEGABYTES << 20);
  const copied = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array, 'set');
  const write = (): number => ++heap.bytes(address, 1)[0];
  let [moving, turns] = [true, 0];
  const fit = async (): Promise<void> => {
    for (; moving; turns++) {
      write();
      await yieldToEvents();
    }
  };
  const other = fit();
  const threads = await new EngineThreads(heap).start(2);
  const most = Math.max(...copied.mock.calls.map(([bytes]) => bytes.length));
  copied.mockRestore();
  moving = false;
  await other;
  threads.stop();
  expect(heap.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(most).toBe(4 << 20);
  expect(turns).toBeGreaterThan(0);
  expect(heap.bytes(address, 1)[0]).toBe(turns);
});

test('what events write again and again into a heap that moves is not lost', async () => {
  const { heap } = contextOf();
  const address = heap.allocate(20 << 20);
  let [moving, writes] = [true, 0];
  const event = (): void => {
    writes = ++heap.uint32(address, 1)[0];
    if (moving) setImmediate(event);
  };
  event();
  const threads = await new EngineThreads(heap).start(2);
  moving = false;
  expect(heap.uint32(address, 1)[0]).toBe(writes);
  expect(writes).toBeGreaterThan(2);
  threads.stop();
});

test('memory that nobody uses does not move with a heap, and holds zeros for the next who asks', async () => {
  const { heap } = contextOf();
  const [large, small] = [heap.allocate(20 << 20), heap.allocate(64)];
  heap.bytes(large, 20 << 20).fill(7);
  heap.bytes(small, 64).fill(9);
  heap.free(large);
  const copied = vi.spyOn(Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array, 'set');
  const threads = await new EngineThreads(heap).start(2);
  const all = copied.mock.calls.reduce((sum, [bytes]) => sum + bytes.length, 0);
  copied.mockRestore();
  expect(all).toBeLessThan(1 << 20);
  expect([...heap.bytes(small, 64)]).toEqual(Array(64).fill(9));
  expect(heap.allocate(20 << 20)).toBe(large);
  expect(heap.bytes(large, 20 << 20).every((byte) => byte === 0)).toBe(true);
  threads.stop();
});

test.each(['threads stop first', 'the network is disposed of first'])(
  'scratch memory of threads is given back, %s',
  async (order) => {
    const { heap, kernels } = contextOf();
    imageKernels(heap.memory);
    const threads = await new EngineThreads(heap).start(3);
    const pieces = new Allocation(heap);
    const convolution = Conv2D(8, 3, { padding: 'same', activation: 'tanh' });
    const { network: spec } = planLayers([Input([12, 12, 3]), convolution, Flatten(), Dense(4)]);
    const network = new WasmNetwork({ heap, kernels, pieces }, spec, () => {
      pieces.freeAll();
    });
    const adam = { name: 'adam', learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 } as const;
    network.setOptimizer(adam);
    const rows = network.createRows({ data: new Float32Array(16 * 432).fill(0.5), shape: [16, 432] });
    const classes = new Uint8Array(16);
    network.trainBatch(
      rows,
      { kind: 'classes', classes },
      Uint32Array.from({ length: 16 }, (_, s) => s),
    );
    const during = heap.used;
    if (order === 'threads stop first') {
      threads.stop();
      expect(heap.used).toBeLessThan(during);
    }
    rows.dispose();
    network.dispose();
    expect(heap.used).toBe(0);
    threads.stop();
  },
);
