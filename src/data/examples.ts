import { DactylError } from '../util/errors.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';

/** Grey images with one class each. */
export interface Dataset {
  /** [n, rows, columns], or with further extents such as channels; 0 for paper to 255 for ink. */
  readonly images: Tensor<Uint8Array>;
  /** [n], whole numbers from 0 to `classes` − 1. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** The images and labels at `indices`, copied, in that order. Throws E_ARGUMENT for an index outside the data set. */
export function subset(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const [n, ...extents] = dataset.images.shape;
  const size = sizeOf(extents);
  const pixels = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!(Number.isInteger(index) && index >= 0 && index < n)) {
      throw new DactylError(
        'E_ARGUMENT',
        `A subset: expected index ${i} to be a whole number from 0 to ${n - 1}, received ${index}.`,
      );
    }
    pixels.set(dataset.images.data.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = dataset.labels[index];
  }
  return {
    images: { data: pixels, shape: [indices.length, ...extents] },
    labels,
    classes: dataset.classes,
  };
}

/** How many images each class has, by class. */
export function classCounts(dataset: Dataset): number[] {
  const counts = new Array<number>(dataset.classes).fill(0);
  for (const label of dataset.labels) counts[label]++;
  return counts;
}
