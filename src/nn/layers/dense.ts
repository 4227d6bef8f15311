import { dense as denseStep } from '../../engine/ops/dense.ts';
import * as form from '../../util/form.ts';
import { checkOptions, requireType } from '../../util/options.ts';
import { INITIALIZERS, type InitializerName } from '../initializers.ts';
import { resolveName } from '../names.ts';
import {
  ACTIVATION_FIELDS,
  type ActivationFields,
  activationOption,
  type ActivationOption,
  activationSteps,
  activationWords,
  resolveActivation,
} from './activations.ts';
import {
  COMMON_OPTIONS,
  isCount,
  type LayerData,
  type LayerDefinition,
  layerOf,
  type LayerOptions,
  requireFlat,
  requireLayerNumber,
} from './layer.ts';
import { type Regularizer, REGULARIZER_FIELDS, resolveRegularizer } from './regularizer.ts';

export interface DenseLayer extends LayerData, ActivationFields {
  readonly type: 'Dense';
  readonly units: number;
  readonly useBias: boolean;
  readonly kernelInitializer: InitializerName;
  readonly biasInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}

export interface DenseOptions extends LayerOptions {
  activation?: ActivationOption;
  useBias?: boolean;
  kernelInitializer?: InitializerName | (string & {});
  biasInitializer?: InitializerName | (string & {});
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
  const {
    activation = 'linear',
    useBias = true,
    kernelInitializer = 'glorotUniform',
    biasInitializer = 'zeros',
    kernelRegularizer = {},
  } = options;
  requireType('Dense', 'useBias: true or false', typeof useBias === 'boolean', useBias);
  const data = {
    units,
    ...resolveActivation('Dense', activation),
    useBias,
    kernelInitializer: resolveName('initializer', INITIALIZERS, kernelInitializer),
    biasInitializer: resolveName('initializer', INITIALIZERS, biasInitializer),
    kernelRegularizer: resolveRegularizer('Dense', kernelRegularizer),
  };
  return layerOf(DENSE, data, options);
}

export const DENSE: LayerDefinition<DenseLayer> = {
  type: 'Dense',
  fields: {
    units: form.integer,
    ...ACTIVATION_FIELDS,
    useBias: form.flag,
    kernelInitializer: form.text,
    biasInitializer: form.text,
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
