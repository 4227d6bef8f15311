import type { Padding, Pair } from '../../engine/ops/geometry.ts';
import { checkOptions } from '../../util/options.ts';
import type { Step } from '../../engine/op.ts';
import type { LayerData, LayerOptions, LayerPlan } from './layer.ts';
import {
  type Extents,
  PADDING_FIELDS,
  PAIR_FIELDS,
  resolvePadding,
  resolvePair,
  windowWords,
} from './windows.ts';

export interface PoolingOptions extends Pick<LayerOptions, 'name'> {
  /** Those of the window by default. */
  strides?: Extents;
  /** 'valid' by default. */
  padding?: Padding;
}

/** The same as layers hold it. */
interface PoolingFields {
  readonly poolSize: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

export interface PoolingLayer<Type extends string> extends LayerData, PoolingFields {
  readonly type: Type;
}

/** What the definitions of poolings have in common. */
export const POOLING = {
  fields: { poolSize: PAIR_FIELDS, strides: PAIR_FIELDS, padding: PADDING_FIELDS },
  words: ({ poolSize, strides, padding }: PoolingFields) => windowWords(poolSize, strides, padding, poolSize),
};

/** `stepOf` makes the step of the engine. */
export function planPooling(
  stepOf: (options: PoolingFields) => Step,
  { poolSize, strides, padding }: PoolingFields,
  input: readonly number[],
): LayerPlan {
  const step = stepOf({ poolSize, strides, padding });
  return { shape: step.shape(input), steps: [step] };
}

export function resolvePooling(layer: string, poolSize: Extents, options: PoolingOptions): PoolingFields {
  const size = resolvePair(layer, 'poolSize', poolSize);
  checkOptions(layer, ['strides', 'padding', 'name'], options);
  const { strides = size, padding = 'valid' } = options;
  return {
    poolSize: size,
    strides: resolvePair(layer, 'strides', strides),
    padding: resolvePadding(layer, padding),
  };
}
