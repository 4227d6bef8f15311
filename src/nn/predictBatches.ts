import { inSteps, parts } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import { asBatch, type Batches } from './batches.ts';
import { breather } from './breather.ts';
import { ofBatch, requireSome, untilAborted } from './eachBatch.ts';
import type { Model } from './model.ts';
import { predictInTurns } from './predict.ts';

/** Some milliseconds. */
const COPIED_AT_A_TIME = 1 << 21;

/** Outputs for batches of inputs, one after the other. */
export async function predictBatches(
  model: Model,
  batches: Batches<Tensor>,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const breathe = breather(signal);
  const answered: Float32Array[] = [];
  for await (const batch of untilAborted(batches, signal)) {
    const answer = async (): Promise<Float32Array> =>
      predictInTurns(model, asBatch(batch, model.inputShape).inputs, breathe);
    answered.push(await ofBatch(answered.length, answer));
  }
  requireSome('predict', answered.length);
  const data = new Float32Array(answered.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const outputs of answered) {
    const first = at;
    const joining = parts(outputs.length, COPIED_AT_A_TIME, (from, to) => {
      data.set(outputs.subarray(from, to), first + from);
    });
    await inSteps(joining, breathe);
    at += outputs.length;
  }
  return data;
}
