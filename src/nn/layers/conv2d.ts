import { conv2d } from '../../engine/ops/conv2d.ts';
import type { Padding, Pair } from '../../engine/ops/geometry.ts';
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

export interface Conv2DLayer extends LayerData, KernelFields {
  readonly type: 'Conv2D';
  readonly filters: number;
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly kernelInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}

export interface Conv2DOptions extends KernelOptions {
  /** 1 by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
  kernelInitializer?: InitializerName | (string & {});
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
    kernelInitializer = 'glorotUniform',
    kernelRegularizer = {},
  } = options;
  const data = {
    filters,
    kernelSize: size,
    strides: resolvePair('Conv2D', 'strides', strides),
    padding: resolvePadding('Conv2D', padding),
    ...resolveKernelOptions('Conv2D', options),
    kernelInitializer: resolveInitializer(kernelInitializer),
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
    ...KERNEL_FIELDS,
    kernelInitializer: form.text,
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
