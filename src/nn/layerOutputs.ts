import { describe } from '../util/describe.ts';
import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';
import { requireFields } from '../util/options.ts';
import { checkTensor, type Tensor } from '../util/tensor.ts';
import type { PlannedLayer } from './plan.ts';
import type { Sequential } from './sequential.ts';

/**
 * What the layer called `name` gives for inputs [n, …]: [n, …its output shape], dropout off. E_ARGUMENT for a name that no layer has (`summary()` shows
 * them), E_NUMERIC where a value is not finite.
 */
export function layerOutputs(model: Sequential, inputs: Tensor, name: string): Tensor<Float32Array> {
  requireFields('layerOutputs: model', ['plannedLayers', 'network'], model);
  checkTensor(inputs, 'inputs');
  const layer = model.plannedLayers.find((one) => one.name === name);
  const names = model.plannedLayers.filter(({ steps }) => steps > 0).map((one) => one.name);
  if (!layer || layer.steps === 0) {
    const meant = typeof name === 'string' ? likelyMeant(name, names) : undefined;
    throw new DactylError(
      'E_ARGUMENT',
      `layerOutputs: expected the name of a layer that computes, of ${names.join(', ')}; received ${describe(name)}${meant === undefined ? '' : ` (nearest: ${meant})`}.`,
    );
  }
  const data = model.withRows(inputs, (rows) => model.network.outputsOf(rows, layer.steps));
  return { data, shape: [inputs.shape[0], ...layer.shape] };
}

/** The layers with weights, from below; the last gives the logits. Their outputs are those after their own activation. */
export function weightedLayers({ plannedLayers }: Sequential): PlannedLayer[] {
  return plannedLayers.filter(({ arrays }) => arrays > 0);
}
