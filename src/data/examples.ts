import { DactylError } from '../util/errors.ts';
import { sizeOf, type Tensor } from '../util/tensor.ts';

/** Images with one class each: a part of a data set. */
export interface Examples {
  /** [n, rows, columns] where they are grey, 0 for paper to 255 for ink; [n, rows, columns, channels] where they are not. */
  readonly images: Tensor<Uint8Array>;
  /** [n], whole numbers from 0 to `classes` − 1. */
  readonly labels: Uint8Array;
  readonly classes: number;
}

/** @deprecated The name of `Examples` before a data set had two parts. */
export type Dataset = Examples;

/** The images and labels at `indices`, copied, in that order. Throws E_ARGUMENT for an index outside the examples. */
export function subset(examples: Examples, indices: ArrayLike<number>): Examples {
  const [n, ...extents] = examples.images.shape;
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
    pixels.set(examples.images.data.subarray(index * size, (index + 1) * size), i * size);
    labels[i] = examples.labels[index];
  }
  return {
    images: { data: pixels, shape: [indices.length, ...extents] },
    labels,
    classes: examples.classes,
  };
}

/** The images and labels of all parts, copied, one part after the other; they have one size. */
export function joined([first, ...others]: readonly Examples[]): Examples {
  const parts = [first, ...others];
  const [, ...extents] = first.images.shape;
  const labels = new Uint8Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
  const data = new Uint8Array(labels.length * sizeOf(extents));
  let at = 0;
  for (const part of parts) {
    labels.set(part.labels, at);
    data.set(part.images.data, at * sizeOf(extents));
    at += part.labels.length;
  }
  return { images: { data, shape: [at, ...extents] }, labels, classes: first.classes };
}

/** How many images each class has, by class. */
export function classCounts(examples: Examples): number[] {
  const counts = new Array<number>(examples.classes).fill(0);
  for (const label of examples.labels) counts[label]++;
  return counts;
}
