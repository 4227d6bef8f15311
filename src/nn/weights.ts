import type { Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { isFloat32, isNumber, isNumbers, requireType } from '../util/options.ts';
import { isTensorData, type Tensor } from '../util/tensor.ts';

/** One weight >= 0 for each example. */
export type SampleWeights = Tensor | ArrayLike<number>;

/** A copy, checked: E_ARGUMENT, E_SHAPE unless there is one for each of `count` examples. */
export function sampleWeights(weights: SampleWeights, count: number): Float64Array {
  const isTensor = typeof weights === 'object' && weights !== (null as unknown) && 'data' in weights;
  const data: unknown = isTensor ? weights.data : weights;
  const fits = isTensor ? isTensorData(data) : isNumbers(data);
  requireType('sampleWeight', 'an array of numbers, one for each example', fits, weights);
  const numbers = data as ArrayLike<number>;
  if (numbers.length !== count) {
    throw new DactylError(
      'E_SHAPE',
      `sampleWeight: expected ${count} weights, as many as there are examples; received ${numbers.length}.`,
    );
  }
  const own = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    if (!isNumber(numbers[k], (x) => x >= 0 && isFloat32(x)))
      throw new DactylError(
        'E_ARGUMENT',
        `sampleWeight[${k}]: expected a finite float32 number >= 0, received ${String(numbers[k])}.`,
      );
    own[k] = numbers[k];
  }
  return own;
}

/** As a tensor of float64. */
export function weightTensor(weights: SampleWeights): Tensor<Float64Array> {
  const data = Float64Array.from('data' in weights ? weights.data : weights);
  return { data, shape: [data.length] };
}

/** Weighted targets, where there are weights. */
export function weighTargets(
  targets: Targets,
  sampleWeight: SampleWeights | undefined,
  count: number,
): Targets {
  return sampleWeight === undefined ? targets : { ...targets, weights: sampleWeights(sampleWeight, count) };
}
