import type { Activation, ActivationParameter } from './activation.ts';
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { leakyRelu } from './leakyRelu.ts';
import { linear } from './linear.ts';
import { relu } from './relu.ts';
import { selu } from './selu.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softmax } from './softmax.ts';
import { softplus } from './softplus.ts';
import { softsign } from './softsign.ts';
import { tanh } from './tanh.ts';

/** Every activation by its name. */
export const ACTIVATIONS = {
  linear,
  relu,
  leakyRelu,
  elu,
  selu,
  gelu,
  silu,
  softplus,
  softsign,
  sigmoid,
  tanh,
  softmax,
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof ACTIVATIONS;
/** Those of single numbers that have kernels. */
export type ElementwiseName = Exclude<ActivationName, 'linear' | 'softmax'>;
/** Those with a parameter, which their kernels take first. */
export type ParametricName = {
  [N in ActivationName]: (typeof ACTIVATIONS)[N] extends { readonly parameter: object } ? N : never;
}[ActivationName];

export function parameterOf(name: ActivationName): ActivationParameter | undefined {
  return (ACTIVATIONS[name] as Activation).parameter;
}

export function isParametric(name: ActivationName): name is ParametricName {
  return parameterOf(name) !== undefined;
}
