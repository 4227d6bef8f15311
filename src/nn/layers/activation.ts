import { checkOptions } from '../../util/options.ts';
import {
  ACTIVATION_FIELDS,
  type ActivationFields,
  activationOption,
  type ActivationOption,
  activationSteps,
  activationWords,
  resolveActivation,
} from './activations.ts';
import { type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface ActivationLayer extends LayerData, ActivationFields {
  readonly type: 'Activation';
}

/** y = f(x), element by element; softmax over the values of flat inputs. `activation` as in `Dense`. */
export function Activation(
  activation: ActivationOption,
  options: Pick<LayerOptions, 'name'> = {},
): ActivationLayer {
  checkOptions('Activation', ['name'], options);
  return layerOf(ACTIVATION, resolveActivation('Activation', activation), options);
}

export const ACTIVATION: LayerDefinition<ActivationLayer> = {
  type: 'Activation',
  fields: ACTIVATION_FIELDS,
  rebuild: ({ type: _, activation, parameter, ...options }) =>
    // Without a name there is no default: the function says so.
    Activation(
      (activation as unknown) === undefined ? activation : activationOption({ activation, parameter }),
      options,
    ),
  plan: (layer, shape) => ({ shape, steps: activationSteps('Activation', layer, shape) }),
  words: activationWords,
};
