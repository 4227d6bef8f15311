import {
  ACTIVATIONS,
  type ActivationName,
  isParametric,
  parameterOf,
  type ParametricName,
} from '../../engine/activations/activations.ts';
import type { Step } from '../../engine/op.ts';
import { activation as activationStep } from '../../engine/ops/activation.ts';
import * as form from '../../util/form.ts';
import { checkOptions, requireType } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import { isPenalty, requireFlat, requireLayerNumber } from './layer.ts';

/** `{ name: 'leakyRelu', negativeSlope: 0.1 }` */
type Parametrized = {
  [N in ParametricName]: { name: N } & {
    [K in (typeof ACTIVATIONS)[N]['parameter']['option']]?: number;
  };
}[ParametricName];
export type ActivationOption = ActivationName | (string & {}) | Parametrized;

/** An activation as layers hold it. */
export interface ActivationFields {
  readonly activation: ActivationName;
  /** Negative slope of leakyRelu, alpha of elu; 0 where the activation has none. */
  readonly parameter: number;
}

export const ACTIVATION_FIELDS = { activation: form.text, parameter: form.finite };

/** Parameters default to Keras 3's. */
export function resolveActivation(layer: string, option: ActivationOption): ActivationFields {
  if (typeof option !== 'object' || option === (null as unknown)) {
    const activation = resolveName('activation', ACTIVATIONS, option);
    return { activation, parameter: parameterOf(activation)?.usual ?? 0 };
  }
  const activation = resolveName('activation', ACTIVATIONS, option.name ?? option) as ParametricName;
  requireType(layer, `'${activation}' without a parameter`, isParametric(activation), option);
  const { option: key, usual } = ACTIVATIONS[activation].parameter;
  checkOptions(`The activation ${activation}`, ['name', key], option);
  const { [key]: parameter = usual } = option as { [name in typeof key]?: number };
  requireLayerNumber(layer, `a finite parameter >= 0 for ${activation}`, parameter, isPenalty);
  return { activation, parameter };
}

/** What `resolveActivation` makes the same fields of; plain data may lack them, or spell the name as elsewhere. */
export function activationOption({
  activation = 'linear',
  parameter,
}: Partial<ActivationFields>): ActivationOption {
  const name = resolveName('activation', ACTIVATIONS, activation);
  if (isParametric(name)) {
    const { option } = ACTIVATIONS[name].parameter;
    return { name, ...(parameter !== undefined && { [option]: parameter }) };
  }
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
  const own = parameterOf(activation);
  return own ? `${activation} (${own.option} ${parameter})` : activation;
}
