import * as form from '../../util/form.ts';
import { requireItems } from '../../util/options.ts';
import { resolveName } from '../names.ts';
import { ACTIVATION } from './activation.ts';
import { AVERAGE_POOLING2D } from './averagePooling2d.ts';
import { BATCH_NORMALIZATION } from './batchNormalization.ts';
import { CONV2D } from './conv2d.ts';
import { DEPTHWISE_CONV2D } from './depthwiseConv2d.ts';
import { GLOBAL_AVERAGE_POOLING2D } from './globalAveragePooling2d.ts';
import { LAYER_NORMALIZATION } from './layerNormalization.ts';
import { MAX_POOLING2D } from './maxPooling2d.ts';
import { DENSE } from './dense.ts';
import { DROPOUT } from './dropout.ts';
import { FLATTEN } from './flatten.ts';
import { INPUT } from './input.ts';
import { COMMON_FIELDS, type LayerData, type LayerDefinition } from './layer.ts';
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

/** What a layer is in a file. */
export const SAVED_LAYER = {
  problem(value: unknown, at: string): string | undefined {
    const type = (value as { type?: unknown } | null | undefined)?.type;
    const known = form.oneOf(...Object.keys(LAYERS)).problem(type, `${at}/type`);
    if (known !== undefined) return known;
    const { fields } = LAYERS[type as keyof typeof LAYERS];
    return form.fields({ type: form.text, ...fields, ...COMMON_FIELDS }).problem(value, at);
  },
} as form.Form<LayerData>;

/**
 * Layers from plain data, as study files and models hold them: `[{ type: 'Input', shape: [28, 28] }, …]`. What is left out has the default of the layer's
 * function. E_ARGUMENT for an unknown layer or field, or a wrong value.
 */
export function layersFrom(data: readonly LayerData[]): Layer[] {
  requireItems('layersFrom: layers', ['type'], data);
  return data.map((layer) => {
    const type = resolveName('layer', LAYERS, layer.type);
    return (LAYERS[type] as unknown as LayerDefinition<LayerData>).rebuild(layer) as Layer;
  });
}
