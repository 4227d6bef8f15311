import { afterEach, expect, test, vi } from 'vitest';
import { contextOf } from '../../../test/support/ops.ts';
import { expectSameBits } from '../../../test/support/trainStack.ts';
import { imageKernels } from '../imageModule.ts';
import { EngineThreads } from './engineThreads.ts';

interface Task {
  readonly cells: SharedArrayBuffer;
  readonly places: { readonly ASLEEP: number };
}

// A thread that sleeps is told of every command: what is its, is done then, before the caller does its own part.
vi.mock('./worker.ts', () => ({
  startHelper({ cells, places }: Task) {
    new Int32Array(cells)[places.ASLEEP] = 1;
    return { ready: Promise.resolve(), isAlive: () => true, end: () => undefined };
  },
}));

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([2, 3])(
  'no part of a call that one of %i threads has got is done before the calling one has written what it reads, over random stacks',
  async (count) => {
    const [alone, shared] = [contextOf(), contextOf()];
    imageKernels(shared.heap.memory);
    const threads = await new EngineThreads(shared.heap).start(count);
    let commands = 0;
    vi.spyOn(Atomics, 'notify').mockImplementation(() => {
      commands++;
      shared.heap.settle();
      return 0;
    });
    try {
      expectSameBits(alone, shared);
    } finally {
      threads.stop();
    }
    expect(commands).toBeGreaterThan(500);
  },
);
