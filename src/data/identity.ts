import { DactylError } from '../util/errors.ts';
import { sha256Hex } from '../util/hash.ts';
import { formatShape, type Tensor } from '../util/tensor.ts';
import { requireFields, requireFunction } from '../util/options.ts';
import type { Examples } from './examples.ts';
import { MNIST_FILES } from './mnist/mnistFiles.ts';

/** The identity of MNIST: the SHA-256 of its four files. */
export const MNIST_IDENTITY: readonly string[] = Object.values(MNIST_FILES).map(({ sha256 }) => sha256);

/** What of a data set its identity is made of. */
export interface Parts {
  readonly train: Examples;
  readonly test: Examples;
  /** Names of the classes; '0', '1', … where nothing is said. */
  readonly classes?: readonly string[];
}

/**
 * What data are, wherever they came from: the SHA-256 of training images, training labels, test images and test labels, each as the IDX file that
 * has just these bytes, of rank 3, or of rank 4 [n, rows, columns, channels] where there are several channels. MNIST has the four sums of its files.
 * A fifth is that of the classes, their names as a JSON array in UTF-8 without spaces, where they are others than '0' … '9'. Throws E_SHAPE for arrays
 * that are no images with one label each. `sha256`: another implementation of the same function, where the runtime has a faster one.
 */
export function dataIdentity(data: Parts, sha256 = sha256Hex): string[] {
  requireFields('dataIdentity: data', ['train', 'test'], data);
  requireFunction('dataIdentity: sha256', sha256);
  const { train, test, classes = numberNames(train.classes) } = data;
  const named = JSON.stringify(classes);
  return [
    ...partIdentity(train, 'training', sha256),
    ...partIdentity(test, 'test', sha256),
    ...(named === TEN_DIGITS ? [] : [sha256(new TextEncoder().encode(named))]),
  ];
}

/** The names of classes that have none: '0', '1', … */
export function numberNames(classes: number): string[] {
  return Array.from({ length: classes }, (_, k) => String(k));
}

const TEN_DIGITS = JSON.stringify(numberNames(10));

function partIdentity({ images, labels }: Examples, part: string, sha256: typeof sha256Hex): string[] {
  // A last axis of length 1, the one channel of grey images, is in no IDX file of images.
  const shape = images.shape.length === 4 && images.shape[3] === 1 ? images.shape.slice(0, 3) : images.shape;
  const values = shape.reduce((product, extent) => product * extent, 1);
  const isImages = shape.length === 3 || shape.length === 4;
  if (!isImages || !isBytes(images.data) || images.data.length !== values) {
    throw new DactylError(
      'E_SHAPE',
      `The ${part} images: expected a Uint8Array of the shape [n, rows, columns] or [n, rows, columns, channels], received ${describe(images)}.`,
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
