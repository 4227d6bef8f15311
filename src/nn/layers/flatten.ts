import { checkOptions } from '../../util/options.ts';
import { sizeOf } from '../../util/tensor.ts';
import { type LayerData, type LayerDefinition, layerOf, type LayerOptions } from './layer.ts';

export interface FlattenLayer extends LayerData {
  readonly type: 'Flatten';
}

/** [28, 28] → [784], row by row. */
export function Flatten(options: Pick<LayerOptions, 'name'> = {}): FlattenLayer {
  checkOptions('Flatten', ['name'], options);
  return layerOf(FLATTEN, {}, options);
}

export const FLATTEN: LayerDefinition<FlattenLayer> = {
  type: 'Flatten',
  fields: {},
  rebuild: ({ type: _, ...options }) => Flatten(options),
  plan: (_, shape) => ({ shape: [sizeOf(shape)] }),
  words: () => '',
};
