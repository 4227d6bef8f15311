import { maxPooling2d } from '../../engine/ops/maxPooling2d.ts';
import { type LayerDefinition, layerOf } from './layer.ts';
import { planPooling, POOLING, type PoolingLayer, type PoolingOptions, resolvePooling } from './pooling.ts';
import type { Extents } from './windows.ts';

export type MaxPooling2DLayer = PoolingLayer<'MaxPooling2D'>;

/** The largest value of each channel in every window of an image [height, width, channels]; strides are those of the window unless given. */
export function MaxPooling2D(poolSize: Extents = 2, options: PoolingOptions = {}): MaxPooling2DLayer {
  return layerOf(MAX_POOLING2D, resolvePooling('MaxPooling2D', poolSize, options), options);
}

export const MAX_POOLING2D: LayerDefinition<MaxPooling2DLayer> = {
  ...POOLING,
  type: 'MaxPooling2D',
  rebuild: ({ type: _, poolSize, ...options }) => MaxPooling2D(poolSize, options),
  plan: (layer, input) => planPooling(maxPooling2d, layer, input),
};
