import type { Steps } from '../util/steps.ts';
import type { Rows } from './engine.ts';
import type { Pass } from './pass.ts';

/** What the first `steps` ops give for all rows, or a range of them, [n][values], dropout off. */
export function* outputsAfter(
  pass: Pass,
  rows: Rows,
  steps: number,
  range: readonly [from: number, to: number] = [0, rows.count],
): Steps<Float32Array> {
  const out = pass.stages[steps - 1].op.out;
  const output = new Float32Array((range[1] - range[0]) * out.width);
  const visit = (count: number, [first]: Uint32Array, address: number): void => {
    pass.unpad(address, out, count, output.subarray((first - range[0]) * out.width));
  };
  yield* pass.forEachChunk(rows, steps, visit, range);
  return output;
}
