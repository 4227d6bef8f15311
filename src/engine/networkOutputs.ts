import type { Steps } from '../util/steps.ts';
import type { Rows } from './engine.ts';
import type { Pass } from './pass.ts';

/** What the first `steps` ops give for all rows, [n][values], dropout off. */
export function* outputsAfter(pass: Pass, rows: Rows, steps: number, inTurns = false): Steps<Float32Array> {
  const out = pass.stages[steps - 1].op.out;
  const output = new Float32Array(rows.count * out.width);
  const visit = (count: number, [first]: Uint32Array, address: number): Steps<void> =>
    pass.unpad(address, out, count, output.subarray(first * out.width));
  yield* pass.forEachChunk(rows, steps, visit, inTurns);
  return output;
}
