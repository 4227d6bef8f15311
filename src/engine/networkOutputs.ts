import { DactylError } from '../util/errors.ts';
import { requireFinite } from '../util/finite.ts';
import type { Steps } from '../util/steps.ts';
import { sizeOf } from '../util/tensor.ts';
import { paddedRows } from './context.ts';
import type { LogitSeed, Rows } from './engine.ts';
import { consecutive, EVALUATION_ROWS, type Pass } from './pass.ts';

/** What the first `steps` ops give for all rows, or a range of them, [n][values], dropout off. */
export function outputsAfter(
  pass: Pass,
  rows: Rows,
  steps: number,
  range: readonly [from: number, to: number] = [0, rows.count],
): Float32Array {
  const out = pass.stages[steps - 1].op.out;
  const output = new Float32Array((range[1] - range[0]) * out.width);
  const visit = (count: number, [first]: Uint32Array, address: number): void => {
    pass.unpad(address, out, count, output.subarray((first - range[0]) * out.width));
  };
  pass.forEachChunk(rows, steps, visit, range);
  return output;
}

/** See `Network.meanPredictions`; `chooser` reads the rows for all of them. */
export function* meanPredictions(chooser: Pass, rows: Rows, passes: readonly Pass[]): Steps<Float32Array> {
  const { width } = chooser.last;
  const sum = new Float32Array(rows.count * width);
  const own = new Float32Array(EVALUATION_ROWS * width);
  for (let from = 0; from < rows.count; from += EVALUATION_ROWS) {
    const batch = consecutive(from, Math.min(EVALUATION_ROWS, rows.count - from));
    const { length } = batch;
    const part = sum.subarray(from * width, (from + length) * width);
    const chosen = chooser.choose(rows, batch);
    const mixed = chosen.kind === 'sparse' && passes.some(({ readsSparse }) => !readsSparse);
    const plain = mixed ? chooser.withZeros(length) : chosen;
    for (const pass of passes) {
      pass.resize(length);
      const inputs = pass.readsSparse ? chosen : plain;
      pass.unpad(pass.forward(inputs, length, false), pass.last, length, own);
      for (let i = 0; i < part.length; i++) part[i] += own[i];
    }
    yield;
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= passes.length;
  return sum;
}

/** E_SHAPE unless `other` can read what `pass` has chosen, and answers in the same form. */
export function requireRelated(pass: Pass, other: Pass | undefined): Pass {
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
    `Networks that answer together: expected ${sizeOf(shape)} inputs with scale ${scale} and offset ${offset} and ${pass.last.width} outputs, in one engine; received another one.`,
  );
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
    pass.forEachChunk(rows, head, (count, batch, z) => {
      pass.unpad(z, last, count, logits);
      const d = heap.float32(last.d, paddedRows(count) * stride).fill(0);
      for (let s = 0; s < count; s++) {
        const own = logits.subarray(s * width, (s + 1) * width);
        seed(batch[s], own, d.subarray(s * stride, s * stride + width));
      }
      pass.backward(head, 0, count);
      const gradient = heap.float32(inputs.d, count * inputs.stride);
      for (let s = 0; s < count; s++) {
        const at = s * inputs.stride;
        output.set(gradient.subarray(at, at + inputs.width), batch[s] * inputs.width);
      }
    });
  } finally {
    for (const { op } of stages) op.lendInputGradient?.(false);
    pieces.free(inputs.d);
    inputs.d = 0;
  }
  return requireFinite(output, 'Gradients with respect to the inputs');
}
