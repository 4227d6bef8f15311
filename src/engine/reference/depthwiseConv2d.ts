import type { DepthwiseConv2dSpec } from '../ops/depthwiseConv2d.ts';
import { referenceConvolution } from './convolution.ts';
import type { ReferenceOp } from './op.ts';

/** y[c · multiplier + m] = bias + Σ x[pixel][c] kernel[tap][c][m] over the pixels that the window sees. */
export function referenceDepthwiseConv2d(spec: DepthwiseConv2dSpec, shape: readonly number[]): ReferenceOp {
  const outputs = shape[2] * spec.depthMultiplier;
  const products = Array.from({ length: outputs }, (_, entry) => ({
    channel: Math.floor(entry / spec.depthMultiplier),
    output: entry,
    entry,
  }));
  return referenceConvolution(spec, shape, outputs, products);
}
