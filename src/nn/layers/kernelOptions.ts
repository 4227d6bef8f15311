import * as form from '../../util/form.ts';
import { requireType } from '../../util/options.ts';
import { INITIALIZERS, type InitializerName } from '../initializers/initializers.ts';
import { resolveName } from '../names.ts';
import {
  ACTIVATION_FIELDS,
  type ActivationFields,
  type ActivationOption,
  resolveActivation,
} from './activations.ts';
import type { LayerOptions } from './layer.ts';

/** What layers with a kernel have in common: an activation, a bias. */
export interface KernelOptions extends LayerOptions {
  activation?: ActivationOption;
  useBias?: boolean;
  biasInitializer?: InitializerName | (string & {});
}

/** The same as layers hold it. */
export interface KernelFields extends ActivationFields {
  readonly useBias: boolean;
  readonly biasInitializer: InitializerName;
}

export const KERNEL_FIELDS = { ...ACTIVATION_FIELDS, useBias: form.flag, biasInitializer: form.text };

/** Keras' defaults: linear, with a bias of zeros. */
export function resolveKernelOptions(layer: string, options: KernelOptions): KernelFields {
  const { activation = 'linear', useBias = true, biasInitializer = 'zeros' } = options;
  requireType(layer, 'useBias: true or false', typeof useBias === 'boolean', useBias);
  return {
    ...resolveActivation(layer, activation),
    useBias,
    biasInitializer: resolveInitializer(biasInitializer),
  };
}

export function resolveInitializer(name: InitializerName | (string & {})): InitializerName {
  return resolveName('initializer', INITIALIZERS, name);
}
