import { batchNormalization } from '../../engine/ops/batchNormalization.ts';
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

export interface BatchNormalizationLayer extends LayerData {
  readonly type: 'BatchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

export interface BatchNormalizationOptions extends LayerOptions {
  /** What the moving statistics keep at each step; 0.99 by default. */
  momentum?: number;
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
  /** Whether beta is added; true by default. */
  center?: boolean;
  /** Whether gamma multiplies; true by default. */
  scale?: boolean;
}

const OPTIONS = ['momentum', 'epsilon', 'center', 'scale', ...COMMON_OPTIONS] as const;

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta for each channel (last axis), by the batch's mean and biased variance while training, else by their moving
 * averages (Ioffe & Szegedy 2015), as Keras. `trainable: false`: by the moving ones while training too. A batch of one flat row has variance 0.
 */
export function BatchNormalization(options: BatchNormalizationOptions = {}): BatchNormalizationLayer {
  checkOptions('BatchNormalization', OPTIONS, options);
  const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = options;
  requireLayerNumber('BatchNormalization', 'momentum in [0, 1)', momentum, (x) => x >= 0 && x < 1);
  requireLayerNumber('BatchNormalization', 'epsilon > 0', epsilon, (x) => x > 0 && x < Infinity);
  requireFlag('BatchNormalization: center', center);
  requireFlag('BatchNormalization: scale', scale);
  return layerOf(BATCH_NORMALIZATION, { momentum, epsilon, center, scale }, options);
}

export const BATCH_NORMALIZATION: LayerDefinition<BatchNormalizationLayer> = {
  type: 'BatchNormalization',
  fields: { momentum: form.finite, epsilon: form.finite, center: form.flag, scale: form.flag },
  rebuild: ({ type: _, ...options }) => BatchNormalization(options),
  plan({ momentum, epsilon, center, scale, trainable = true }, input) {
    const step = batchNormalization({ momentum, epsilon, center, scale, frozen: !trainable });
    const shape = step.shape(input);
    const channels = shape[shape.length - 1];
    const one = { shape: [channels], fanIn: channels, fanOut: channels };
    return {
      shape,
      steps: [step],
      weights: [
        ...(scale ? [{ name: 'gamma', initializer: 'ones', ...one } as const] : []),
        ...(center ? [{ name: 'beta', initializer: 'zeros', ...one } as const] : []),
        { name: 'moving_mean', initializer: 'zeros', trained: false, ...one },
        { name: 'moving_variance', initializer: 'ones', trained: false, ...one },
      ],
    };
  },
  words: ({ momentum }) => `momentum ${momentum}`,
};
