import { depthwiseConv2d } from '../../engine/ops/depthwiseConv2d.ts';
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

export interface DepthwiseConv2DLayer extends LayerData, KernelFields {
  readonly type: 'DepthwiseConv2D';
  readonly kernelSize: Pair;
  readonly depthMultiplier: number;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly depthwiseInitializer: InitializerName;
  readonly depthwiseRegularizer: Regularizer;
}

export interface DepthwiseConv2DOptions extends KernelOptions {
  /** Outputs of each channel; 1 by default. */
  depthMultiplier?: number;
  /** 1 by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
  depthwiseInitializer?: InitializerName | (string & {});
  depthwiseRegularizer?: Partial<Regularizer>;
}

const OPTIONS = [
  'depthMultiplier',
  'strides',
  'padding',
  'activation',
  'useBias',
  'depthwiseInitializer',
  'biasInitializer',
  'depthwiseRegularizer',
  ...COMMON_OPTIONS,
] as const satisfies (keyof DepthwiseConv2DOptions)[];

/**
 * Each channel of images [height, width, channels] convolved by itself, with `depthMultiplier` kernels of its own, [height, width, channels,
 * depthMultiplier] as Keras has them; output channel c · depthMultiplier + m. The rest as in `Conv2D`.
 */
export function DepthwiseConv2D(
  kernelSize: Extents,
  options: DepthwiseConv2DOptions = {},
): DepthwiseConv2DLayer {
  const size = resolvePair('DepthwiseConv2D', 'kernelSize', kernelSize);
  checkOptions('DepthwiseConv2D', OPTIONS, options);
  const {
    depthMultiplier = 1,
    strides = 1,
    padding = 'valid',
    depthwiseInitializer = 'glorotUniform',
    depthwiseRegularizer = {},
  } = options;
  requireLayerNumber('DepthwiseConv2D', 'depthMultiplier: a whole number > 0', depthMultiplier, isCount);
  const data = {
    kernelSize: size,
    depthMultiplier,
    strides: resolvePair('DepthwiseConv2D', 'strides', strides),
    padding: resolvePadding('DepthwiseConv2D', padding),
    ...resolveKernelOptions('DepthwiseConv2D', options),
    depthwiseInitializer: resolveInitializer(depthwiseInitializer),
    depthwiseRegularizer: resolveRegularizer('DepthwiseConv2D', depthwiseRegularizer),
  };
  return layerOf(DEPTHWISE_CONV2D, data, options);
}

export const DEPTHWISE_CONV2D: LayerDefinition<DepthwiseConv2DLayer> = {
  type: 'DepthwiseConv2D',
  fields: {
    kernelSize: PAIR_FIELDS,
    depthMultiplier: form.integer,
    strides: PAIR_FIELDS,
    padding: PADDING_FIELDS,
    ...KERNEL_FIELDS,
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
    const { depthwiseInitializer, biasInitializer } = layer;
    const window = { kernelSize, strides, padding };
    const step = depthwiseConv2d({ ...window, depthMultiplier, useBias, ...depthwiseRegularizer });
    const shape = step.shape(input);
    const [, , channels] = input;
    const field = kernelSize[0] * kernelSize[1];
    const fans = { fanIn: field * channels, fanOut: field * depthMultiplier };
    const kernelShape = [...kernelSize, channels, depthMultiplier];
    const kernel = { name: 'kernel', shape: kernelShape, initializer: depthwiseInitializer, ...fans };
    const bias = { name: 'bias', shape: [channels * depthMultiplier], initializer: biasInitializer, ...fans };
    return {
      shape,
      steps: [step, ...activationSteps('DepthwiseConv2D', layer, shape)],
      weights: useBias ? [kernel, bias] : [kernel],
    };
  },
  words(layer) {
    const { kernelSize, strides, padding, depthMultiplier } = layer;
    const times = depthMultiplier === 1 ? '' : `, ${depthMultiplier} for each channel`;
    return `${windowWords(kernelSize, strides, padding, [1, 1])}${times}, ${activationWords(layer)}`;
  },
};
