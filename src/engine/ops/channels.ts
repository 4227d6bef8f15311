import { DactylError } from '../../util/errors.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import { type Context, paddedWidth } from '../context.ts';
import { Parameter } from '../parameter.ts';

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
