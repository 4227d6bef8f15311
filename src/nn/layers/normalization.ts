import * as form from '../../util/form.ts';
import { requireFlag } from '../../util/options.ts';
import { sizeOf } from '../../util/tensor.ts';
import { type LayerOptions, requireLayerNumber, type WeightPlan } from './layer.ts';

/** What both normalizations are given. */
export interface NormalizationOptions extends LayerOptions {
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
}

/** The same as layers hold it. */
export interface NormalizationData {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

export const NORMALIZATION_FIELDS = { epsilon: form.finite, center: form.flag, scale: form.flag };

export function resolveNormalization(layer: string, options: NormalizationOptions): NormalizationData {
  const { epsilon = 1e-3, center = true, scale = true } = options;
  requireLayerNumber(layer, 'epsilon > 0', epsilon, (x) => x > 0 && x < Infinity);
  requireFlag(`${layer}: center`, center);
  requireFlag(`${layer}: scale`, scale);
  return { epsilon, center, scale };
}

/** gamma and beta over these axes, as far as they are wanted. */
export function affineWeights(
  { center, scale }: NormalizationData,
  over: readonly number[],
): readonly WeightPlan[] {
  const one = { shape: over, fanIn: sizeOf(over), fanOut: sizeOf(over) };
  return [
    ...(scale ? [{ name: 'gamma', initializer: 'ones', ...one } as const] : []),
    ...(center ? [{ name: 'beta', initializer: 'zeros', ...one } as const] : []),
  ];
}
