import type { Dataset } from '../../data/examples.ts';
import { requireFields, requireNumbers, requireText } from '../../util/options.ts';
import { checkTensor, sizeOf, type Tensor } from '../../util/tensor.ts';

/** From which image integrated gradients start: what 'nothing to see' is taken to be. */
export const BASELINES = ['blank', 'mean', 'blurred', 'solid'] as const;
export type BaselineName = (typeof BASELINES)[number];

/**
 * blank: no ink at all; solid: ink everywhere; mean: the mean of the training images; blurred: each image itself, its strokes washed out by
 * `blurred`. One image for all, or one for each (blurred); values 0 to 255.
 */
export function baselineImages(name: BaselineName, images: Tensor, mean: Float32Array): Tensor {
  requireText('baselineImages: name', name);
  checkTensor(images, 'images');
  requireNumbers('baselineImages: mean', mean);
  const shape = [1, ...images.shape.slice(1)];
  switch (name) {
    case 'blank':
      return { data: new Uint8Array(mean.length), shape };
    case 'solid':
      return { data: new Uint8Array(mean.length).fill(255), shape };
    case 'mean':
      return { data: mean, shape };
    case 'blurred':
      return { data: blurred(images), shape: images.shape };
  }
}

/** Mean of the images, 0 to 255, value by value. */
export function meanImage(dataset: Dataset): Float32Array {
  requireFields('meanImage: dataset', ['images', 'labels', 'classes'], dataset);
  const { images } = dataset;
  const [count, ...extents] = images.shape;
  const size = sizeOf(extents);
  const sums = new Float64Array(size);
  for (let i = 0; i < count; i++) for (let p = 0; p < size; p++) sums[p] += images.data[i * size + p];
  return Float32Array.from(sums, (sum) => sum / count);
}

const RADIUS = 2;
const PASSES = 3;

/**
 * Three passes of a moving average over 5 × 5 pixels, each channel by itself, outside counting as paper: nearly a Gaussian of standard deviation √6 = 2.4 pixels,
 * in exact arithmetic.
 */
export function blurred({ data, shape }: Tensor): Float32Array {
  const [count, rows, columns, channels = 1] = shape;
  const width = columns * channels;
  let from = Float32Array.from(data);
  for (let pass = 0; pass < PASSES; pass++) {
    from = movingMean(from, count * rows * channels, columns, channels, 1, channels, width);
    from = movingMean(from, count * width, rows, width, 1, width, rows * width);
  }
  return from;
}

/** Means along lines of `length` values `stride` apart; line l starts at (l mod `group`) × `next` + ⌊l / group⌋ × `block`. */
function movingMean(
  values: Float32Array,
  lines: number,
  length: number,
  stride: number,
  next: number,
  group: number,
  block: number,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const start = (line % group) * next + Math.floor(line / group) * block;
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = Math.max(0, i - RADIUS); k <= Math.min(length - 1, i + RADIUS); k++) {
        sum += values[start + k * stride];
      }
      out[start + i * stride] = sum / (2 * RADIUS + 1);
    }
  }
  return out;
}
