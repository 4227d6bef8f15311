import fc from 'fast-check';
import { expect } from 'vitest';
import type { Context } from '../../src/engine/context.ts';
import { Allocation } from '../../src/engine/heap.ts';
import { lossRule } from '../../src/engine/losses/losses.ts';
import { WasmNetwork } from '../../src/engine/network.ts';
import { planLayers } from '../../src/nn/plan.ts';
import { bitsOf } from './networks.ts';
import { layersOf, LOSSES, made, RUNS, type Stack, stack } from './stacks.ts';

export interface StackRun {
  readonly bits: number[][];
  readonly results: number[];
  readonly stops: number;
}

/** Two steps of training a random stack, taken in steps. */
export function trainStack(given: Stack, context: Context): StackRun {
  const { weights, inputs, targets, batch, fast } = made(given);
  fast.dispose();
  const { network: spec } = planLayers(layersOf(given, 0.3));
  const { last: _, ...loss } = LOSSES[given.loss];
  const pieces = new Allocation(context.heap);
  const network = new WasmNetwork({ ...context, pieces }, spec, () => {
    pieces.freeAll();
  });
  network.setWeights(weights);
  network.setLoss(lossRule(loss));
  network.setOptimizer({ name: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 });
  const rows = network.createRows(inputs);
  const results: number[] = [];
  let stops = 0;
  for (let k = 0; k < 2; k++) {
    const steps = network.trainBatchInSteps(rows, targets, batch);
    for (;;) {
      const { done, value } = steps.next();
      if (done) {
        results.push(value.loss, value.correct);
        break;
      }
      stops++;
    }
  }
  const { lossSum, correct } = network.evaluate(rows, targets);
  results.push(lossSum, correct);
  const bits = bitsOf([...network.getWeights(), network.predict(rows)]);
  rows.dispose();
  network.dispose();
  return { bits, stops, results };
}

/** Over random stacks. */
export function expectSameBits(alone: Context, shared: Context): void {
  fc.assert(
    fc.property(stack, (given) => {
      const [expected, received] = [trainStack(given, alone), trainStack(given, shared)];
      expect(received.bits).toEqual(expected.bits);
      expect(received.results).toEqual(expected.results);
    }),
    RUNS,
  );
}
