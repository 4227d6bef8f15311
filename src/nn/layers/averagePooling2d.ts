import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import { averagePooling2d } from '../../engine/ops/averagePooling2d.ts';
import { type LayerData, type LayerDefinition, layerOf } from './layer.ts';
import { POOLING_FIELDS, type PoolingOptions, resolvePooling } from './pooling.ts';
import { type Extents, windowWords } from './windows.ts';

export interface AveragePooling2DLayer extends LayerData {
  readonly type: 'AveragePooling2D';
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** The mean of each channel in every window of an image [height, width, channels]; strides are those of the window unless given. Padding does not count. */
export function AveragePooling2D(poolSize: Extents = 2, options: PoolingOptions = {}): AveragePooling2DLayer {
  return layerOf(AVERAGE_POOLING2D, resolvePooling('AveragePooling2D', poolSize, options), options);
}

export const AVERAGE_POOLING2D: LayerDefinition<AveragePooling2DLayer> = {
  type: 'AveragePooling2D',
  fields: POOLING_FIELDS,
  rebuild: ({ type: _, poolSize, ...options }) => AveragePooling2D(poolSize, options),
  plan({ poolSize, strides, padding }, input) {
    const step = averagePooling2d({ poolSize, strides, padding });
    return { shape: step.shape(input), steps: [step] };
  },
  words: ({ poolSize, strides, padding }) => windowWords(poolSize, strides, padding, poolSize),
};
