import { DactylError } from '../util/errors.ts';
import { inSteps } from '../util/steps.ts';
import type { Tensor } from '../util/tensor.ts';
import type { Breathe } from './breather.ts';
import { type Model, UNUSABLE } from './model.ts';
import { notFinite } from './numeric.ts';
import { rowsInTurns } from './turns.ts';

/** Outputs for inputs [n, …], [n][values]; others have a turn now and then. E_NUMERIC where one is not finite. */
export async function predictInTurns(model: Model, inputs: Tensor, breathe: Breathe): Promise<Float32Array> {
  const rows = await inSteps(model.prepareRows(inputs), breathe);
  try {
    const outputs = new Float32Array(rows.count * model.outputs);
    await rowsInTurns(rows.count, breathe, function* (range) {
      const data = yield* model.network.predictInSteps(rows, range);
      outputs.set(answers(data, model.outputs, range[0]), range[0] * model.outputs);
    });
    return outputs;
  } finally {
    rows.dispose();
  }
}

/** Outputs, from row `first` on, that are numbers. */
export function answers(data: Float32Array, width: number, first = 0): Float32Array {
  const bad = notFinite(data);
  if (bad < 0) return data;
  throw new DactylError(
    'E_NUMERIC',
    `predict: the answer to inputs[${first + Math.floor(bad / width)}] holds ${data[bad]}. ${UNUSABLE}`,
  );
}
