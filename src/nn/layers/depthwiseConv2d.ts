import { depthwiseConv2d } from '../../engine/ops/depthwiseConv2d.ts';
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

export interface DepthwiseConv2DLayer extends LayerData, ActivationFields {
  readonly type: 'DepthwiseConv2D';
  readonly kernelSize: Pair;
  readonly depthMultiplier: number;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly useBias: boolean;
  readonly depthwiseInitializer: InitializerName;
  readonly biasInitializer: InitializerName;
  readonly depthwiseRegularizer: Regularizer;
}

export interface DepthwiseConv2DOptions extends LayerOptions {
  /** Outputs of each channel; 1 by default. */
  depthMultiplier?: number;
  /** 1 by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
  activation?: ActivationOption;
  useBias?: boolean;
  depthwiseInitializer?: InitializerName | (string & {});
  biasInitializer?: InitializerName | (string & {});
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
    activation = 'linear',
    useBias = true,
    depthwiseInitializer = 'glorotUniform',
    biasInitializer = 'zeros',
    depthwiseRegularizer = {},
  } = options;
  requireLayerNumber('DepthwiseConv2D', 'depthMultiplier: a whole number > 0', depthMultiplier, isCount);
  requireType('DepthwiseConv2D', 'useBias: true or false', typeof useBias === 'boolean', useBias);
  const data = {
    kernelSize: size,
    depthMultiplier,
    strides: resolvePair('DepthwiseConv2D', 'strides', strides),
    padding: resolvePadding('DepthwiseConv2D', padding),
    ...resolveActivation('DepthwiseConv2D', activation),
    useBias,
    depthwiseInitializer: resolveName('initializer', INITIALIZERS, depthwiseInitializer),
    biasInitializer: resolveName('initializer', INITIALIZERS, biasInitializer),
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
    ...ACTIVATION_FIELDS,
    useBias: form.flag,
    depthwiseInitializer: form.text,
    biasInitializer: form.text,
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
