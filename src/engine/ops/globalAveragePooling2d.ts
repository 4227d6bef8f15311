import type { OpSpec, Step } from '../op.ts';
import { AveragePoolingOp } from './averagePooling2d.ts';
import { geometryOf, imageExtents } from './geometry.ts';

export interface GlobalAveragePooling2dSpec extends OpSpec {
  readonly kind: 'globalAveragePooling2d';
}

/** The mean of each channel over the whole image: average pooling with one window, its output [channels]. */
export function globalAveragePooling2d(): Step<GlobalAveragePooling2dSpec> {
  return {
    spec: { kind: 'globalAveragePooling2d' },
    shape: globalAveragePooling2dOutputShape,
    create: ({ context, shape }) => {
      const [height, width, channels] = imageExtents(shape, LAYER);
      // As pixels one below the other: a window can go on from row to row.
      const pixels = height * width;
      const window = { size: [pixels, 1], strides: [1, 1], padding: 'valid' } as const;
      const geometry = geometryOf([pixels, 1, channels], window, () => channels, LAYER, 'poolSize');
      return new AveragePoolingOp(context, geometry, [channels]);
    },
  };
}

const LAYER = 'GlobalAveragePooling2D';

/** Throws E_SHAPE where the input is no image. */
export function globalAveragePooling2dOutputShape(shape: readonly number[]): number[] {
  return [imageExtents(shape, LAYER)[2]];
}
