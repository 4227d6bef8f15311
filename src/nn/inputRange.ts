import type { Model } from './model.ts';
import type { Steps } from '../util/steps.ts';
import type { Tensor, TensorData } from '../util/tensor.ts';
import { findInSteps } from './numeric.ts';

/** A `Rescaling` by less than this is one for bytes. */
const SCALE_OF_BYTES = 1 / 100;

const warned = new WeakSet<Model>();

/** Warns, once a model, where values that lie in 0 … 1 already are divided by 255 once more: training succeeds, but poorly. */
export function* warnOfDoubleScaling(model: Model, { data }: Tensor): Steps<void> {
  if (warned.has(model)) return;
  const scale = model.layers.reduce((s, layer) => (layer.type === 'Rescaling' ? s * layer.scale : s), 1);
  if (scale === 0 || Math.abs(scale) > SCALE_OF_BYTES) return;
  let largest = 0;
  const outside = yield* findInSteps<TensorData>(data, (part) =>
    part.findIndex((x) => {
      largest = Math.max(largest, x);
      return !(x >= 0 && x <= 1);
    }),
  );
  if (outside >= 0 || largest === 0) return;
  warned.add(model);
  console.warn(
    `fit: the inputs lie in 0 to 1, and Rescaling multiplies them by ${Number(scale.toPrecision(3))}: they become ${Number((largest * scale).toPrecision(2))} at most. Give the images as bytes from 0 to 255, or leave Rescaling out.`,
  );
}
