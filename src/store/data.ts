import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DataSet } from '../data/dataSet.ts';
import type { Examples } from '../data/examples.ts';
import { dataSet } from '../data/makeDataSet.ts';
import { MNIST_FILES } from '../data/mnist/mnistFiles.ts';
import { examplesFromIdx } from '../data/readers/idxExamples.ts';
import { DactylError } from '../util/errors.ts';
import { loadMnist } from './mnist.ts';
import { readFile } from './readFile.ts';
import { sha256 } from './sha256.ts';
import { inSharedMemory } from './sharedMemory.ts';

export interface ResolveDataOptions {
  /** A folder whose test images take the place of those of the data. */
  readonly test?: string;
  /** Puts images and labels into `SharedArrayBuffer`s, so that worker threads use them without a copy. */
  readonly shared?: boolean;
}

/** What `--data` says where nothing is said. */
export const USUAL_DATA = 'mnist';

/**
 * The data set of a name or path, as `--data` takes them: 'mnist', or a folder with four IDX files under the names of MNIST's, packed with gzip or not.
 * Throws E_NOT_FOUND for anything else, E_FILE and E_IDX as their readers, and as `dataSet` where its parts do not fit.
 */
export async function resolveData(nameOrPath: string, options: ResolveDataOptions = {}): Promise<DataSet> {
  const { test, shared = false } = options;
  const named = nameOrPath === USUAL_DATA ? loadMnist({ shared }) : folderData(nameOrPath);
  const set = test === undefined ? named : withTest(named, test);
  await Promise.resolve();
  return shared ? { ...set, train: inSharedMemory(set.train), test: inSharedMemory(set.test) } : set;
}

const { trainImages, trainLabels, testImages, testLabels } = MNIST_FILES;

function folderData(path: string): DataSet {
  if (!isFolder(path)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${path}: expected the name '${USUAL_DATA}' or a folder with ${listOfFiles()}, received ${existsSync(path) ? 'a file' : 'neither'}.`,
    );
  }
  const train = readPart(path, trainImages.file, trainLabels.file);
  const test = readPart(path, testImages.file, testLabels.file);
  const classes = Math.max(train.classes, test.classes);
  return dataSet(
    { name: basename(resolve(path)), train: { ...train, classes }, test: { ...test, classes } },
    sha256,
  );
}

function withTest(set: DataSet, path: string): DataSet {
  const { name, train, classes, facts } = set;
  const own = readPart(path, testImages.file, testLabels.file);
  const test = { ...own, classes: Math.max(own.classes, classes.length) };
  return dataSet(
    { name: `${name}, tested on ${basename(resolve(path))}`, train, test, classes, facts },
    sha256,
  );
}

function readPart(folder: string, images: string, labels: string): Examples {
  return examplesFromIdx(readPacked(folder, images), images, readPacked(folder, labels), labels);
}

/** Deflate packs no more than 1,032 bytes into one. */
const MOST_RATIO = 1_032;

function readPacked(folder: string, file: string): Uint8Array {
  const plain = join(folder, file);
  if (existsSync(plain) || !existsSync(`${plain}.gz`)) return readFile(plain);
  const packed = readFile(`${plain}.gz`);
  try {
    return gunzipSync(packed, { maxOutputLength: MOST_RATIO * packed.length });
  } catch (cause) {
    throw new DactylError(
      'E_IDX',
      `${plain}.gz: expected an IDX file packed with gzip, received ${(cause as Error).message}. Get it anew.`,
      { cause },
    );
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function listOfFiles(): string {
  return Object.values(MNIST_FILES)
    .map(({ file }) => `${file}[.gz]`)
    .join(', ');
}
