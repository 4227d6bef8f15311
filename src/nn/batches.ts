import { checkTensor, sizeOf, type Tensor } from '../util/tensor.ts';
import { type Labels, labelTensor } from './losses.ts';
import type { SampleWeights } from './weights.ts';

/** Batches one after the other; arrays of them, generators and streams alike. */
export type Batches<T> = AsyncIterable<T> | Iterable<T>;

/** Inputs [n, …] with their labels, and weights if there are any. */
export type LabelledBatch = readonly [
  inputs: Tensor,
  labels: Labels,
  sampleWeight?: SampleWeights | undefined,
];

/** Whether it can be asked for batches. A tensor is none. */
export function isBatches(value: unknown): value is Batches<unknown> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
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
  return a.length <= 1 || b.length <= 1 || String(a) === String(b);
}

/** The label of one example as a batch of one: [1], or [1, …]. */
export function asLabelBatch(labels: Labels, single: boolean): Labels {
  if (!single) return labels;
  const tensor = labelTensor(labels);
  return tensor.shape[0] === 1 ? tensor : { data: tensor.data, shape: [1, ...tensor.shape] };
}
