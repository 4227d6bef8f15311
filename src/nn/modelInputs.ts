import type { Augmentation, Network, Rows, Targets } from '../engine/engine.ts';
import { DactylError } from '../util/errors.ts';
import type { Steps } from '../util/steps.ts';
import { checkTensor, formatShape, plainBytes, sizeOf, type Tensor } from '../util/tensor.ts';
import { fitsShape } from './batches.ts';
import { type Labels, labelTensor } from './losses.ts';
import { checkFiniteInSteps } from './numeric.ts';
import type { Objective } from './objective.ts';
import { type SampleWeights, weighTargets } from './weights.ts';

/** Inputs [n, …inputShape], checked, where the network reads them. */
export function* rowsOf(
  network: Network,
  inputShape: readonly number[],
  inputs: Tensor,
  augmentation?: Augmentation,
): Steps<Rows> {
  checkTensor(inputs, 'inputs');
  if (inputs.shape.length === 0 || inputs.shape[0] === 0 || !fitsShape(inputs.shape.slice(1), inputShape)) {
    throw new DactylError(
      'E_SHAPE',
      `inputs: expected shape ${formatShape([null, ...inputShape])} with at least one row, received ${formatShape(inputs.shape)}.`,
    );
  }
  yield* checkFiniteInSteps(inputs, 'inputs');
  return yield* network.prepareRows(plainBytes(inputs), augmentation);
}

/** Labels, one row and perhaps one weight for each of the inputs, as the engine compares with them. */
export function* targetsOf(
  objective: Objective,
  outputShape: readonly number[],
  inputs: Tensor,
  labels: Labels,
  sampleWeight?: SampleWeights,
): Steps<Targets> {
  checkTensor(inputs, 'inputs');
  const tensor = labelTensor(labels);
  if (tensor.shape[0] !== inputs.shape[0]) {
    throw new DactylError(
      'E_SHAPE',
      `labels: expected ${inputs.shape[0]} rows, as many as the inputs have; received ${tensor.shape[0]}.`,
    );
  }
  const outputs = sizeOf(outputShape);
  const alike = tensor.shape.length > 2 && String(tensor.shape.slice(1)) === String(outputShape);
  const flat = alike ? { data: tensor.data, shape: [tensor.shape[0], outputs] } : tensor;
  return weighTargets(yield* objective.targets(flat, outputs), sampleWeight, inputs.shape[0]);
}
