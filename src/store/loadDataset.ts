import type { DataSet } from '../data/dataSet.ts';
import { checkReadOptions } from '../data/readers/readOptions.ts';
import { loadPublished, recognisedSet } from './catalogue.ts';
import { type DataOrigin, type LoadDatasetOptions, readOrigin } from './readOrigin.ts';

export type { DataOrigin, LoadDatasetOptions } from './readOrigin.ts';

/**
 * A data set from a file or folder: IDX, NPY, NPZ, CSV, strokes (NDJSON) and others that docs/reference/data.md names; what a file is, its content says.
 * The files of a published set, known by their sums, have its name, classes, licence and citation. Throws E_FILE for what cannot be opened, E_DATA or
 * E_IDX, with file and place, for what cannot be read.
 */
export async function loadDataset(origin: DataOrigin, options: LoadDatasetOptions = {}): Promise<DataSet> {
  checkReadOptions('loadDataset', options);
  const known =
    typeof origin === 'string' && options.classes === undefined ? await recognisedSet(origin) : undefined;
  return known ? loadPublished(known.name, known.paths, options) : readOrigin(origin, options);
}
