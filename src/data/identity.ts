import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { formatShape, type Tensor } from '../util/tensor.ts';
import { requireFields, requireFunction } from '../util/options.ts';
import type { Dataset } from './examples.ts';
import { MNIST_FILES, type Mnist } from './mnist/mnist.ts';

/** The identity of MNIST: the SHA-256 of its four files. */
export const MNIST_IDENTITY: readonly string[] = Object.values(MNIST_FILES).map(({ sha256 }) => sha256);

/**
 * What data are, wherever they came from: the SHA-256 of training images, training labels, test images and test labels, each as the IDX file that
 * has just these bytes. MNIST has the four sums of its files. Throws E_SHAPE for arrays that are no images [n, rows, columns] with n labels.
 * `sha256`: another implementation of the same function, where the runtime has a faster one.
 */
export function dataIdentity(data: Mnist, sha256 = sha256Hex): string[] {
  requireFields('dataIdentity: data', ['train', 'test'], data);
  requireFunction('dataIdentity: sha256', sha256);
  const { train, test } = data;
  return [...partIdentity(train, 'training', sha256), ...partIdentity(test, 'test', sha256)];
}

function partIdentity({ images, labels }: Dataset, part: string, sha256: typeof sha256Hex): string[] {
  // A last axis of length 1, the one colour, is in no IDX file of images.
  const shape = images.shape.length === 4 && images.shape[3] === 1 ? images.shape.slice(0, 3) : images.shape;
  const values = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length !== 3 || !isBytes(images.data) || images.data.length !== values) {
    throw new DactylError(
      'E_SHAPE',
      `The ${part} images: expected a Uint8Array of the shape [n, rows, columns], received ${describe(images)}.`,
    );
  }
  if (!isBytes(labels) || labels.length !== shape[0]) {
    throw new DactylError(
      'E_SHAPE',
      `The ${part} labels: expected a Uint8Array with one label for each of the ${shape[0]} images, received ${isBytes(labels) ? `${labels.length} labels` : typeof labels}.`,
    );
  }
  return [sha256(idxHeader(shape), images.data), sha256(idxHeader([labels.length]), labels)];
}

/** Two zero bytes, the type of unsigned bytes, the rank, and the extents as big-endian uint32. */
function idxHeader(shape: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint8(2, 0x08);
  header.setUint8(3, shape.length);
  shape.forEach((extent, axis) => {
    header.setUint32(4 + 4 * axis, extent);
  });
  return new Uint8Array(header.buffer);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

function describe({ data, shape }: Tensor<Uint8Array>): string {
  return `${isBytes(data) ? `${data.length} bytes` : typeof data} of the shape ${formatShape(shape)}`;
}

/** Whether these are MNIST's sums, in its order; what else a trial's data name, such as writers, may follow. */
export function isMnist(data: readonly string[]): boolean {
  return MNIST_IDENTITY.every((sha256, k) => data[k] === sha256);
}
