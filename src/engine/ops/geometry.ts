import { DactylError } from '../../util/errors.ts';
import { formatShape, sizeOf } from '../../util/tensor.ts';
import type { Steps } from '../../util/steps.ts';
import { type Context, paddedWidth } from '../context.ts';
import { imagesInParts } from '../parts.ts';

/** Vertical, horizontal. */
export type Pair = readonly [number, number];
export type Padding = 'valid' | 'same';

/** A window that slides over an image. */
export interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  /** 'valid': the window stays inside; 'same': ceil(extent / stride) places, padded by half of what is missing before (rounded down) and the rest behind, as TensorFlow does. */
  readonly padding: Padding;
}

/** Input, window and output of a convolution or a pooling; the record that `assembly/images/geometry.ts` reads, in its order. */
export interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly stride: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly outStride: number;
  readonly windowHeight: number;
  readonly windowWidth: number;
  readonly stepY: number;
  readonly stepX: number;
  readonly top: number;
  readonly left: number;
  readonly paddedHeight: number;
  readonly paddedWidth: number;
}

/** The extents of an image; throws E_SHAPE for anything else. `layer`: who asks, as users know it. */
export function imageExtents(shape: readonly number[], layer: string): readonly [number, number, number] {
  if (shape.length === 3) return [shape[0], shape[1], shape[2]];
  const received = `${layer} needs images (height, width, channels); received ${formatShape(shape)}.`;
  if (shape.length === 2) {
    throw new DactylError('E_SHAPE', `${received} Put Reshape([${shape.join(', ')}, 1]) before it.`);
  }
  const side = Math.sqrt(sizeOf(shape));
  const example = Number.isInteger(side) ? `[${side}, ${side}, 1]` : '[height, width, channels]';
  throw new DactylError(
    'E_SHAPE',
    `${received} Put it before Flatten and Dense layers, or a Reshape such as Reshape(${example}) before it.`,
  );
}

/** Throws E_SHAPE where the input is no image or smaller than a window that stays inside; `sizeName`: what users call the window's size. */
export function geometryOf(
  shape: readonly number[],
  { size, strides, padding }: Window,
  outChannels: (channels: number) => number,
  layer: string,
  sizeName: string,
): Geometry {
  const [height, width, channels] = imageExtents(shape, layer);
  if (padding === 'valid' && (size[0] > height || size[1] > width)) {
    throw new DactylError(
      'E_SHAPE',
      `${layer} with padding 'valid' needs images of at least ${size[0]} × ${size[1]} pixels, its ${sizeName}; received ${height} × ${width} (shape ${formatShape(shape)}). Use a smaller ${sizeName}, padding 'same', or fewer such layers before it.`,
    );
  }
  const y = axis(height, size[0], strides[0], padding);
  const x = axis(width, size[1], strides[1], padding);
  const out = outChannels(channels);
  return {
    height,
    width,
    channels,
    stride: paddedWidth(height * width * channels),
    outHeight: y.places,
    outWidth: x.places,
    outChannels: out,
    outStride: paddedWidth(y.places * x.places * out),
    windowHeight: size[0],
    windowWidth: size[1],
    stepY: strides[0],
    stepX: strides[1],
    top: y.before,
    left: x.before,
    paddedHeight: y.padded,
    paddedWidth: x.padded,
  };
}

export function outputShapeOf({ outHeight, outWidth, outChannels }: Geometry): number[] {
  return [outHeight, outWidth, outChannels];
}

/** A product for each value of the window at each output, with one input channel. */
export function productsOf(geometry: Geometry): number {
  const { outHeight, outWidth, outChannels, windowHeight, windowWidth } = geometry;
  return outHeight * outWidth * outChannels * windowHeight * windowWidth;
}

/** The record in the kernels' memory: the values in the order of `geometryOf`. */
export function writeGeometry({ heap, pieces }: Context, geometry: Geometry): number {
  const fields = Object.values(geometry) as number[];
  const address = pieces.bytes(4 * fields.length);
  heap.uint32(address, fields.length).set(fields);
  return address;
}

function axis(
  extent: number,
  window: number,
  step: number,
  padding: Padding,
): { places: number; before: number; padded: number } {
  if (padding === 'valid') {
    return { places: Math.floor((extent - window) / step) + 1, before: 0, padded: extent };
  }
  const places = Math.ceil(extent / step);
  const missing = Math.max((places - 1) * step + window - extent, 0);
  return { places, before: Math.floor(missing / 2), padded: extent + missing };
}

/**
 * Some images at a time; where one comes to too many products some of its `outer` places, or, where it has but one, of the `inner` ones within it. The ranges are those of the kernels: first
 * and end of the outer places, then of the inner ones; what is absent is all.
 */
export function rangesInParts(
  context: Context,
  extent: readonly [count: number, products: number],
  outer: number,
  inner: number,
  take: (image: number, images: number, ...ranges: number[]) => void,
): Steps<void> {
  const within = outer === 1;
  return imagesInParts(context, extent, [within ? inner : outer, 1], (image, images, ...part) => {
    take(image, images, ...(within ? [0, 1] : []), ...(part as number[]));
  });
}
