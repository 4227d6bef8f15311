import { conv2d } from '../../engine/ops/conv2d.ts';
import type { Padding, Pair } from '../../engine/ops/geometry.ts';
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
  requireLayerNumber,
} from './layer.ts';
import { type Regularizer, REGULARIZER_FIELDS, resolveRegularizer } from './regularizer.ts';
import {
  type Extents,
  PADDING_FIELDS,
  PAIR_FIELDS,
  resolvePadding,
  resolvePair,
  windowWords,
} from './windows.ts';

export interface Conv2DLayer extends LayerData, ActivationFields {
  readonly type: 'Conv2D';
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly useBias: boolean;
  readonly kernelInitializer: InitializerName;
  readonly biasInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}

export interface Conv2DOptions extends LayerOptions {
  /** 1 by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
  activation?: ActivationOption;
  useBias?: boolean;
  kernelInitializer?: InitializerName | (string & {});
  biasInitializer?: InitializerName | (string & {});
  kernelRegularizer?: Partial<Regularizer>;
}

const OPTIONS = [
  'strides',
  'padding',
  'activation',
  'useBias',
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  ...COMMON_OPTIONS,
] as const satisfies (keyof Conv2DOptions)[];

/**
 * Convolution of images [height, width, channels] with `filters` kernels, [height, width, channels, filters] as Keras has them:
 * y = activation(Σ x kernel + bias) at every place of the kernel. `padding`: 'valid' keeps it inside, 'same' gives ⌈extent / stride⌉ places.
 */
export function Conv2D(filters: number, kernelSize: Extents, options: Conv2DOptions = {}): Conv2DLayer {
  requireLayerNumber('Conv2D', 'filters: a whole number > 0', filters, isCount);
  const size = resolvePair('Conv2D', 'kernelSize', kernelSize);
  checkOptions('Conv2D', OPTIONS, options);
  const {
    strides = 1,
    padding = 'valid',
    activation = 'linear',
    useBias = true,
    kernelInitializer = 'glorotUniform',
    biasInitializer = 'zeros',
    kernelRegularizer = {},
  } = options;
  requireType('Conv2D', 'useBias: true or false', typeof useBias === 'boolean', useBias);
  const data = {
    filters,
    kernelSize: size,
    strides: resolvePair('Conv2D', 'strides', strides),
    padding: resolvePadding('Conv2D', padding),
    ...resolveActivation('Conv2D', activation),
    useBias,
    kernelInitializer: resolveName('initializer', INITIALIZERS, kernelInitializer),
    biasInitializer: resolveName('initializer', INITIALIZERS, biasInitializer),
    kernelRegularizer: resolveRegularizer('Conv2D', kernelRegularizer),
  };
  return layerOf(CONV2D, data, options);
}

export const CONV2D: LayerDefinition<Conv2DLayer> = {
  type: 'Conv2D',
  fields: {
    filters: form.integer,
    kernelSize: PAIR_FIELDS,
    strides: PAIR_FIELDS,
    padding: PADDING_FIELDS,
    ...ACTIVATION_FIELDS,
    useBias: form.flag,
    kernelInitializer: form.text,
    biasInitializer: form.text,
    kernelRegularizer: REGULARIZER_FIELDS,
  },
  rebuild({ type: _, filters, kernelSize, activation, parameter, ...options }) {
    return Conv2D(filters, kernelSize, {
      ...options,
      activation: activationOption({ activation, parameter }),
    });
  },
  plan(layer, input) {
    const { filters, kernelSize, strides, padding, useBias, kernelRegularizer } = layer;
    const { kernelInitializer, biasInitializer } = layer;
    const step = conv2d({ filters, kernelSize, strides, padding, useBias, ...kernelRegularizer });
    const shape = step.shape(input);
    const [, , channels] = input;
    const field = kernelSize[0] * kernelSize[1];
    const fans = { fanIn: field * channels, fanOut: field * filters };
    const kernelShape = [...kernelSize, channels, filters];
    const kernel = { name: 'kernel', shape: kernelShape, initializer: kernelInitializer, ...fans };
    const bias = { name: 'bias', shape: [filters], initializer: biasInitializer, ...fans };
    return {
      shape,
      steps: [step, ...activationSteps('Conv2D', layer, shape)],
      weights: useBias ? [kernel, bias] : [kernel],
    };
  },
  words(layer) {
    const { filters, kernelSize, strides, padding } = layer;
    return `${filters} filters, ${windowWords(kernelSize, strides, padding, [1, 1])}, ${activationWords(layer)}`;
  },
};
