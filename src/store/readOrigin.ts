import { basename, resolve } from 'node:path';
import type { DataSet } from '../data/dataSet.ts';
import { bytesFile, type DataFile } from '../data/readers/dataFile.ts';
import { readDataSet } from '../data/readers/readDataSet.ts';
import type { ReadOptions } from '../data/readers/readOptions.ts';
import { DactylError } from '../util/errors.ts';
import { describe } from '../util/describe.ts';
import { codec } from './codec.ts';
import { dataFilesOf } from './dataFiles.ts';
import { sha256 } from './sha256.ts';

/** The path of a file or folder, the bytes of a file, or files that are read in other ways. */
export type DataOrigin = string | Uint8Array | readonly DataFile[];

export interface LoadDatasetOptions extends Omit<ReadOptions, 'test'> {
  /** The test set, where it is in a file or folder of its own. */
  readonly test?: DataOrigin;
}

/** `loadDataset` of files of which nothing is known beside them. */
export async function readOrigin(
  origin: DataOrigin,
  {
    test,
    name = typeof origin === 'string' ? basename(resolve(origin)) : 'data',
    ...others
  }: LoadDatasetOptions,
): Promise<DataSet> {
  return readDataSet(
    await filesOf(origin, 'data'),
    { name, ...others, ...(test !== undefined && { test: await filesOf(test, 'test') }) },
    { sha256, codec },
  );
}

function filesOf(origin: DataOrigin, name: string): Promise<readonly DataFile[]> | readonly DataFile[] {
  if (typeof origin === 'string') return dataFilesOf(origin);
  if (origin instanceof Uint8Array) return [bytesFile(name, origin)];
  if (Array.isArray(origin)) return origin as readonly DataFile[];
  throw new DactylError(
    'E_ARGUMENT',
    `loadDataset: expected a path, bytes or a list of files; received ${describe(origin)}.`,
  );
}
