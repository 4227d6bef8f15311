import type { DataSet } from '../data/dataSet.ts';
import { checkReadOptions } from '../data/readers/readOptions.ts';
import { loadPublished, recognisedSet } from './catalogue.ts';
import { type DataOrigin, type LoadDatasetOptions, readOrigin } from './readOrigin.ts';
import { unconfirmedNote } from './unconfirmed.ts';

export type { DataOrigin, LoadDatasetOptions } from './readOrigin.ts';

/**
 * A data set from a file or folder: IDX, NPY, NPZ, CSV, strokes (NDJSON) and others that docs/reference/data.md names; what a file is, its content says.
 * The files of a published set, known by their sums, have its name, classes, licence and citation; of files that have its names alone a note says so. Throws E_FILE for what cannot be opened, E_DATA or
 * E_IDX, with file and place, for what cannot be read.
 */
export async function loadDataset(origin: DataOrigin, options: LoadDatasetOptions = {}): Promise<DataSet> {
  checkReadOptions('loadDataset', options);
  const known =
    typeof origin === 'string' && options.classes === undefined ? await recognisedSet(origin) : undefined;
  if (known) return loadPublished(known.name, known.paths, options);
  const set = await readOrigin(origin, options);
  const note = typeof origin === 'string' ? unconfirmedNote(origin) : undefined;
  if (note === undefined) return set;
  const { facts } = set;
  return {
    ...set,
    facts: { ...facts, sheet: { ...facts.sheet, notes: [note, ...(facts.sheet?.notes ?? [])] } },
  };
}
