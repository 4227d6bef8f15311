import { depthwiseConv2d } from '../../engine/ops/depthwiseConv2d.ts';
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

export interface DepthwiseConv2DLayer extends LayerData, ConvolutionFields {
  readonly type: 'DepthwiseConv2D';
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: InitializerName;
  readonly depthwiseRegularizer: Regularizer;
}

export interface DepthwiseConv2DOptions extends ConvolutionOptions {
  /** Outputs of each channel; 1 by default. */
  depthMultiplier?: number;
  depthwiseInitializer?: InitializerName | (string & {});
  depthwiseRegularizer?: Partial<Regularizer>;
}

const OPTIONS = [
  'depthMultiplier',
  'depthwiseInitializer',
  'depthwiseRegularizer',
] as const satisfies (keyof DepthwiseConv2DOptions)[];

/**
 * Each channel of images [height, width, channels] convolved by itself, with `depthMultiplier` kernels of its own, [height, width, channels,
 * depthMultiplier] as Keras has them; output channel c · depthMultiplier + m. The rest as in `Conv2D`.
 */
export function DepthwiseConv2D(
  kernelSize: Extents,
  options: DepthwiseConv2DOptions = {},
): DepthwiseConv2DLayer {
  const shared = resolveConvolution('DepthwiseConv2D', kernelSize, OPTIONS, options);
  const { depthMultiplier = 1, depthwiseInitializer = 'glorotUniform', depthwiseRegularizer = {} } = options;
  requireLayerNumber('DepthwiseConv2D', 'depthMultiplier: a whole number > 0', depthMultiplier, isCount);
  const { kernelSize: size, ...rest } = shared;
  const data = {
    kernelSize: size,
    depthMultiplier,
    ...rest,
    depthwiseInitializer: resolveInitializer(depthwiseInitializer),
    depthwiseRegularizer: resolveRegularizer('DepthwiseConv2D', depthwiseRegularizer),
  };
  return layerOf(DEPTHWISE_CONV2D, data, options);
}

export const DEPTHWISE_CONV2D: LayerDefinition<DepthwiseConv2DLayer> = {
  type: 'DepthwiseConv2D',
  fields: {
    ...CONVOLUTION_FIELDS,
    depthMultiplier: form.integer,
    depthwiseInitializer: form.text,
    depthwiseRegularizer: REGULARIZER_FIELDS,
  },
  rebuild({ type: _, kernelSize, activation, parameter, ...options }) {
    return DepthwiseConv2D(kernelSize, {
      ...options,
      activation: activationOption({ activation, parameter }),
    });
  },
  plan(layer, input) {
    const { kernelSize, depthMultiplier, strides, padding, useBias, depthwiseRegularizer } = layer;
    const window = { kernelSize, strides, padding };
    const step = depthwiseConv2d({ ...window, depthMultiplier, useBias, ...depthwiseRegularizer });
    return planConvolution(layer, step, input, depthMultiplier, layer.depthwiseInitializer);
  },
  words(layer) {
    const { depthMultiplier } = layer;
    return convolutionWords(layer, depthMultiplier === 1 ? '' : `, ${depthMultiplier} for each channel`);
  },
};
