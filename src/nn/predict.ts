import { DactylError } from '../util/errors.ts';
import { inSteps, type Steps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Breathe } from './breather.ts';
import { type Model, UNUSABLE } from './model.ts';
import { findInSteps, notFinite } from './numeric.ts';

/** Outputs for inputs [n, …], [n][values]; others have a turn now and then. E_NUMERIC where one is not finite. */
export async function predictInTurns(model: Model, inputs: Tensor, breathe: Breathe): Promise<Float32Array> {
  const rows = await inSteps(model.prepareRows(inputs), breathe);
  try {
    const outputs = await inSteps(model.network.predictInSteps(rows), breathe);
    return await inSteps(answers(outputs, model.outputs), breathe);
  } finally {
    rows.dispose();
  }
}

/** Outputs, which have to be numbers. */
export function* answers(data: Float32Array, width: number): Steps<Float32Array> {
  const bad = yield* findInSteps(data, notFinite);
  if (bad < 0) return data;
  throw new DactylError(
    'E_NUMERIC',
    `predict: the answer to inputs[${Math.floor(bad / width)}] holds ${data[bad]}. ${UNUSABLE}`,
  );
}
