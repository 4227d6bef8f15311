import { type Context, paddedWidth } from '../context.ts';
import type { OpSpec } from '../op.ts';
import { Parameter, type ParameterOptions } from '../parameter.ts';
import type { Padding, Pair } from './geometry.ts';

/** What convolutions have in common. */
export interface ConvolutionSpec extends OpSpec {
  readonly kernelSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
  readonly useBias: boolean;
  /** Penalties of the kernel. */
  readonly l1: number;
  readonly l2: number;
}

export interface ConvolutionParameters {
  readonly kernel: Parameter;
  readonly bias: Parameter | undefined;
  readonly all: readonly Parameter[];
}

/** Kernel and bias; `packing`: of the kernel. */
export function convolutionParameters(
  context: Context,
  { useBias, l1, l2 }: ConvolutionSpec,
  packing: Omit<ParameterOptions, 'name' | 'l1' | 'l2'>,
  outChannels: number,
): ConvolutionParameters {
  const kernel = new Parameter(context, { name: 'kernel', ...packing, l1, l2 });
  if (!useBias) return { kernel, bias: undefined, all: [kernel] };
  const bias = new Parameter(context, {
    name: 'bias',
    shape: [outChannels],
    count: paddedWidth(outChannels),
  });
  return { kernel, bias, all: [kernel, bias] };
}
