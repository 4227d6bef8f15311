import type { Conv2dSpec } from '../ops/conv2d.ts';
import { referenceConvolution } from './convolution.ts';
import type { ReferenceOp } from './op.ts';

/** y[o] = bias[o] + Σ x[pixel][c] kernel[tap][c][o] over the pixels that the window sees. */
export function referenceConv2d(spec: Conv2dSpec, shape: readonly number[]): ReferenceOp {
  const { filters } = spec;
  const products = Array.from({ length: shape[2] * filters }, (_, entry) => ({
    channel: Math.floor(entry / filters),
    output: entry % filters,
    entry,
  }));
  return referenceConvolution(spec, shape, filters, products);
}
