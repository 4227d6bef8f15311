import { DactylError } from '../util/errors.ts';
import { parts, type Steps } from '../util/steps.ts';
import { sizeOf } from '../util/tensor.ts';
import type { Rows } from './engine.ts';
import { consecutive } from '../util/consecutive.ts';
import { EVALUATION_ROWS, type Pass } from './pass.ts';

/** Some milliseconds. */
const VALUES_AT_A_TIME = 1 << 20;

/** See `Network.meanPredictions`; `chooser` reads the rows for all of them. */
export function* meanPredictions(
  chooser: Pass,
  rows: Rows,
  others: readonly (Pass | undefined)[],
): Steps<Float32Array> {
  const { width } = chooser.last;
  const passes = others.map((pass) => requireRelated(chooser, pass));
  const sum = new Float32Array(rows.count * width);
  const own = new Float32Array(EVALUATION_ROWS * width);
  const size = Math.min(...passes.map(({ chunk }) => chunk));
  const answer = function* (from: number): Steps<void> {
    const batch = consecutive(from, Math.min(size, rows.count - from));
    const { length } = batch;
    const part = sum.subarray(from * width, (from + length) * width);
    const chosen = yield* chooser.choose(rows, batch);
    const mixed = chosen.kind === 'sparse' && passes.some(({ readsSparse }) => !readsSparse);
    const plain = mixed ? yield* chooser.withZeros(length) : chosen;
    for (const pass of passes) {
      const add = function* (): Steps<void> {
        yield* pass.resize(length);
        const inputs = pass.readsSparse ? chosen : plain;
        yield* pass.unpad(yield* pass.forward(inputs, length, false), pass.last, length, own);
        for (let i = 0; i < part.length; i++) part[i] += own[i];
      };
      // One that teaches itself is apart as it is.
      yield* pass === chooser ? add() : pass.apart(add());
    }
  };
  for (let from = 0; from < rows.count; from += size) yield* chooser.apart(answer(from));
  yield* parts(sum.length, VALUES_AT_A_TIME, (from, to) => {
    for (let i = from; i < to; i++) sum[i] /= passes.length;
  });
  return sum;
}

/** E_SHAPE unless `other` can read what `pass` has chosen, and answers in the same form. */
function requireRelated(pass: Pass, other: Pass | undefined): Pass {
  const { shape, scale, offset } = pass.spec;
  const fits =
    other?.context.heap === pass.context.heap &&
    other.inputs.width === pass.inputs.width &&
    other.spec.scale === scale &&
    other.spec.offset === offset &&
    other.last.width === pass.last.width;
  if (fits) {
    other.requireAlive();
    return other;
  }
  throw new DactylError(
    'E_SHAPE',
    `Networks that answer together: expected ${sizeOf(shape)} inputs with scale ${scale} and offset ${offset} and ${pass.last.width} outputs, in one engine; received another.`,
  );
}
