import { dense as denseStep } from '../../engine/ops/dense.ts';
import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import type { InitializerName } from '../initializers/initializers.ts';
import { activationOption, activationSteps, activationWords } from './activations.ts';
import {
  KERNEL_FIELDS,
  type KernelFields,
  type KernelOptions,
  resolveInitializer,
  resolveKernelOptions,
} from './kernelOptions.ts';
import {
  COMMON_OPTIONS,
  isCount,
  type LayerData,
  type LayerDefinition,
  layerOf,
  requireFlat,
  requireLayerNumber,
} from './layer.ts';
import { type Regularizer, REGULARIZER_FIELDS, resolveRegularizer } from './regularizer.ts';

export interface DenseLayer extends LayerData, KernelFields {
  readonly type: 'Dense';
  readonly units: number;
  readonly kernelInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}

export interface DenseOptions extends KernelOptions {
  kernelInitializer?: InitializerName | (string & {});
  kernelRegularizer?: Partial<Regularizer>;
}

const OPTIONS = [
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  ...COMMON_OPTIONS,
] as const satisfies (keyof DenseOptions)[];

/**
 * y = activation(x kernel + bias), kernel [inputs][units]. Defaults are Keras': linear, bias, Glorot uniform, zeros.
 * `activation`: a name, or `{ name: 'leakyRelu', negativeSlope }` (0.2 by default), `{ name: 'elu', alpha }` (1).
 */
export function Dense(units: number, options: DenseOptions = {}): DenseLayer {
  requireLayerNumber('Dense', 'units: a whole number > 0', units, isCount);
  checkOptions('Dense', OPTIONS, options);
  const { kernelInitializer = 'glorotUniform', kernelRegularizer = {} } = options;
  const data = {
    units,
    ...resolveKernelOptions('Dense', options),
    kernelInitializer: resolveInitializer(kernelInitializer),
    kernelRegularizer: resolveRegularizer('Dense', kernelRegularizer),
  };
  return layerOf(DENSE, data, options);
}

export const DENSE: LayerDefinition<DenseLayer> = {
  type: 'Dense',
  fields: {
    units: form.integer,
    ...KERNEL_FIELDS,
    kernelInitializer: form.text,
    kernelRegularizer: REGULARIZER_FIELDS,
  },
  rebuild({ type: _, units, activation, parameter, ...options }) {
    return Dense(units, { ...options, activation: activationOption({ activation, parameter }) });
  },
  plan(layer, shape) {
    requireFlat('Dense', shape);
    const { units, useBias, kernelInitializer, biasInitializer, kernelRegularizer } = layer;
    const fans = { fanIn: shape[0], fanOut: units };
    const kernel = { name: 'kernel', shape: [shape[0], units], initializer: kernelInitializer, ...fans };
    const bias = { name: 'bias', shape: [units], initializer: biasInitializer, ...fans };
    return {
      shape: [units],
      steps: [
        denseStep({ units, useBias, ...kernelRegularizer }),
        ...activationSteps('Dense', layer, [units]),
      ],
      weights: useBias ? [kernel, bias] : [kernel],
    };
  },
  words: (layer) => `${layer.units} units, ${activationWords(layer)}`,
};
