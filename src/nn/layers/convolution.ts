import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import type { Step } from '../../engine/op.ts';
import { checkOptions } from '../../util/options.ts';
import type { InitializerName } from '../initializers/initializers.ts';
import { activationSteps, activationWords } from './activations.ts';
import {
  KERNEL_FIELDS,
  type KernelFields,
  type KernelOptions,
  resolveKernelOptions,
} from './kernelOptions.ts';
import { COMMON_OPTIONS, type LayerPlan } from './layer.ts';
import {
  type Extents,
  PADDING_FIELDS,
  PAIR_FIELDS,
  resolvePadding,
  resolvePair,
  windowWords,
} from './windows.ts';

/** What both convolutions are given beside their kernels. */
export interface ConvolutionOptions extends KernelOptions {
  /** 1 by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
}

/** The same as layers hold it. */
export interface ConvolutionFields extends KernelFields {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

const CONVOLUTION_OPTIONS = [
  'strides',
  'padding',
  'activation',
  'useBias',
  'biasInitializer',
  ...COMMON_OPTIONS,
] as const satisfies (keyof ConvolutionOptions)[];

export const CONVOLUTION_FIELDS = {
  kernelSize: PAIR_FIELDS,
  strides: PAIR_FIELDS,
  padding: PADDING_FIELDS,
  ...KERNEL_FIELDS,
};

/** `names`: of options of its own. */
export function resolveConvolution(
  layer: string,
  kernelSize: Extents,
  names: readonly string[],
  options: ConvolutionOptions,
): ConvolutionFields {
  const size = resolvePair(layer, 'kernelSize', kernelSize);
  checkOptions(layer, [...names, ...CONVOLUTION_OPTIONS], options);
  const { strides = 1, padding = 'valid' } = options;
  return {
    kernelSize: size,
    strides: resolvePair(layer, 'strides', strides),
    padding: resolvePadding(layer, padding),
    ...resolveKernelOptions(layer, options),
  };
}

/** The layer's step, activation and weights; `kernels`: for each channel of the input. */
export function planConvolution(
  layer: ConvolutionFields & { readonly type: string },
  step: Step,
  input: readonly number[],
  kernels: number,
  initializer: InitializerName,
): LayerPlan {
  const { type, kernelSize, useBias, biasInitializer } = layer;
  const shape = step.shape(input);
  const [, , channels] = input;
  const field = kernelSize[0] * kernelSize[1];
  const fans = { fanIn: field * channels, fanOut: field * kernels };
  const kernel = { name: 'kernel', shape: [...kernelSize, channels, kernels], initializer, ...fans };
  const bias = { name: 'bias', shape: [shape[2]], initializer: biasInitializer, ...fans };
  return {
    shape,
    steps: [step, ...activationSteps(type, layer, shape)],
    weights: useBias ? [kernel, bias] : [kernel],
  };
}

/** Window and activation. */
export function convolutionWords(layer: ConvolutionFields, more = ''): string {
  const { kernelSize, strides, padding } = layer;
  return `${windowWords(kernelSize, strides, padding, [1, 1])}${more}, ${activationWords(layer)}`;
}
