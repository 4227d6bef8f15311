import { DactylError } from '../util/errors.ts';
import { describe } from '../util/describe.ts';
import { checkTensor, formatShape, sizeOf, type Tensor } from '../util/tensor.ts';
import { throwIfAborted } from './breather.ts';
import { type Labels, labelTensor } from './losses.ts';
import type { SampleWeights } from './weights.ts';

/** Batches one after the other; arrays of them, generators and streams alike. */
export type Batches<T> = AsyncIterable<T> | Iterable<T>;

/** Inputs [n, …] with their labels, and weights if there are any. */
export type LabelledBatch = readonly [inputs: Tensor, labels: Labels, sampleWeight?: SampleWeights];

/** Whether it can be asked for batches. A tensor is none. */
export function isBatches(value: unknown): value is Batches<unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** The same batches, until `signal` aborts (E_ABORTED), also while one is waited for that never comes. */
export async function* untilAborted<T>(
  batches: Batches<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  if (!signal) {
    yield* batches;
    return;
  }
  throwIfAborted(signal);
  let stop = (): void => undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => {
      resolve('aborted');
    };
  });
  signal.addEventListener('abort', stop);
  const iterator = all(batches);
  let waiting = false;
  try {
    for (;;) {
      waiting = true;
      const next = await Promise.race([iterator.next(), aborted]);
      throwIfAborted(signal);
      waiting = false;
      if (next === 'aborted' || next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    const closed = iterator.return(undefined);
    // One that is still making its batch ends when it can.
    if (waiting) closed.catch(() => undefined);
    else await closed;
  }
}

async function* all<T>(batches: Batches<T>): AsyncGenerator<T> {
  yield* batches;
}

/** [inputs, labels] or [inputs, labels, sampleWeight]; E_ARGUMENT for anything else. */
export function labelledBatch(batch: unknown, number: number): LabelledBatch {
  if (Array.isArray(batch) && (batch.length === 2 || batch.length === 3))
    return batch as unknown as LabelledBatch;
  throw new DactylError(
    'E_ARGUMENT',
    `batches: expected [inputs, labels] or [inputs, labels, sampleWeight]; received ${describe(batch)} as batch ${number}.`,
  );
}

/** One example without its batch becomes a batch of one. What reads as a batch is one. */
export function asBatch(inputs: Tensor, inputShape: readonly number[]): { inputs: Tensor; single: boolean } {
  checkTensor(inputs, 'inputs');
  const { data, shape } = inputs;
  const single = shape.length > 0 && !fitsShape(shape.slice(1), inputShape) && fitsShape(shape, inputShape);
  return single ? { inputs: { data, shape: [1, ...shape] }, single } : { inputs, single };
}

/** The same extents but for those of 1, or one of the two flat: what row-major order cannot mistake. */
export function fitsShape(received: readonly number[], expected: readonly number[]): boolean {
  if (sizeOf(received) !== sizeOf(expected)) return false;
  const [a, b] = [received, expected].map((shape) => shape.filter((extent) => extent !== 1));
  return a.length <= 1 || b.length <= 1 || formatShape(a) === formatShape(b);
}

/** The label of one example as a batch of one: [1], or [1, …]. */
export function asLabelBatch(labels: Labels, single: boolean): Labels {
  if (!single) return labels;
  const tensor = labelTensor(labels);
  return tensor.shape[0] === 1 ? tensor : { data: tensor.data, shape: [1, ...tensor.shape] };
}

/** E_ARGUMENT where there was no batch. */
export function requireSome(what: string, batches: number): void {
  if (batches > 0) return;
  throw new DactylError('E_ARGUMENT', `${what}: expected at least one batch; received none.`);
}
