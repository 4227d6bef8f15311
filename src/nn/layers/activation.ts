import type { ActivationFunctions } from '../../engine/ops/ownActivation.ts';
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
import { type OwnActivationLayer, ownActivationLayer } from './ownActivation.ts';

export interface ActivationLayer extends LayerData, ActivationFields {
  readonly type: 'Activation';
}

/**
 * y = f(x), element by element; softmax over the values of flat inputs. `activation` as in `Dense`, or functions of one's own,
 * `{ name, forward(x), derivative(x, y) }`.
 */
export function Activation(
  activation: ActivationOption,
  options?: Pick<LayerOptions, 'name'>,
): ActivationLayer;
export function Activation(
  activation: ActivationFunctions,
  options?: Pick<LayerOptions, 'name'>,
): OwnActivationLayer;
export function Activation(
  activation: ActivationOption | ActivationFunctions,
  options: Pick<LayerOptions, 'name'> = {},
): ActivationLayer | OwnActivationLayer {
  checkOptions('Activation', ['name'], options);
  if (isOwn(activation)) return ownActivationLayer(activation, options);
  return layerOf(ACTIVATION, resolveActivation('Activation', activation), options);
}

function isOwn(activation: unknown): activation is ActivationFunctions {
  return (
    typeof activation === 'object' &&
    activation !== null &&
    ('forward' in activation || 'derivative' in activation)
  );
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
