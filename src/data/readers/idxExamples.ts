import { DactylError } from '../../util/errors.ts';
import { formatShape } from '../../util/tensor.ts';
import type { Examples } from '../examples.ts';
import { readIdxImages, readIdxLabels } from './idx.ts';

/**
 * Examples from the bytes of an image file and of a label file. Throws E_IDX unless both are well formed, agree in their counts, and every label is
 * 0 … `classes` − 1; without `classes`, the largest label decides.
 */
export function examplesFromIdx(
  images: Uint8Array,
  imageFile: string,
  labels: Uint8Array,
  labelFile: string,
  classes?: number,
): Examples {
  const imageTensor = readIdxImages(images, imageFile);
  const { data, shape } = readIdxLabels(labels, labelFile);
  if (imageTensor.shape[0] !== shape[0]) {
    throw new DactylError(
      'E_IDX',
      `${labelFile}, byte 4: expected as many labels as ${imageFile} has images ${formatShape(imageTensor.shape)}, received ${shape[0]}.`,
    );
  }
  const count = classes ?? data.reduce((most, label) => Math.max(most, label), 0) + 1;
  const wrong = data.findIndex((label) => label >= count);
  if (wrong >= 0) {
    throw new DactylError(
      'E_IDX',
      `${labelFile}, byte ${8 + wrong}: expected a label from 0 to ${count - 1}, received ${data[wrong]}.`,
    );
  }
  return { images: imageTensor, labels: data, classes: count };
}
