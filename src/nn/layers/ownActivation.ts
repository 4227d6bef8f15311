import { type ActivationFunctions, ownActivation } from '../../engine/ops/ownActivation.ts';
import { checkOptions, requireFunction, requireType } from '../../util/options.ts';
import { type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

/** A layer that holds functions, and so is no data: no file can have it. */
export interface OwnActivationLayer extends LayerData {
  readonly type: 'Activation';
  /** The functions' name. */
  readonly activation: string;
}

/** E_ARGUMENT unless it has a name and two functions. */
export function ownActivationLayer(
  functions: ActivationFunctions,
  options: Pick<LayerOptions, 'name'>,
): OwnActivationLayer {
  checkOptions('Activation', ['name', 'forward', 'derivative'], functions);
  const { name } = functions;
  requireType('Activation', 'name: text', typeof name === 'string' && name !== '', name);
  requireFunction('Activation: forward', functions.forward);
  requireFunction('Activation: derivative', functions.derivative);
  const definition: LayerDefinition<OwnActivationLayer> = {
    type: 'Activation',
    ownFunctions: true,
    fields: {},
    rebuild: (layer) => layer,
    plan: (_, shape) => ({ shape, steps: [ownActivation(functions)] }),
    words: ({ activation }) => activation,
  };
  return layerOf(definition, { activation: name }, options);
}
