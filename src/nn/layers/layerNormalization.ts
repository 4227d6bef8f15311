import { layerNormalization } from '../../engine/ops/layerNormalization.ts';
import * as form from '../../util/form.ts';
import { checkOptions, requireFlag } from '../../util/options.ts';
import {
  COMMON_OPTIONS,
  type LayerData,
  type LayerDefinition,
  layerOf,
  type LayerOptions,
  requireLayerNumber,
} from './layer.ts';

export interface LayerNormalizationLayer extends LayerData {
  readonly type: 'LayerNormalization';
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

export interface LayerNormalizationOptions extends LayerOptions {
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
}

const OPTIONS = ['epsilon', 'center', 'scale', ...COMMON_OPTIONS] as const;

/** y = gamma (x − mean) / √(variance + epsilon) + beta over the last axis of each example (Ba, Kiros & Hinton 2016), as Keras. */
export function LayerNormalization(options: LayerNormalizationOptions = {}): LayerNormalizationLayer {
  checkOptions('LayerNormalization', OPTIONS, options);
  const { epsilon = 1e-3, center = true, scale = true } = options;
  requireLayerNumber('LayerNormalization', 'epsilon > 0', epsilon, (x) => x > 0 && x < Infinity);
  requireFlag('LayerNormalization: center', center);
  requireFlag('LayerNormalization: scale', scale);
  return layerOf(LAYER_NORMALIZATION, { epsilon, center, scale }, options);
}

export const LAYER_NORMALIZATION: LayerDefinition<LayerNormalizationLayer> = {
  type: 'LayerNormalization',
  fields: { epsilon: form.finite, center: form.flag, scale: form.flag },
  rebuild: ({ type: _, ...options }) => LayerNormalization(options),
  plan({ epsilon, center, scale }, input) {
    const step = layerNormalization({ epsilon, center, scale });
    const shape = step.shape(input);
    const channels = shape[shape.length - 1];
    const one = { shape: [channels], fanIn: channels, fanOut: channels };
    return {
      shape,
      steps: [step],
      weights: [
        ...(scale ? [{ name: 'gamma', initializer: 'ones', ...one } as const] : []),
        ...(center ? [{ name: 'beta', initializer: 'zeros', ...one } as const] : []),
      ],
    };
  },
  words: ({ epsilon }) => `epsilon ${epsilon}`,
};
