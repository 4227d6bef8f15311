import { batchNormalization } from '../../engine/ops/batchNormalization.ts';
import * as form from '../../util/form.ts';
import { checkOptions } from '../../util/options.ts';
import {
  COMMON_OPTIONS,
  type LayerData,
  type LayerDefinition,
  layerOf,
  requireLayerNumber,
} from './layer.ts';
import {
  affineWeights,
  NORMALIZATION_FIELDS,
  type NormalizationData,
  type NormalizationOptions,
  resolveNormalization,
} from './normalization.ts';

export interface BatchNormalizationLayer extends LayerData, NormalizationData {
  readonly type: 'BatchNormalization';
  readonly momentum: number;
}

export interface BatchNormalizationOptions extends NormalizationOptions {
  /** What the moving statistics keep at each step; 0.99 by default. */
  momentum?: number;
}

const OPTIONS = ['momentum', 'epsilon', 'center', 'scale', ...COMMON_OPTIONS] as const;

/**
 * y = gamma (x − mean) / √(variance + epsilon) + beta for each channel (last axis), by the batch's mean and biased variance while training, else by their moving
 * averages (Ioffe & Szegedy 2015), as Keras. `trainable: false`: by the moving ones while training too. A batch of one flat row has variance 0.
 */
export function BatchNormalization(options: BatchNormalizationOptions = {}): BatchNormalizationLayer {
  checkOptions('BatchNormalization', OPTIONS, options);
  const { momentum = 0.99 } = options;
  requireLayerNumber('BatchNormalization', 'momentum in [0, 1)', momentum, (x) => x >= 0 && x < 1);
  const data = { momentum, ...resolveNormalization('BatchNormalization', options) };
  return layerOf(BATCH_NORMALIZATION, data, options);
}

export const BATCH_NORMALIZATION: LayerDefinition<BatchNormalizationLayer> = {
  type: 'BatchNormalization',
  fields: { momentum: form.finite, ...NORMALIZATION_FIELDS },
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
        ...affineWeights({ epsilon, center, scale }, [channels]),
        { name: 'moving_mean', initializer: 'zeros', trained: false, ...one },
        { name: 'moving_variance', initializer: 'ones', trained: false, ...one },
      ],
    };
  },
  words: ({ momentum }) => `momentum ${momentum}`,
};
