import { ACTIVATIONS, type ActivationName } from '../../engine/activations.ts';
import type { Step } from '../../engine/op.ts';
import { activation as activationStep } from '../../engine/ops/activation.ts';
import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import { isPenalty, requireFlat, requireLayerNumber } from './layer.ts';

type Parametrized = { name: 'leakyRelu'; negativeSlope?: number } | { name: 'elu'; alpha?: number };
export type ActivationOption = ActivationName | (string & {}) | Parametrized;

/** An activation as layers hold it. */
export interface ActivationFields {
  readonly activation: ActivationName;
  /** Negative slope of leakyRelu, alpha of elu; 0 otherwise. */
  readonly parameter: number;
}

export const ACTIVATION_FIELDS = { activation: form.text, parameter: form.finite };

/** Parameters default to Keras 3's: negative slope 0.2, alpha 1. */
export function resolveActivation(layer: string, option: ActivationOption): ActivationFields {
  if (typeof option !== 'object' || option === (null as unknown)) {
    const activation = resolveName('activation', ACTIVATIONS, option);
    return { activation, parameter: activation === 'leakyRelu' ? 0.2 : activation === 'elu' ? 1 : 0 };
  }
  const activation = resolveName('activation with a parameter', { leakyRelu: 0, elu: 0 }, option.name);
  const key = activation === 'elu' ? 'alpha' : 'negativeSlope';
  checkOptions(`The activation ${activation}`, ['name', key], option);
  const { [key]: parameter = activation === 'elu' ? 1 : 0.2 } = option as { [name in typeof key]?: number };
  requireLayerNumber(layer, `a finite parameter >= 0 for ${activation}`, parameter, isPenalty);
  return { activation, parameter };
}

/** What `resolveActivation` makes the same fields of; plain data may lack them, or spell the name as elsewhere. */
export function activationOption({
  activation = 'linear',
  parameter,
}: Partial<ActivationFields>): ActivationOption {
  const name = resolveName('activation', ACTIVATIONS, activation);
  if (name === 'leakyRelu') return { name, ...(parameter !== undefined && { negativeSlope: parameter }) };
  if (name === 'elu') return { name, ...(parameter !== undefined && { alpha: parameter }) };
  if (parameter !== undefined) {
    requireLayerNumber(`The activation ${name}`, 'no parameter, or 0', parameter, (x) => x === 0);
  }
  return name;
}

/** None for the linear one. Softmax wants flat inputs. */
export function activationSteps(
  layer: string,
  { activation, parameter }: ActivationFields,
  shape: readonly number[],
): Step[] {
  if (activation === 'linear') return [];
  if (activation === 'softmax') requireFlat(`${layer}, softmax`, shape);
  return [activationStep({ activation, parameter })];
}

export function activationWords({ activation, parameter }: ActivationFields): string {
  if (activation === 'leakyRelu') return `${activation} (slope ${parameter})`;
  return activation === 'elu' ? `${activation} (alpha ${parameter})` : activation;
}
