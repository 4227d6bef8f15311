import { expect, test, vi } from 'vitest';
import { contextOf, randomRows } from '../../../test/support/ops.ts';
import { expectSameBits } from '../../../test/support/trainStack.ts';
import { Dense, Input } from '../../nn/layers.ts';
import { hashWeights } from '../../nn/modelWeights.ts';
import { planLayers } from '../../nn/plan.ts';
import { Random } from '../../util/random.ts';
import { atOnce, type Steps } from '../../util/steps.ts';
import type { Context } from '../context.ts';
import { imageKernels } from '../imageModule.ts';
import { WasmNetwork } from '../network.ts';
import { Choice } from './choice.ts';
import { EngineThreads } from './engineThreads.ts';

// As in team.test.ts: threads that never begin.
vi.mock('./worker.ts', () => ({
  startHelper: () => ({ ready: Promise.resolve(), isAlive: () => true, end: () => undefined }),
}));

vi.mock('./choice.ts', () => ({
  Choice: class {
    static made = 0;
    shared = true;
    constructor() {
      (this.constructor as { made?: number }).made!++;
    }
    stepped(): void {
      this.shared = !this.shared;
    }
  },
}));

test('steps that are shared and taken alone by turns give the same bits, over random stacks', async () => {
  const [alone, shared] = [contextOf(), contextOf()];
  imageKernels(shared.heap.memory);
  const threads = await new EngineThreads(shared.heap).start(2);
  let turns = 0;
  const { stepped } = shared.heap;
  shared.heap.stepped = () => {
    turns++;
    stepped();
  };
  try {
    expectSameBits(alone, shared);
  } finally {
    threads.stop();
  }
  expect(turns).toBeGreaterThan(100);
});

test('so they do where it changes amid the steps of another network', async () => {
  const { network: spec } = planLayers([Input([64]), Dense(64, { activation: 'relu' }), Dense(4)]);
  const make = (context: Context): { step: () => Steps<unknown>; hash: () => string } => {
    const network = new WasmNetwork(context, spec, () => undefined);
    const random = new Random(5, 'weights');
    network.setWeights(
      network.getWeights().map(({ length }) => randomRows(1, length, random)[0].map((w) => w / 16)),
    );
    network.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 });
    const data = Uint8Array.from({ length: 8 * 64 }, () => Math.max(0, random.integer(300) - 44));
    const rows = network.createRows({ data, shape: [8, 64] });
    const targets = { kind: 'classes', classes: Uint8Array.of(0, 1, 2, 3, 0, 1, 2, 3) } as const;
    return {
      step: () => network.trainBatchInSteps(rows, targets, Uint32Array.of(6, 2, 0, 7, 1, 5)),
      hash: () => atOnce(hashWeights(network.getWeights())),
    };
  };
  const train = (context: Context): string => {
    const [first, second] = [make(context), make(context)];
    // Of the first network's steps so many parts between two steps of the second, however many these are.
    for (const parts of [1, 2, 3, 4, 5, 7, 9]) {
      for (let [steps, k] = [first.step(), 0]; !steps.next().done; k++) {
        if (k % parts === 0) atOnce(second.step());
      }
    }
    return first.hash();
  };
  const [alone, shared] = [contextOf(), contextOf()];
  // A step between sorting a batch and what reads it.
  shared.heap.mostProducts = () => 4096;
  const threads = await new EngineThreads(shared.heap).start(2);
  try {
    expect(train(shared)).toBe(train(alone));
  } finally {
    threads.stop();
  }
});

test('what a run has found out goes for the next one of the same engine', async () => {
  const made = (): number => (Choice as { made?: number }).made!;
  const { heap } = contextOf();
  const before = made();
  for (let k = 0; k < 3; k++) (await new EngineThreads(heap).start(2)).stop();
  expect(made() - before).toBe(1);
  (await new EngineThreads(contextOf().heap).start(2)).stop();
  expect(made() - before).toBe(2);
});
