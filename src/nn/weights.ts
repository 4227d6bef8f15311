import type { Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions, isFloat32, isNumber, isNumbers, requireType } from '../util/options.ts';
import { isTensorData, type Tensor } from '../util/tensor.ts';
import { classOf } from './metrics/metric.ts';

/** One weight >= 0 for each example. */
export type SampleWeights = Tensor | ArrayLike<number>;

/** What an example counts by its class; 1 for classes that are not named. */
export type ClassWeights = Readonly<Record<number, number>>;

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
  return Float64Array.from(numbers, (weight: unknown, index) => {
    if (isNumber(weight, (x) => x >= 0 && isFloat32(x))) return weight as number;
    throw new DactylError(
      'E_ARGUMENT',
      `sampleWeight[${index}]: expected a finite float32 number >= 0, received ${String(weight)}.`,
    );
  });
}

/** As a tensor of float64. */
export function weightTensor(weights: SampleWeights): Tensor<Float64Array> {
  const data = Float64Array.from('data' in weights ? weights.data : weights);
  return { data, shape: [data.length] };
}

/** Of each example by its class, the largest target where there are several; E_ARGUMENT for what is no weight of a class. */
function classWeights(weights: ClassWeights, targets: Targets, count: number, width: number): Float64Array {
  const classes = Math.max(2, width);
  const known = Array.from({ length: classes }, (_, k) => String(k));
  checkOptions('classWeight', known, weights);
  for (const [name, weight] of Object.entries(weights) as [string, unknown][]) {
    requireType(
      `classWeight[${name}]`,
      'a finite float32 number >= 0',
      isNumber(weight, (x) => x >= 0 && isFloat32(x)),
      weight,
    );
  }
  return Float64Array.from({ length: count }, (_, s) => {
    const own = width === 1 && targets.kind === 'values' ? targets.values[s] : classOf(targets, s, width);
    return weights[own] ?? 1;
  });
}

/** Weighted targets: by sample or by class, not by both, as Keras. */
export function weighTargets(
  targets: Targets,
  {
    sampleWeight,
    classWeight,
  }: { readonly sampleWeight?: SampleWeights; readonly classWeight?: ClassWeights },
  count: number,
  width: number,
): Targets {
  if (sampleWeight !== undefined && classWeight !== undefined) {
    throw new DactylError(
      'E_ARGUMENT',
      'fit: expected sampleWeight or classWeight; received both. Multiply the one into the other.',
    );
  }
  if (sampleWeight !== undefined) return { ...targets, weights: sampleWeights(sampleWeight, count) };
  if (classWeight !== undefined)
    return { ...targets, weights: classWeights(classWeight, targets, count, width) };
  return targets;
}
