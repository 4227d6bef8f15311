import { decodeModel } from '../../nn/saved.ts';
import type { Sequential } from '../../nn/sequential.ts';
import { temper } from '../../reading/recognise.ts';
import { BEHIND } from './answers.ts';

/** What a thread has to know of a model. */
export interface NetworkFacts {
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly kind: 'digits' | 'classes';
  readonly hasNone: boolean;
  readonly temperature: number;
}

/** A model that computes. */
export interface LoadedNetwork extends Omit<NetworkFacts, 'bytes'> {
  readonly model: Sequential;
}

export function loadNetwork({ bytes, ...facts }: NetworkFacts): LoadedNetwork {
  // A model is decoded from memory of its own: nothing else could change it meanwhile.
  return { ...facts, model: decodeModel(bytes.slice(), facts.hash) };
}

/** Rows [count][classes + BEHIND]: calibrated probabilities, that of 'none' (0 without that class), the most probable label and the next; of equals the lower one. */
export function infer(
  network: LoadedNetwork,
  data: Uint8Array | Float32Array,
  count: number,
): Float64Array<ArrayBuffer> {
  const { model, hasNone, temperature, kind } = network;
  const outputs = model.predict({ data, shape: [count, ...model.inputShape] }).data;
  const classes = model.outputs - (hasNone ? 1 : 0);
  const width = classes + BEHIND;
  const rows = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const at = i * width;
    if (kind === 'digits') temper(outputs, i * model.outputs, model.outputs, temperature, rows, at);
    else for (let k = 0; k < classes; k++) rows[at + k] = outputs[i * classes + k];
    let [first, second] = rows[at + 1] > rows[at] ? [1, 0] : [0, 1];
    for (let k = 2; k < classes; k++) {
      if (rows[at + k] > rows[at + first]) [first, second] = [k, first];
      else if (rows[at + k] > rows[at + second]) second = k;
    }
    rows[at + width - 2] = first;
    rows[at + width - 1] = second;
  }
  return rows;
}
