import { conv2d } from '../../engine/ops/conv2d.ts';
import * as form from '../../util/form.ts';
import type { InitializerName } from '../initializers/initializers.ts';
import { activationOption } from './activations.ts';
import {
  CONVOLUTION_FIELDS,
  type ConvolutionFields,
  type ConvolutionOptions,
  convolutionWords,
  planConvolution,
  resolveConvolution,
} from './convolution.ts';
import { resolveInitializer } from './kernelOptions.ts';
import { isCount, type LayerData, type LayerDefinition, layerOf, requireLayerNumber } from './layer.ts';
import { type Regularizer, REGULARIZER_FIELDS, resolveRegularizer } from './regularizer.ts';
import type { Extents } from './windows.ts';

export interface Conv2DLayer extends LayerData, ConvolutionFields {
  readonly type: 'Conv2D';
  readonly filters: number;
  readonly kernelInitializer: InitializerName;
  readonly kernelRegularizer: Regularizer;
}

export interface Conv2DOptions extends ConvolutionOptions {
  kernelInitializer?: InitializerName | (string & {});
  kernelRegularizer?: Partial<Regularizer>;
}

const OPTIONS = ['kernelInitializer', 'kernelRegularizer'] as const satisfies (keyof Conv2DOptions)[];

/**
 * Convolution of images [height, width, channels] with `filters` kernels, [height, width, channels, filters] as Keras has them:
 * y = activation(Σ x kernel + bias) at every place of the kernel. `padding`: 'valid' keeps it inside, 'same' gives ⌈extent / stride⌉ places.
 */
export function Conv2D(filters: number, kernelSize: Extents, options: Conv2DOptions = {}): Conv2DLayer {
  requireLayerNumber('Conv2D', 'filters: a whole number > 0', filters, isCount);
  const shared = resolveConvolution('Conv2D', kernelSize, OPTIONS, options);
  const { kernelInitializer = 'glorotUniform', kernelRegularizer = {} } = options;
  const data = {
    filters,
    ...shared,
    kernelInitializer: resolveInitializer(kernelInitializer),
    kernelRegularizer: resolveRegularizer('Conv2D', kernelRegularizer),
  };
  return layerOf(CONV2D, data, options);
}

export const CONV2D: LayerDefinition<Conv2DLayer> = {
  type: 'Conv2D',
  fields: {
    filters: form.integer,
    ...CONVOLUTION_FIELDS,
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
    const { filters, kernelSize, strides, padding, useBias, kernelRegularizer, kernelInitializer } = layer;
    const step = conv2d({ filters, kernelSize, strides, padding, useBias, ...kernelRegularizer });
    return planConvolution(layer, step, input, filters, kernelInitializer);
  },
  words: (layer) => `${layer.filters} filters, ${convolutionWords(layer)}`,
};
