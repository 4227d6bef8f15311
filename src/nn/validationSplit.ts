import { DactylError } from '../util/errors.ts';
import { isNumber, requireType } from '../util/options.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';
import type { FitOptions } from './fitOptions.ts';
import { type Labels, labelTensor } from './losses.ts';
import { type SampleWeights, sampleWeights } from './weights.ts';

interface Split {
  readonly inputs: Tensor;
  readonly labels: Labels;
  readonly options: FitOptions;
}

/** Training on the first ⌊n (1 − validationSplit)⌋ examples and validation on the rest, as Keras cuts them; views, not copies. E_ARGUMENT where either is empty. */
export function splitOff(inputs: Tensor, labels: Labels, options: FitOptions): Split {
  const { validationSplit, ...rest } = options;
  if (validationSplit === undefined) return { inputs, labels, options };
  const isShare = isNumber(validationSplit, (x) => x > 0 && x < 1);
  requireType('fit', 'validationSplit: a share between 0 and 1', isShare, validationSplit);
  if (options.validationData !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      'fit: expected validationSplit or validationData; received both. Leave one out.',
    );
  }
  const [count] = inputs.shape;
  const cut = Math.floor(count * (1 - validationSplit));
  if (cut === 0 || cut === count) {
    throw new DactylError(
      'E_ARGUMENT',
      `fit: validationSplit ${validationSplit} leaves ${cut} of ${count} examples for training and ${count - cut} for validation; expected at least one each.`,
    );
  }
  const tensor = labelTensor(labels);
  const { sampleWeight } = rest;
  const weights = sampleWeight && sampleWeights(sampleWeight, count);
  const validation: [Tensor, Labels, SampleWeights?] = [part(inputs, cut, count), part(tensor, cut, count)];
  if (weights) validation.push(weights.subarray(cut));
  return {
    inputs: part(inputs, 0, cut),
    labels: part(tensor, 0, cut),
    options: {
      ...rest,
      ...(weights && { sampleWeight: weights.subarray(0, cut) }),
      validationData: validation,
    },
  };
}

/** Rows `from` to before `to`. */
function part({ data, shape }: Tensor, from: number, to: number): Tensor {
  const width = sizeOf(shape.slice(1));
  return { data: data.subarray(from * width, to * width), shape: [to - from, ...shape.slice(1)] };
}
