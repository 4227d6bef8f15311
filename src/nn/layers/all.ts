import { ACTIVATION } from './activation.ts';
import { AVERAGE_POOLING2D } from './averagePooling2d.ts';
import { BATCH_NORMALIZATION } from './batchNormalization.ts';
import { CONV2D } from './conv2d.ts';
import { DENSE } from './dense.ts';
import { DEPTHWISE_CONV2D } from './depthwiseConv2d.ts';
import { DROPOUT } from './dropout.ts';
import { FLATTEN } from './flatten.ts';
import { GLOBAL_AVERAGE_POOLING2D } from './globalAveragePooling2d.ts';
import { INPUT } from './input.ts';
import type { LayerDefinition } from './layer.ts';
import { LAYER_NORMALIZATION } from './layerNormalization.ts';
import { MAX_POOLING2D } from './maxPooling2d.ts';
import type { OwnActivationLayer } from './ownActivation.ts';
import { RANDOM_DISTORTION } from './randomDistortion.ts';
import { RESCALING } from './rescaling.ts';
import { RESHAPE } from './reshape.ts';

/** The closed list of layers: a saved model names these and nothing else. Brings all of them into a bundle. */
export const LAYERS = {
  Input: INPUT,
  Activation: ACTIVATION,
  AveragePooling2D: AVERAGE_POOLING2D,
  BatchNormalization: BATCH_NORMALIZATION,
  Conv2D: CONV2D,
  DepthwiseConv2D: DEPTHWISE_CONV2D,
  GlobalAveragePooling2D: GLOBAL_AVERAGE_POOLING2D,
  LayerNormalization: LAYER_NORMALIZATION,
  MaxPooling2D: MAX_POOLING2D,
  Dense: DENSE,
  Dropout: DROPOUT,
  Flatten: FLATTEN,
  RandomDistortion: RANDOM_DISTORTION,
  Rescaling: RESCALING,
  Reshape: RESHAPE,
};

type LayerOf<D> = D extends LayerDefinition<infer L> ? L : never;
/** Those of the table, and what holds functions of one's own. */
export type Layer = LayerOf<(typeof LAYERS)[keyof typeof LAYERS]> | OwnActivationLayer;
