import type { GlobalAveragePooling2dSpec } from '../ops/globalAveragePooling2d.ts';
import { referenceAveragePooling2d } from './averagePooling2d.ts';
import type { ReferenceOp } from './op.ts';

/** The mean of each channel. */
export function referenceGlobalAveragePooling2d(
  _spec: GlobalAveragePooling2dSpec,
  shape: readonly number[],
): ReferenceOp {
  const poolSize = [shape[0], shape[1]] as const;
  return referenceAveragePooling2d({ poolSize, strides: [1, 1], padding: 'valid' }, shape);
}
