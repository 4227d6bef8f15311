import { Random } from '../../util/random.ts';
import { checkOptions, requireFields, requireBytes } from '../../util/options.ts';
import { sizeOf } from '../../util/tensor.ts';
import type { Corruption } from './corruption.ts';

/** Which images are corrupted, and from what the random draws come. */
export interface CorruptOptions {
  /** Index in the corruption's levels. */
  readonly level: number;
  readonly seed: number;
  /** Of the images to corrupt, in the order of the result. */
  readonly indices: ArrayLike<number>;
}

/**
 * The images at `indices` of `images` (n images of the corruption's `shape`, in bytes), corrupted, one after another. Each image has a random stream of its
 * own, named by corruption and index: it looks the same whichever others are there, and its levels share their draws, so that a sign or a
 * pattern of noise stays and grows. Of images that are not 28 × 28: `corruption.at(shape)`.
 */
export function corruptImages(
  images: Uint8Array,
  corruption: Corruption,
  options: CorruptOptions,
): Uint8Array {
  requireBytes('corruptImages: images', images);
  requireFields('corruptImages: corruption', ['name', 'settings', 'shape', 'apply'], corruption);
  checkOptions('corruptImages', ['level', 'seed', 'indices'], options);
  const { level, seed, indices } = options;
  const size = sizeOf(corruption.shape);
  const output = new Uint8Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    const image = images.subarray(index * size, (index + 1) * size);
    const random = () => new Random(seed, `${corruption.name}/${index}`);
    corruption.apply(image, level, random, output.subarray(i * size, (i + 1) * size));
  }
  return output;
}
