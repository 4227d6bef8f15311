import type { OpSpec } from '../op.ts';
import { referenceActivation } from './activation.ts';
import { referenceAveragePooling2d } from './averagePooling2d.ts';
import { referenceBatchNormalization } from './batchNormalization.ts';
import { referenceConv2d } from './conv2d.ts';
import { referenceDense } from './dense.ts';
import { referenceDepthwiseConv2d } from './depthwiseConv2d.ts';
import { referenceDropout } from './dropout.ts';
import { referenceGlobalAveragePooling2d } from './globalAveragePooling2d.ts';
import { referenceLayerNormalization } from './layerNormalization.ts';
import { referenceMaxPooling2d } from './maxPooling2d.ts';
import type { ReferenceOp } from './op.ts';
import { referenceOwnActivation } from './ownActivation.ts';

/** Every op in float64, by its kind. */
export const REFERENCE_OPS = {
  activation: referenceActivation,
  averagePooling2d: referenceAveragePooling2d,
  batchNormalization: referenceBatchNormalization,
  conv2d: referenceConv2d,
  dense: referenceDense,
  depthwiseConv2d: referenceDepthwiseConv2d,
  dropout: referenceDropout,
  globalAveragePooling2d: referenceGlobalAveragePooling2d,
  layerNormalization: referenceLayerNormalization,
  maxPooling2d: referenceMaxPooling2d,
  ownActivation: referenceOwnActivation,
};

/** `shape`: of one row that it reads. */
export function referenceOp(spec: OpSpec, shape: readonly number[]): ReferenceOp {
  const create = REFERENCE_OPS[spec.kind as keyof typeof REFERENCE_OPS] as (
    spec: OpSpec,
    shape: readonly number[],
  ) => ReferenceOp;
  return create(spec, shape);
}
