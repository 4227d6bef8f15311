import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classes, firstRows, network, pixels } from '../../test/support/networks.ts';
import { Random } from '../util/random.ts';
import { Allocation, Heap } from './heap.ts';
import { createWasmEngine } from './wasm.ts';

const PAGE = 65_536;

interface Piece {
  address: number;
  bytes: number;
  mark: number;
}

/** What a heap has to be like whatever was asked of it; each piece is filled with its own mark. */
function checkHeap(heap: Heap, pieces: readonly Piece[]): void {
  const sorted = pieces.toSorted((a, b) => a.address - b.address);
  sorted.forEach(({ address, bytes, mark }, k) => {
    expect(address % 64).toBe(0);
    expect(address).toBeGreaterThanOrEqual(PAGE);
    // Behind every piece a vector may be read.
    expect(address + bytes + 64).toBeLessThanOrEqual(heap.memory.buffer.byteLength);
    if (k > 0) expect(sorted[k - 1].address + sorted[k - 1].bytes).toBeLessThanOrEqual(address);
    expect(heap.bytes(address, bytes).every((byte) => byte === mark)).toBe(true);
  });
  expect(heap.used).toBe(
    pieces.reduce((sum, { bytes }) => sum + Math.max(64, Math.ceil(bytes / 64) * 64), 0),
  );
}

test('whatever is allocated and freed: pieces never overlap, start as zeros, keep their bytes, and come back as one block', () => {
  const step = fc.oneof(
    fc.record({ allocate: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200_000 })) }),
    fc.record({ free: fc.nat() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(), (steps, order) => {
      const heap = new Heap();
      const pieces: Piece[] = [];
      const free = (which: number): void => {
        const [piece] = pieces.splice(which % pieces.length, 1);
        heap.free(piece.address);
      };
      steps.forEach((action, k) => {
        if ('allocate' in action) {
          const bytes = action.allocate;
          const address = heap.allocate(bytes);
          expect(heap.bytes(address, bytes).every((byte) => byte === 0)).toBe(true);
          heap.bytes(address, bytes).fill((k % 255) + 1);
          pieces.push({ address, bytes, mark: (k % 255) + 1 });
        } else if (pieces.length > 0) free(action.free);
        checkHeap(heap, pieces);
      });
      while (pieces.length > 0) free(order + pieces.length);
      expect(heap.used).toBe(0);
      // All of it in one piece fits without growing: what was free is one block again.
      const { byteLength } = heap.memory.buffer;
      expect(heap.allocate(byteLength - PAGE - 64)).toBe(PAGE);
      expect(heap.memory.buffer.byteLength).toBe(byteLength);
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('freed memory is used again, the first that fits; freeing twice or what was never given does nothing', () => {
  const heap = new Heap();
  const [a, b, c] = [1000, 2000, 3000].map((bytes) => heap.allocate(bytes));
  heap.free(b);
  heap.free(b);
  heap.free(12_345);
  heap.free(0);
  expect(heap.allocate(1500)).toBe(b);
  expect(heap.allocate(2500)).toBeGreaterThan(c);
  heap.free(a);
  expect(heap.allocate(64)).toBe(a);
});

test('memory that cannot be had is E_MEMORY, and the heap goes on working', () => {
  const heap = new Heap();
  const a = heap.allocate(100);
  expect(() => heap.allocate(5e9)).toThrow(expect.objectContaining({ code: 'E_MEMORY' }) as Error);
  expect(heap.allocate(100)).toBe(a + 128);
  expect(heap.used).toBe(256);
});

test('an allocation gives back its own pieces and no others', () => {
  const heap = new Heap();
  const [mine, yours] = [new Allocation(heap), new Allocation(heap)];
  const first = mine.floats(10);
  const second = yours.bytes(10);
  mine.free(second);
  expect(heap.used).toBe(128);
  mine.floats(1000);
  mine.freeAll();
  mine.freeAll();
  expect(heap.used).toBe(64);
  expect(yours.floats(10)).toBe(first);
});

test('a network that cannot be had is E_MEMORY and leaves nothing behind', () => {
  const engine = createWasmEngine();
  const spec = network(64, [64, 2 ** 25], 10);
  expect(() => engine.createNetwork(spec)).toThrow(expect.objectContaining({ code: 'E_MEMORY' }) as Error);
  expect(engine.memoryInUse).toBe(0);
});

test('1,000 networks made, trained a step and disposed of: nothing in use after each, the memory as large as after the first', () => {
  const random = new Random(1, 'thousand');
  const engine = createWasmEngine();
  const spec = network(784, [32, 16], 10, { activation: 'gelu' }, { scale: 1 / 255 });
  const images = pixels(8, 784, random);
  const targets = classes(8, 10, random);
  const sizes = new Set<number>();
  for (let k = 0; k < 1000; k++) {
    const net = engine.createNetwork(spec);
    net.setOptimizer({ name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 });
    const rows = net.createRows(images);
    net.trainBatch(rows, targets, firstRows(8));
    net.gradients(rows, targets, firstRows(3));
    net.predict(rows);
    expect(engine.memoryInUse).toBeGreaterThan(0);
    if (k % 2) rows.dispose();
    net.dispose();
    rows.dispose();
    expect(engine.memoryInUse).toBe(0);
    sizes.add(engine.memorySize);
  }
  expect(sizes.size).toBe(1);
});

test('a batch for which memory ends midway is E_MEMORY each time; a smaller one works, and all is given back', () => {
  const engine = createWasmEngine();
  const net = engine.createNetwork(network(64, [64, 2 ** 17], 10));
  const random = new Random(1, 'midway');
  const few = net.createRows(pixels(2, 64, random));
  const expected = net.predict(few);
  const many = net.createRows(pixels(8192, 64, random));
  const targets = classes(8192, 10, random);
  net.setOptimizer({ name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false });
  for (let k = 0; k < 2; k++) {
    expect(() => net.trainBatch(many, targets, firstRows(8192))).toThrow(
      expect.objectContaining({ code: 'E_MEMORY' }) as Error,
    );
    expect(net.predict(few)).toEqual(expected);
  }
  few.dispose();
  many.dispose();
  net.dispose();
  expect(engine.memoryInUse).toBe(0);
});
