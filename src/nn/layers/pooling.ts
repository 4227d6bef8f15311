import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import { checkOptions } from '../../util/options.ts';
import type { LayerOptions } from './layer.ts';
import { type Extents, PADDING_FIELDS, PAIR_FIELDS, resolvePadding, resolvePair } from './windows.ts';

export interface PoolingOptions extends Pick<LayerOptions, 'name'> {
  /** Those of the window by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
}

export const POOLING_FIELDS = { poolSize: PAIR_FIELDS, strides: PAIR_FIELDS, padding: PADDING_FIELDS };

export function resolvePooling(
  layer: string,
  poolSize: Extents,
  options: PoolingOptions,
): { poolSize: Pair; strides: Pair; padding: Padding } {
  const size = resolvePair(layer, 'poolSize', poolSize);
  checkOptions(layer, ['strides', 'padding', 'name'], options);
  const { strides = size, padding = 'valid' } = options;
  return {
    poolSize: size,
    strides: resolvePair(layer, 'strides', strides),
    padding: resolvePadding(layer, padding),
  };
}
