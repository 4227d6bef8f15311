import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import {
  MOST_PUBLISHED_BYTES,
  PUBLISHED,
  type PublishedEntry,
  type PublishedFile,
  type PublishedName,
  type PublishedSet,
} from '../data/catalogue/sets.ts';
import type { DataSet } from '../data/dataSet.ts';
import { subset, type Examples } from '../data/examples.ts';
import { dataSet } from '../data/makeDataSet.ts';
import { countNotes } from '../data/readers/countNotes.ts';
import { unzip, zipEntries } from '../data/readers/zip.ts';
import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';
import { makeFolder, writeFileAtomic } from './atomic.ts';
import { dataFilesOf } from './dataFiles.ts';
import { download, type DownloadOptions, sumOf, sumText } from './download.ts';
import { fileError } from './fileError.ts';
import { type LoadDatasetOptions, readOrigin } from './readOrigin.ts';
import { readFile } from './readFile.ts';
import { sha256 } from './sha256.ts';

/** Where fetched data lie: by the convention of the system, `XDG_CACHE_HOME` or ~/.cache, ~/Library/Caches, %LOCALAPPDATA%. */
export function cacheFolder(
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'> = process,
  home = homedir(),
): string {
  const base =
    platform === 'darwin'
      ? join(home, 'Library', 'Caches')
      : platform === 'win32'
        ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
        : env.XDG_CACHE_HOME || join(home, '.cache');
  return join(base, 'dactyl', 'data');
}

export interface FetchOptions extends Pick<DownloadOptions, 'signal' | 'tries' | 'waitMs' | 'stallMs'> {
  /** A folder with the files, carried by hand. */
  readonly from?: string;
  /** Nothing is asked of any server. */
  readonly offline?: boolean;
  /** Instead of the set's own. */
  readonly hosts?: readonly string[];
  /** Instead of the system's (`cacheFolder`). */
  readonly cache?: string;
  readonly onFile?: (file: PublishedFile, how: 'there' | 'copied' | 'fetched') => void;
  readonly onProgress?: (file: string, received: number, total: number | undefined) => void;
}

/** Whether there is a set of this name. */
export function isPublished(name: string): name is PublishedName {
  return Object.hasOwn(PUBLISHED, name);
}

/** The set of a name. Throws E_NOT_FOUND with the nearest name. */
export function publishedSet(name: string): PublishedSet {
  if (isPublished(name)) return PUBLISHED[name];
  const names = Object.keys(PUBLISHED);
  const close = likelyMeant(name, names);
  throw new DactylError(
    'E_NOT_FOUND',
    `Expected one of ${names.join(', ')}; received ${name}.${close === undefined ? '' : ` Do you mean ${close}?`}`,
  );
}

/**
 * Brings the files of a set into the cache and returns their folder; what is there with the right sum stays. Each file appears whole or not at all. Throws
 * E_NOT_FOUND for another name and, offline or with `from`, for files that are not there, E_FILE and E_CHECKSUM as `download`, E_ABORTED.
 */
export async function fetchPublished(name: string, options: FetchOptions = {}): Promise<string> {
  const set = publishedSet(name);
  const folder = join(options.cache ?? cacheFolder(), set.folder);
  makeFolder(folder);
  if (set.entries !== undefined && (await haveEntries(folder, set.entries, options))) return folder;
  const missing: PublishedFile[] = [];
  for (const file of set.files) {
    const path = join(folder, file.file);
    if (await isRight(path, file)) options.onFile?.(file, 'there');
    else if (options.from !== undefined) {
      if (await copied(options.from, file, path)) options.onFile?.(file, 'copied');
      else missing.push(file);
    } else if (options.offline) missing.push(file);
    else {
      await downloaded(name, file, path, set.hosts, options);
      options.onFile?.(file, 'fetched');
    }
  }
  if (missing.length > 0) throw notThere(name, set, missing, options);
  if (set.entries !== undefined) await extractEntries(join(folder, set.files[0].file), set.entries, folder);
  return folder;
}

/** Whether the files of an archive are there without it, or are brought by hand; they need it no more. */
async function haveEntries(
  folder: string,
  entries: readonly PublishedEntry[],
  { from, onFile }: FetchOptions,
): Promise<boolean> {
  const right = await Promise.all(entries.map((entry) => isRight(join(folder, entry.file), entry)));
  const carried = entries.map(
    (entry, k) => right[k] || (from !== undefined && existsSync(join(from, entry.file))),
  );
  if (!carried.every(Boolean)) return false;
  for (const [k, entry] of entries.entries()) {
    if (!right[k] && from !== undefined) await copied(from, entry, join(folder, entry.file));
    onFile?.(entry, right[k] ? 'there' : 'copied');
  }
  return true;
}

async function isRight(path: string, { sum }: PublishedFile): Promise<boolean> {
  return existsSync(path) && (await sumOf(path, sum)) === sum.value;
}

async function downloaded(
  name: string,
  file: PublishedFile,
  path: string,
  hosts: readonly string[],
  { hosts: others, onProgress, tries, waitMs, stallMs, signal }: FetchOptions,
): Promise<void> {
  try {
    await download({
      urls: (others ?? hosts).map((host) => `${host.replace(/\/?$/, '/')}${file.file}`),
      path,
      sum: file.sum,
      most: file.bytes ?? MOST_PUBLISHED_BYTES,
      ...(tries !== undefined && { tries }),
      ...(waitMs !== undefined && { waitMs }),
      ...(stallMs !== undefined && { stallMs }),
      ...(signal && { signal }),
      onProgress: (received, total) => onProgress?.(file.file, received, total),
    });
  } catch (error) {
    if (!(error instanceof DactylError) || !['E_FILE', 'E_CHECKSUM'].includes(error.code)) throw error;
    throw new DactylError(
      error.code,
      `${error.message} Try again, or bring ${file.file} (${sumText(file.sum)}) by other means and name its folder: dactyl data fetch ${name} --from FOLDER.`,
      { cause: error },
    );
  }
}

/** From a folder, packed as published or, where the sum is of what it unpacks to, unpacked. */
async function copied(from: string, file: PublishedFile, path: string): Promise<boolean> {
  for (const source of placesOf(from, file).filter((one) => existsSync(one))) {
    const found = await sumOf(source, file.sum);
    if (found !== file.sum.value) {
      throw new DactylError(
        'E_CHECKSUM',
        `${source}: expected ${sumText(file.sum)}, received ${found}. It is another file.`,
      );
    }
    const partial = `${path}.copy`;
    try {
      copyFileSync(source, partial);
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw fileError(error, 'write', path);
    }
    return true;
  }
  return false;
}

function notThere(
  name: string,
  set: PublishedSet,
  missing: readonly PublishedFile[],
  { from, offline }: FetchOptions,
): DactylError {
  const listed = (some: readonly PublishedFile[]): string =>
    some.map(({ file, sum }) => `${file} (${sumText(sum)})`).join(', ');
  const files = `${listed(missing)}${set.entries === undefined ? '' : `, or out of it ${listed(set.entries)}`}`;
  const isUnpacked =
    from !== undefined &&
    set.entries?.some(({ file }) => existsSync(join(from, file.replace(/\.gz$/, '')))) === true;
  return new DactylError(
    'E_NOT_FOUND',
    from !== undefined
      ? `${from}: expected ${files}, received a folder without. ${isUnpacked ? `Files without .gz cannot be checked, for their sums are not known: bring them packed, as they come out of the archive, or read them as they are: --data ${from}. ` : ''}They are published at ${set.hosts.join(' and ')}.`
      : offline
        ? `${name} is not in the cache, and nothing is fetched with --offline: expected ${files}. Fetch it without --offline, or bring the files from ${set.hosts.join(' or ')} and give their folder: dactyl data fetch ${name} --from FOLDER.`
        : `${name}: expected ${files}.`,
  );
}

/** Out of a zip archive these files, each under its own name in `folder`, unless it is there. Throws E_FORMAT where one is not in it, E_DATA for a damaged archive. */
export async function extractEntries(
  path: string,
  entries: readonly Pick<PublishedEntry, 'file' | 'entry'>[],
  folder: string,
): Promise<void> {
  const wanted = entries.filter(({ file }) => !existsSync(join(folder, file)));
  if (wanted.length === 0) return;
  const archive = readFile(path, MOST_PUBLISHED_BYTES);
  const found = zipEntries(archive, path);
  for (const { entry, file } of wanted) {
    const one = found.find(({ name }) => name === entry);
    if (one === undefined) {
      throw new DactylError('E_FORMAT', `${path}: expected ${entry} in it, received an archive without.`);
    }
    writeFileAtomic(join(folder, file), await unzip(archive, one, path));
  }
}

/** The files of a set in the cache; undefined where not all are there. */
export function fetchedFiles(name: PublishedName, cache = cacheFolder()): readonly string[] | undefined {
  const { folder, files, entries }: PublishedSet = PUBLISHED[name];
  const paths = (entries ?? files).map(({ file }) => join(cache, folder, file));
  return paths.every((path) => existsSync(path)) ? paths : undefined;
}

/**
 * The published set whose files lie at a path: in that folder, where they are those of one set, or beside that file, one of them. Known by their sums, the smallest
 * file first, so that others cost next to nothing. MNIST is known by its content wherever it is.
 */
export async function recognisedSet(
  path: string,
): Promise<{ name: PublishedName; paths: readonly string[] } | undefined> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const isFolder = stats.isDirectory();
  const folder = isFolder ? path : dirname(path);
  const there = (Object.keys(PUBLISHED) as PublishedName[]).flatMap((name) => {
    const set: PublishedSet = PUBLISHED[name];
    const files = set.entries ?? set.files;
    const paths = files.flatMap((file) => placesOf(folder, file).find((place) => existsSync(place)) ?? []);
    const isOne = isFolder || paths.includes(join(folder, basename(path)));
    return name !== 'mnist' && isOne && paths.length === files.length ? [{ name, files, paths }] : [];
  });
  if (new Set(there.map(({ paths }) => paths.join('\n'))).size > 1) return undefined;
  for (const { name, files, paths } of there) {
    if (await haveTheirSums(paths, files)) return { name, paths };
  }
  return undefined;
}

/** A file as it is published, or unpacked where the sum is of that. */
function placesOf(folder: string, { file, sum }: PublishedFile): string[] {
  const names = [file, ...(sum.of === 'unpacked' ? [file.replace(/\.gz$/, '')] : [])];
  return names.map((one) => join(folder, one));
}

async function haveTheirSums(places: readonly string[], files: readonly PublishedFile[]): Promise<boolean> {
  const order = places.map((place, k) => ({ place, ...files[k], size: statSync(place).size }));
  order.sort((a, b) => a.size - b.size);
  for (const { place, sum } of order) if ((await sumOf(place, sum)) !== sum.value) return false;
  return true;
}

/** A fetched set from its files (`fetchedFiles`). Throws as `loadDataset`. */
export async function loadPublished(
  name: PublishedName,
  paths: readonly string[],
  options: Omit<LoadDatasetOptions, 'classes'> = {},
): Promise<DataSet> {
  const { title, shows, classes, transposed, testFrom, licence, citation, note }: PublishedSet =
    PUBLISHED[name];
  const files = (await dataFilesOf(dirname(paths[0]))).filter(({ shown }) => paths.includes(shown ?? ''));
  const { name: called = name } = options;
  const read = await readOrigin(files, { ...options, name: called });
  const turned = (part: Examples): Examples => (transposed ? transposedImages(part) : part);
  const { facts } = read;
  const own = options.test === undefined;
  const parts = {
    train: turned(read.train),
    test: own ? from(turned(read.test), testFrom ?? 0) : read.test,
  };
  const names = classes ?? read.classes;
  const counted = countNotes(read.train, read.test, read.classes);
  const recounted = countNotes(parts.train, parts.test, names);
  const notes = (facts.sheet?.notes ?? []).map((one) => recounted[counted.indexOf(one)] ?? one);
  if (note !== undefined) notes.push(note);
  const sheet = { ...facts.sheet, source: title, licence, citation, notes };
  return dataSet(
    {
      name: called,
      ...parts,
      classes: names,
      facts: { ...facts, ...(shows && { shows }), sheet },
    },
    sha256,
  );
}

function from(examples: Examples, first: number): Examples {
  if (first === 0) return examples;
  const rest = Math.max(0, examples.labels.length - first);
  return subset(
    examples,
    Uint32Array.from({ length: rest }, (_, i) => first + i),
  );
}

/** Rows for columns. */
function transposedImages({ images, ...others }: Examples): Examples {
  const [n, rows, columns] = images.shape;
  const data = new Uint8Array(images.data.length);
  for (let i = 0; i < n; i++) {
    const at = i * rows * columns;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) data[at + c * rows + r] = images.data[at + r * columns + c];
    }
  }
  return { ...others, images: { data, shape: [n, columns, rows] } };
}
