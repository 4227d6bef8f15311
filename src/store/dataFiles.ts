import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bytesFile, type DataFile } from '../data/readers/dataFile.ts';
import { inflatedHead } from '../data/readers/inflate.ts';
import { HEAD, kindOf } from '../data/readers/kind.ts';
import { setKey } from '../data/readers/names.ts';
import { DactylError } from '../util/errors.ts';
import { fileError } from './fileError.ts';
import { readFile } from './readFile.ts';

const MOST_FILES = 2_000_000;
/** Folders within folders. */
const DEEPEST = 16;

/**
 * The files of a path, for `readDataSet`: of a folder all that are in it, by name; of an array of images or labels (IDX, NPY) those beside it that belong to the same
 * set by their names; of any other file itself. Throws E_FILE.
 */
export async function dataFilesOf(path: string): Promise<DataFile[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw fileError(Object.assign(new Error(), { code: 'ENOENT' }), 'read', path);
  if (stats.isDirectory()) {
    const files: DataFile[] = [];
    list(path, '', files, 0);
    return files;
  }
  const bytes = readFile(path);
  const own = { ...bytesFile(basename(path), bytes), shown: path };
  const outer = kindOf(bytes.subarray(0, HEAD));
  const kind = outer === 'gzip' ? kindOf(await inflatedHead(bytes)) : outer;
  if (kind !== 'IDX' && kind !== 'NPY') return [own];
  const folder = dirname(path);
  const beside: DataFile[] = readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) => !entry.isDirectory() && entry.name !== own.path && setKey(entry.name) === setKey(own.path),
    )
    .map(({ name }) => fileAt(join(folder, name), name))
    .filter((file) => ['IDX', 'NPY', 'gzip'].includes(kindOf(headOf(file.shown!, HEAD)) ?? ''));
  return [own, ...beside].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function list(folder: string, within: string, files: DataFile[], depth: number): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw fileError(error, 'read', folder);
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const name = `${within}${entry.name}`;
    const is = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
    if (is?.isDirectory()) {
      if (depth === DEEPEST) {
        throw new DactylError(
          'E_FILE',
          `Cannot read ${path}: expected at most ${DEEPEST} folders within each other, received more. Do links lead in a circle?`,
        );
      }
      const before = files.length;
      list(path, `${name}/`, files, depth + 1);
      if (files.length === before) files.push(emptyFolder(path, `${name}/`));
    } else if (is?.isFile()) {
      files.push(fileAt(path, name));
    }
    if (files.length > MOST_FILES) {
      throw new DactylError(
        'E_FILE',
        `Cannot read ${folder}: expected at most ${MOST_FILES} files, received more. Is it another folder than meant?`,
      );
    }
  }
}

/** A folder without files, by which the class of an empty folder shows. */
function emptyFolder(shown: string, path: string): DataFile {
  return { path, shown, head: () => new Uint8Array(0), read: () => new Uint8Array(0) };
}

function fileAt(shown: string, path: string): DataFile {
  return { path, shown, head: (count) => headOf(shown, count), read: () => readFile(shown) };
}

/** The first bytes of a file, at most `count`. Throws E_FILE. */
export function headOf(path: string, count: number): Uint8Array {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(count);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, count, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}
