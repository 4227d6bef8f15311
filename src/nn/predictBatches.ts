import type { Tensor } from '../util/tensor.ts';
import { asBatch, type Batches } from './batches.ts';
import { breather } from './breather.ts';
import { requireSome, untilAborted } from './eachBatch.ts';
import type { Model } from './model.ts';
import { predictInTurns } from './predict.ts';

/** Outputs for batches of inputs, one after the other. */
export async function predictBatches(
  model: Model,
  batches: Batches<Tensor>,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const breathe = breather(signal);
  const parts: Float32Array[] = [];
  for await (const batch of untilAborted(batches, signal)) {
    parts.push(await predictInTurns(model, asBatch(batch, model.inputShape).inputs, breathe));
  }
  requireSome('predict', parts.length);
  const data = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
    await breathe();
  }
  return data;
}
