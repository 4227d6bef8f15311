import { gradientsOfInputs } from '../../engine/inputGradients.ts';
import type { Sequential } from '../../nn/sequential.ts';
import type { Tensor } from '../../util/tensor.ts';
import { requireFields } from '../../util/options.ts';
import { checkTensor } from '../../util/tensor.ts';
import { rescalingOf } from './splitNetwork.ts';
import { checkTarget, seedOf, type Target } from './target.ts';

/**
 * ∂F/∂x of the target F with respect to the pixels x as the first layer reads them (0 to 1 for bytes behind `Rescaling(1 / 255)`),
 * [n][pixels]: how much the score would change if a pixel changed a little. Simonyan et al. 2014, with the sign kept.
 */
export function gradient(model: Sequential, images: Tensor, target: Target): Float32Array {
  requireFields('gradient: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('gradient: target', ['classes'], target);
  checkTarget(target, images.shape[0], model.outputs);
  return model.withRows(images, (rows) => gradientsOfInputs(model.network, rows, seedOf(target)));
}

/** x · ∂F/∂x, [n][pixels]: exact contributions where the network is linear, a first guess elsewhere (Shrikumar et al. 2016). */
export function gradientTimesInput(model: Sequential, images: Tensor, target: Target): Float32Array {
  requireFields('gradientTimesInput: model', ['predict', 'network'], model);
  checkTensor(images, 'images');
  requireFields('gradientTimesInput: target', ['classes'], target);
  const { scale, offset } = rescalingOf(model.layers);
  const maps = gradient(model, images, target);
  for (let i = 0; i < maps.length; i++) maps[i] *= images.data[i] * scale + offset;
  return maps;
}
