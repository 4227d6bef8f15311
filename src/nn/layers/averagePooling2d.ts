import { averagePooling2d } from '../../engine/ops/averagePooling2d.ts';
import { type LayerDefinition, layerOf } from './layer.ts';
import { planPooling, POOLING, type PoolingLayer, type PoolingOptions, resolvePooling } from './pooling.ts';
import type { Extents } from './windows.ts';

export type AveragePooling2DLayer = PoolingLayer<'AveragePooling2D'>;

/** The mean of each channel in every window of an image [height, width, channels]; strides are those of the window unless given. Padding does not count. */
export function AveragePooling2D(poolSize: Extents = 2, options: PoolingOptions = {}): AveragePooling2DLayer {
  return layerOf(AVERAGE_POOLING2D, resolvePooling('AveragePooling2D', poolSize, options), options);
}

export const AVERAGE_POOLING2D: LayerDefinition<AveragePooling2DLayer> = {
  ...POOLING,
  type: 'AveragePooling2D',
  rebuild: ({ type: _, poolSize, ...options }) => AveragePooling2D(poolSize, options),
  plan: (layer, input) => planPooling(averagePooling2d, layer, input),
};
