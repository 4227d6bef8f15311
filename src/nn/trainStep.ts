import type { BatchResult, Network, Rows, Targets, TrainOptions } from '../engine/engine.ts';
import { inSteps } from '../util/steps.ts';
import type { Breathe } from './breather.ts';

/** Steps that take longer are divided. */
const LONG_MS = 12;

export type TrainStep = (
  rows: Rows,
  targets: Targets,
  batch: Uint32Array,
  options: TrainOptions,
) => BatchResult | Promise<BatchResult>;

/** Takes a network's steps: the first, and those that would be long at the pace of the last one, with stops at which events are let through. The bits are the same. */
export function trainStep(network: Network, breathe: Breathe): TrainStep {
  let msPerRow = Infinity;
  return (rows, targets, batch, options) => {
    const begun = performance.now();
    const timed = (result: BatchResult): BatchResult => {
      msPerRow = (performance.now() - begun) / batch.length;
      return result;
    };
    return msPerRow * batch.length <= LONG_MS
      ? timed(network.trainBatch(rows, targets, batch, options))
      : inSteps(network.trainBatchInSteps(rows, targets, batch, options), breathe).then(timed);
  };
}
