import { type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HEAD, isForeignPicture, isImageKind, kindOf } from '../data/readers/kind.ts';
import { isBeside } from '../data/readers/names.ts';
import { dataFilesOf, headOf } from '../store/dataFiles.ts';
import { fileError } from '../store/fileError.ts';
import { MOST_PICTURE_BYTES } from '../store/loadPicture.ts';
import { readFile } from '../store/readFile.ts';
import { DactylError } from '../util/errors.ts';

/** Standard input. */
export const STDIN = '-';

/** A picture to be read. */
export interface Source {
  readonly file: string;
  /** Found in a folder: passed over where it is no picture. */
  readonly found: boolean;
  readonly head: () => Uint8Array | Promise<Uint8Array>;
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

/** The pictures of an argument; what cannot be opened throws when it is read. */
export interface Sources {
  readonly path: string;
  readonly isFolder: boolean;
  readonly sources: readonly Source[];
}

export async function sourcesOf(path: string, stdin: Uint8Array | null): Promise<Sources> {
  const one = (file: string, head: Source['head'], read: Source['read']): Sources => ({
    path,
    isFolder: false,
    sources: [{ file, found: false, head, read }],
  });
  if (path === STDIN) {
    return one(
      'standard input',
      () => stdin!,
      () => stdin!,
    );
  }
  try {
    if (!statOf(path)?.isDirectory()) {
      return one(
        path,
        () => headOf(path, HEAD),
        () => readInput(path),
      );
    }
    const files = (await dataFilesOf(path, true)).filter(
      (file) => !file.path.endsWith('/') && !isBeside(file.path),
    );
    const sources = files.map((file): Source => ({
      file: file.shown!,
      found: true,
      head: () => file.head(HEAD),
      read: () => readInput(file.shown!),
    }));
    return { path, isFolder: true, sources };
  } catch (error) {
    const fail = (): never => {
      throw error;
    };
    return one(path, fail, fail);
  }
}

/** A regular file. Throws E_FILE and E_FORMAT. */
export function readInput(path: string): Uint8Array {
  const stats = statOf(path);
  if (stats === undefined || stats.isFile() || stats.isDirectory()) return readFile(path, MOST_PICTURE_BYTES);
  throw new DactylError(
    'E_FILE',
    `Cannot read ${path}: expected a regular file, received a pipe or a device. Give a pipe as standard input and name it ${STDIN}, or write its content to a file.`,
  );
}

/** By its content, or by its name, where a picture is damaged from its first byte on; also of a kind that is not read. */
export async function looksLikePicture({ file, head }: Source): Promise<boolean> {
  if (/\.(?:png|jpe?g|webp|bmp|gif)$/i.test(file)) return true;
  const bytes = await head();
  return isImageKind(kindOf(bytes)) || isForeignPicture(bytes, file);
}

/**
 * Throws E_ARGUMENT where a page would be written over what is read: a model and what lies beside it, drawings, pictures, by whatever path. A page of before that lies among
 * the pictures is no picture; what is given back leaves it out.
 */
export function requireOther(
  out: string,
  model: string | undefined,
  strokes: string | null,
  groups: readonly Sources[],
): Sources[] {
  const isOut = sameAs(out);
  const refuse = (file: string): never => {
    throw new DactylError(
      'E_ARGUMENT',
      `--out: expected another file than those that are read, received ${out}, which is ${file === out ? 'one of them' : file}.`,
    );
  };
  const others = [strokes, ...(model === undefined ? [] : [model, join(dirname(model), 'results.json')])];
  for (const file of others) if (file !== null && isOut(file)) refuse(file);
  return groups.map((group) => ({
    ...group,
    sources: group.sources.filter(({ file, found }) => {
      if (!isOut(file)) return true;
      return found && /\.html?$/i.test(file) ? false : refuse(file);
    }),
  }));
}

/** Whether a path leads to the same file; to none where that is not there yet. */
function sameAs(path: string): (other: string) => boolean {
  const own = numbersOf(path);
  return (other) => {
    if (own === undefined) return false;
    const numbers = numbersOf(other);
    return numbers?.ino === own.ino && numbers.dev === own.dev;
  };
}

function numbersOf(path: string): { readonly ino: bigint; readonly dev: bigint } | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

/** What a path is, links followed; undefined where nothing is there. Throws E_FILE. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}
