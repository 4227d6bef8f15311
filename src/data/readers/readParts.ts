import { bunzip2 } from './bzip2.ts';
import { pairArrays, type NamedArray } from './arrays.ts';
import { lacksLabels, readCsv, type CsvOptions } from './csv.ts';
import type { DataFile } from './dataFile.ts';
import { readIdx } from './idx.ts';
import { inflate } from './inflate.ts';
import { readImageFolder, type ListFile } from './imageFolder.ts';
import { HEAD, isImageKind, kindOf, refuseKind, type Kind } from './kind.ts';
import { readLibsvm } from './libsvm.ts';
import { isBeside, partOfName, setKey, type PartName } from './names.ts';
import { readNpy } from './npy.ts';
import { npzArrays, readNpz } from './npz.ts';
import { joined, type RawExamples, type RawParts } from './parts.ts';
import { Codecs, type CodecSource } from './pictures/codecs.ts';
import type { PictureOptions } from './pictureSet.ts';
import { readParquet } from './parquet.ts';
import { refuse } from './refuse.ts';
import { readStrokes } from './strokes.ts';

/** A file unpacked, with what it is by its content. */
interface Content {
  /** Within the folder that was named. */
  readonly name: string;
  /** For messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly kind: Kind;
}

/**
 * The parts of a data set among files: arrays of images and labels (IDX, NPY), files that have both (NPZ, CSV, NDJSON, LIBSVM), or images in folders. What a file is, its
 * content says; names say what is for training and what is for testing. Throws E_DATA and E_IDX.
 */
export async function readParts(
  files: readonly DataFile[],
  what: string,
  options: CsvOptions & PictureOptions,
  codec?: CodecSource,
): Promise<RawParts> {
  const candidates = files.length === 1 ? files : files.filter(({ path }) => !isBeside(path));
  if (candidates.length === 0) {
    refuse(what, { expected: 'files with images and labels', received: 'none' });
  }
  const kinds: (Kind | undefined)[] = [];
  for (const file of candidates)
    kinds.push(file.path.endsWith('/') ? undefined : kindOf(await file.head(HEAD)));
  const codecs = new Codecs(codec);
  if (kinds.some(isImageKind)) {
    if (candidates.length === 1) {
      refuse(candidates[0].shown ?? candidates[0].path, {
        expected: 'images and labels',
        received: `one ${kinds[0]} image`,
        remedy: 'Give a folder with a folder of images for each class, or with a CSV of labels as well.',
      });
    }
    const lists: ListFile[] = [];
    const others: DataFile[] = [];
    for (const [k, file] of candidates.entries()) {
      const { path: name, shown = name } = file;
      const bytes = kinds[k] === 'CSV' ? await file.read() : undefined;
      if (bytes !== undefined && isTable(bytes)) lists.push({ name, file: shown, bytes });
      else others.push(file);
    }
    return readImageFolder(others, lists, what, codecs, options);
  }
  const contents: Content[] = [];
  for (const file of candidates) if (!file.path.endsWith('/')) contents.push(await unpacked(file));
  const arrays = contents.filter(({ kind }) => kind === 'IDX' || kind === 'NPY');
  if (arrays.length === contents.length) return pairArrays(arrays.map(arrayOf), what);
  // KMNIST's archives have one array each.
  if (contents.length > 1 && contents.every(({ kind }) => kind === 'zip')) {
    const all: NamedArray[] = [];
    for (const { name, file, bytes } of contents) {
      all.push(...(await npzArrays(bytes, file, `${name.replace(/\.npz$/i, '')} `)));
    }
    return pairArrays(all, what);
  }
  const unlabelled = contents.length === 1 ? [] : contents.filter(hasNoLabels);
  const complete = contents.filter((content) => !unlabelled.includes(content));
  if (arrays.length > 0 || new Set(complete.map(({ name }) => setKey(name))).size !== 1) {
    refuse(what, {
      expected: 'one data set',
      received: `files of several, or without labels: ${contents
        .map(({ file }) => file)
        .slice(0, 8)
        .join(', ')}`,
      remedy: 'Give one of these files, or a folder of its own to each data set.',
    });
  }
  const parts = new Map<PartName, RawExamples[]>();
  const notes = unlabelled.map(({ file }) => `${file} has no labels and is not used`);
  for (const one of complete) {
    const read = await partsOf(one, options, codecs);
    notes.push(...read.notes.map((note) => (complete.length === 1 ? note : `${one.file}: ${note}`)));
    const name = partOfName(one.name) ?? 'train';
    add(parts, read.test === undefined && complete.length > 1 ? name : 'train', read.train);
    if (read.test !== undefined) add(parts, 'test', read.test);
  }
  return whole(parts, notes, what);
}

/** Cells in the first line; a sentence has none. */
function isTable(bytes: Uint8Array): boolean {
  return /^[^\n]*[,;\t]/.test(new TextDecoder().decode(bytes.subarray(0, HEAD)));
}

function add(parts: Map<PartName, RawExamples[]>, name: PartName, examples: RawExamples): void {
  parts.set(name, [...(parts.get(name) ?? []), examples]);
}

function whole(
  parts: ReadonlyMap<PartName, readonly RawExamples[]>,
  notes: string[],
  what: string,
): RawParts {
  const train = parts.get('train');
  if (train === undefined) {
    return refuse(what, {
      expected: 'training examples',
      received: `only ${[...parts.keys()].join(' and ')}`,
      remedy: 'Give the files for training as well.',
    });
  }
  const test = parts.get('test') ?? parts.get('validation');
  if (parts.has('test') && parts.has('validation')) notes.push('validation images are not used');
  return { train: joined(train), ...(test !== undefined && { test: joined(test) }), notes };
}

function hasNoLabels({ kind, bytes }: Content): boolean {
  return kind === 'CSV' && lacksLabels(bytes);
}

/** What a file says that has images and labels. */
async function partsOf(
  { file, bytes, kind }: Content,
  options: CsvOptions & PictureOptions,
  codecs: Codecs,
): Promise<RawParts> {
  const of = ({ examples, notes }: { examples: RawExamples; notes: string[] }): RawParts => ({
    train: examples,
    notes,
  });
  switch (kind) {
    case 'zip':
      return readNpz(bytes, file);
    case 'CSV':
      return of(readCsv(bytes, file, options));
    case 'Parquet':
      return of(await readParquet(bytes, file, codecs, options));
    case 'strokes':
      return of(readStrokes(bytes, file));
    case 'libsvm':
      return of(readLibsvm(bytes, file));
    default:
      return refuse(file, {
        expected: 'images and labels',
        received: kind === 'gzip' || kind === 'bzip2' ? 'a file packed twice' : `one ${kind} file`,
        remedy: 'Give the folder with the labels as well.',
      });
  }
}

async function unpacked(source: DataFile): Promise<Content> {
  const { path: name, shown: file = name } = source;
  const packed = kindOf(await source.head(HEAD));
  const read = await source.read();
  const bytes =
    packed === 'gzip' ? await inflate(read, file, 'gzip') : packed === 'bzip2' ? bunzip2(read, file) : read;
  const head = bytes.subarray(0, HEAD);
  return { name, file, bytes, kind: kindOf(head) ?? refuseKind(head, file) };
}

function arrayOf({ name, file, bytes, kind }: Content): NamedArray {
  if (kind === 'NPY') return { name, file, array: readNpy(bytes, file) };
  const array = readIdx(bytes, file);
  const start = 4 + 4 * array.shape.length;
  const size = (bytes.length - start) / array.data.length;
  return { name, file, array, at: (i) => `byte ${start + i * size}` };
}
