import { requireFinite } from '../util/finite.ts';
import { join } from '../util/members.ts';
import { atOnce } from '../util/steps.ts';
import { paddedRows } from './context.ts';
import type { LogitSeed, Network, Rows } from './engine.ts';
import { EVALUATION_ROWS, type Pass } from './pass.ts';

/** `Network.inputGradients`, and what it takes in a page's bundle. */
export function gradientsOfInputs(network: Network, rows: Rows, seed: LogitSeed): Float32Array {
  join('feature', 'inputGradients', inputGradients);
  return network.inputGradients(rows, seed);
}

/** See `Network.inputGradients`; `head`: ops up to the logits. */
export function inputGradients(pass: Pass, head: number, rows: Rows, seed: LogitSeed): Float32Array {
  pass.requireAlive();
  const { inputs, last, stages } = pass;
  const { width, stride } = last;
  const output = new Float32Array(rows.count * inputs.width);
  const logits = new Float32Array(EVALUATION_ROWS * width);
  const { heap, pieces } = pass.context;
  inputs.d = pieces.floats(EVALUATION_ROWS * inputs.stride);
  for (const { op } of stages) op.lendInputGradient?.(true);
  try {
    const visit = (count: number, batch: Uint32Array, z: number): void => {
      atOnce(pass.unpad(z, last, count, logits));
      const d = heap.float32(last.d, paddedRows(count) * stride).fill(0);
      for (let s = 0; s < count; s++) {
        const own = logits.subarray(s * width, (s + 1) * width);
        seed(batch[s], own, d.subarray(s * stride, s * stride + width));
      }
      atOnce(pass.backward(head, 0, count));
      const gradient = heap.float32(inputs.d, count * inputs.stride);
      for (let s = 0; s < count; s++) {
        const at = s * inputs.stride;
        output.set(gradient.subarray(at, at + inputs.width), batch[s] * inputs.width);
      }
    };
    atOnce(pass.forEachChunk(rows, head, visit, false));
  } finally {
    for (const { op } of stages) op.lendInputGradient?.(false);
    pieces.free(inputs.d);
    inputs.d = 0;
  }
  return requireFinite(output, 'Gradients with respect to the inputs');
}
