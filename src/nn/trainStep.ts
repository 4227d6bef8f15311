import type { BatchResult, Network, Rows, Targets } from '../engine/engine.ts';
import { inSteps } from '../util/steps.ts';
import type { Breathe } from './breather.ts';

/** Steps that take longer are divided. */
const LONG_MS = 12;

export type TrainStep = (
  rows: Rows,
  targets: Targets,
  batch: Uint32Array,
) => BatchResult | Promise<BatchResult>;

/** Takes a network's steps: where the last one was long, or there was none, events are let through between the ops of the next. The bits are the same. */
export function trainStep(network: Network, breathe: Breathe): TrainStep {
  let took = Infinity;
  return (rows, targets, batch) => {
    const begun = performance.now();
    if (took > LONG_MS) {
      return inSteps(network.trainBatchInSteps(rows, targets, batch), breathe).finally(() => {
        took = performance.now() - begun;
      });
    }
    const result = network.trainBatch(rows, targets, batch);
    took = performance.now() - begun;
    return result;
  };
}
