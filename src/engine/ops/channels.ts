import { DactylError } from '../../util/errors.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import { type Context, paddedWidth } from '../context.ts';
import type { OpSpec } from '../op.ts';
import { Parameter } from '../parameter.ts';

/** What normalizations have in common. */
export interface NormalizationSpec extends OpSpec {
  /** Added to the variance: 0.001 in Keras. */
  readonly epsilon: number;
  /** Whether it adds beta. */
  readonly center: boolean;
  /** Whether it multiplies by gamma. */
  readonly scale: boolean;
}

/** What a normalization multiplies by and adds. */
export interface Affine {
  readonly gamma: Parameter | undefined;
  readonly beta: Parameter | undefined;
  /** Those of the two that there are. */
  readonly all: readonly Parameter[];
}

/**
 * How a normalization sees a row: pixels × channels, the channels last; a flat row is one pixel. `axes`: how many of the last axes are channels.
 * Throws E_SHAPE where there is no last axis.
 */
export function channelsOf(
  shape: readonly number[],
  layer: string,
  axes = 1,
): { pixels: number; channels: number } {
  const channels = sizeOf(shape.slice(-axes));
  if (shape.length < axes || channels < 1) {
    throw new DactylError(
      'E_SHAPE',
      `${layer} needs inputs with at least one axis, the last of which it normalizes or keeps apart; received ${formatShape(shape)}.`,
    );
  }
  return { pixels: sizeOf(shape) / channels, channels };
}

/** One weight a channel; `shape`: as users see them. */
export function channelParameter(
  context: Context,
  name: string,
  channels: number,
  shape: readonly number[] = [channels],
): Parameter {
  return new Parameter(context, { name, shape, count: paddedWidth(channels) });
}

/** gamma and beta, as far as they are wanted. */
export function affineParameters(
  context: Context,
  { scale, center }: NormalizationSpec,
  channels: number,
  shape?: readonly number[],
): Affine {
  const gamma = scale ? channelParameter(context, 'gamma', channels, shape) : undefined;
  const beta = center ? channelParameter(context, 'beta', channels, shape) : undefined;
  return { gamma, beta, all: [gamma, beta].filter((parameter) => parameter !== undefined) };
}
