import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
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
 * set by their names; of any other file itself. Throws E_FILE; with `patient`, what cannot be listed within a folder stands among the files instead, and throws when it is read.
 */
export async function dataFilesOf(path: string, patient = false): Promise<DataFile[]> {
  const stats = statOf(path);
  if (stats === undefined) throw fileError(Object.assign(new Error(), { code: 'ENOENT' }), 'read', path);
  if (stats.isDirectory()) {
    const files: DataFile[] = [];
    list(path, '', files, { patient, above: [path] });
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

interface Walk {
  readonly patient: boolean;
  /** The folders that one is in. */
  readonly above: readonly string[];
}

function list(folder: string, within: string, files: DataFile[], { patient, above }: Walk): void {
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
    const before = files.length;
    try {
      const is = entry.isSymbolicLink() ? statOf(path) : entry;
      if (is?.isDirectory()) {
        requireAnother(path, entry.isSymbolicLink(), above);
        list(path, `${name}/`, files, { patient, above: [...above, path] });
        if (files.length === before) files.push(emptyFolder(path, `${name}/`));
      } else if (is?.isFile()) {
        files.push(fileAt(path, name));
      } else if (is === undefined && patient) {
        throw fileError(Object.assign(new Error(), { code: 'ENOENT' }), 'read', path);
      }
    } catch (error) {
      if (!patient || !(error instanceof DactylError)) throw error;
      files.push(failing(path, name, error));
    }
    if (files.length > MOST_FILES) {
      throw new DactylError(
        'E_FILE',
        `Cannot read ${folder}: expected at most ${MOST_FILES} files, received more. Is it another folder than meant?`,
      );
    }
  }
}

/** What a path is, links followed; undefined where nothing is there. Throws E_FILE. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/** Throws E_FILE for a folder too deep, and for a link to one of the folders that it is in. */
function requireAnother(path: string, isLink: boolean, above: readonly string[]): void {
  const isCircle = isLink && above.some((folder) => isSame(folder, path));
  if (!isCircle && above.length <= DEEPEST) return;
  throw new DactylError(
    'E_FILE',
    isCircle
      ? `Cannot read ${path}: expected another folder than those that it is in, received a link to one of them: links lead in a circle.`
      : `Cannot read ${path}: expected at most ${DEEPEST} folders within each other, received more. Do links lead in a circle?`,
  );
}

function isSame(a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => statSync(path, { bigint: true }));
  return first.ino === second.ino && first.dev === second.dev;
}

/** What could be listed and not be opened. */
function failing(shown: string, path: string, error: DactylError): DataFile {
  const fail = (): never => {
    throw error;
  };
  return { path, shown, head: fail, read: fail };
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
