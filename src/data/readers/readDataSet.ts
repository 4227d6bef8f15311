import { checkOptions, requireFunction } from '../../util/options.ts';
import type { DataSet } from '../dataSet.ts';
import type { DataFile } from './dataFile.ts';
import { loadReaders } from './loadReaders.ts';
import { checkFiles, checkReadOptions, type ReadOptions } from './readOptions.ts';
import type { Runtime } from './runtime.ts';

/**
 * A data set from files: IDX, NPY, NPZ, CSV, LIBSVM or strokes (NDJSON), packed with gzip or not, in any of the arrangements that docs/reference/data.md names. Every
 * file is known by its content. Where there is no test set, a fifth of each class is drawn as one (seed 0). What was understood stands in
 * `facts.sheet.notes`. Throws E_DATA or E_IDX, with file and place, for what cannot be read; then nothing of it is used. */
export async function readDataSet(
  files: readonly DataFile[],
  options: ReadOptions = {},
  runtime: Runtime = {},
): Promise<DataSet> {
  checkReadOptions('readDataSet', options);
  checkOptions('readDataSet: runtime', ['sha256', 'codec'], runtime);
  const { sha256, codec } = runtime;
  checkFiles('readDataSet: files', files);
  if (options.test !== undefined) checkFiles('readDataSet: test', options.test);
  if (sha256 !== undefined) requireFunction('readDataSet: sha256', sha256);
  if (codec !== undefined) requireFunction('readDataSet: codec', codec);
  const { dataSetFromFiles } = await loadReaders();
  return dataSetFromFiles(files, options, runtime);
}
