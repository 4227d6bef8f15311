import { globalAveragePooling2d } from '../../engine/ops/globalAveragePooling2d.ts';
import { checkOptions } from '../../util/options.ts';
import { type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface GlobalAveragePooling2DLayer extends LayerData {
  readonly type: 'GlobalAveragePooling2D';
}

/** The mean of each channel over the whole image: [height, width, channels] → [channels]. */
export function GlobalAveragePooling2D(
  options: Pick<LayerOptions, 'name'> = {},
): GlobalAveragePooling2DLayer {
  checkOptions('GlobalAveragePooling2D', ['name'], options);
  return layerOf(GLOBAL_AVERAGE_POOLING2D, {}, options);
}

export const GLOBAL_AVERAGE_POOLING2D: LayerDefinition<GlobalAveragePooling2DLayer> = {
  type: 'GlobalAveragePooling2D',
  fields: {},
  rebuild: ({ type: _, ...options }) => GlobalAveragePooling2D(options),
  plan(_, input) {
    const step = globalAveragePooling2d();
    return { shape: step.shape(input), steps: [step] };
  },
  words: () => '',
};
