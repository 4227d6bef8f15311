import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableFile } from '../fixtures/serving.ts';
import { InferenceThreads } from './threads.ts';

const hash = 'table';
let threads: InferenceThreads;
beforeAll(async () => {
  threads = new InferenceThreads(1, { error: () => undefined } as never);
  await threads.load({ hash, bytes: tableFile(), kind: 'classes', hasNone: false, temperature: 1 });
});
afterAll(() => threads.close());

/** Behind what a batch of so few needs; it shows memory that was used before. */
const MARK = 4000;

/** One batch in this memory: an input of five numbers. */
function batch(memory: ArrayBuffer, model = hash): Promise<unknown> {
  new Uint8Array(memory)[MARK] = 1;
  return threads.run(model, new Float32Array(memory, 0, 5).fill(9), 1);
}

const isMarked = (memory: ArrayBuffer): boolean => new Uint8Array(memory)[MARK] === 1;

test('memory is of a power of two of bytes, 4,096 at least', () => {
  const sizes = [1, 4096, 4097, 200_704].map((bytes) => threads.memory(bytes).byteLength);
  expect(sizes).toEqual([4096, 4096, 8192, 262_144]);
});

test('the memory of a batch is used for one of the same size again, without the images that were in it, also where the network failed', async () => {
  const first = threads.memory(20);
  expect(isMarked(first)).toBe(false);
  await batch(first);
  expect(first.byteLength).toBe(0);
  expect(isMarked(threads.memory(5000))).toBe(false);
  const second = threads.memory(20);
  expect(isMarked(second)).toBe(true);
  expect([...new Float32Array(second, 0, 5)]).toEqual([0, 0, 0, 0, 0]);
  expect(isMarked(threads.memory(20))).toBe(false);
  await expect(batch(second, 'unknown')).rejects.toThrow();
  const third = threads.memory(20);
  expect(isMarked(third)).toBe(true);
  expect([...new Float32Array(third, 0, 5)]).toEqual([0, 0, 0, 0, 0]);
});

test('of six batches at the same time the memory of four is kept', async () => {
  await Promise.all(Array.from({ length: 6 }, () => batch(new ArrayBuffer(4096))));
  const kept = Array.from({ length: 6 }, () => isMarked(threads.memory(20)));
  expect(kept).toEqual([true, true, true, true, false, false]);
});
