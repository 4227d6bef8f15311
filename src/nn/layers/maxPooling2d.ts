import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import { maxPooling2d } from '../../engine/ops/maxPooling2d.ts';
import { type LayerData, type LayerDefinition, layerOf } from './layer.ts';
import { POOLING_FIELDS, type PoolingOptions, resolvePooling } from './pooling.ts';
import { type Extents, windowWords } from './windows.ts';

export interface MaxPooling2DLayer extends LayerData {
  readonly type: 'MaxPooling2D';
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

/** The largest value of each channel in every window of an image [height, width, channels]; strides are those of the window unless given. */
export function MaxPooling2D(poolSize: Extents = 2, options: PoolingOptions = {}): MaxPooling2DLayer {
  return layerOf(MAX_POOLING2D, resolvePooling('MaxPooling2D', poolSize, options), options);
}

export const MAX_POOLING2D: LayerDefinition<MaxPooling2DLayer> = {
  type: 'MaxPooling2D',
  fields: POOLING_FIELDS,
  rebuild: ({ type: _, poolSize, ...options }) => MaxPooling2D(poolSize, options),
  plan({ poolSize, strides, padding }, input) {
    const step = maxPooling2d({ poolSize, strides, padding });
    return { shape: step.shape(input), steps: [step] };
  },
  words: ({ poolSize, strides, padding }) => windowWords(poolSize, strides, padding, poolSize),
};
