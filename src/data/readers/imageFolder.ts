import { dsvFormat } from 'd3-dsv';
import type { DataFile } from './dataFile.ts';
import { isBeside, partOfName, type PartName } from './names.ts';
import { together, type RawExamples, type RawParts } from './parts.ts';
import type { Codecs } from './pictures/codecs.ts';
import { channelsOf, readPictures, type PictureOptions, type PictureSource } from './pictureSet.ts';
import { Unreadable } from './unreadable.ts';
import { placeText, quoted, refuse, type Place } from './refuse.ts';

/** An image with what is known of it. */
interface Item {
  readonly file: DataFile;
  readonly part: PartName;
  readonly label: string;
  /** Where its label stands. */
  readonly at: Place;
}

/** A text that may be a list of labels. */
export interface ListFile {
  readonly name: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

const LABEL_NAMES = /^(?:label|labels|class|classes|target|digit|y|category)$/i;
const PART_NAMES = /^(?:split|part|set|subset|partition)$/i;
/** Rows that tell which column names the images. */
const LOOKED_AT = 50;

/**
 * Images in a folder for each class, the folder's name being the class, or beside a list (CSV) of their names and labels; in folders train and test, or with a column
 * that says so, if parts are told apart. Throws E_DATA for an empty class, an image without a label, a label without an image, and as `readPictures`.
 */
export async function readImageFolder(
  files: readonly DataFile[],
  lists: readonly ListFile[],
  what: string,
  codecs: Codecs,
  options: PictureOptions,
): Promise<RawParts> {
  const images = files.filter(({ path }) => !path.endsWith('/'));
  const notes: string[] = [];
  const items = lists.length > 0 ? listed(images, lists, what, notes) : byFolder(files, images, what);
  const named = lists.length === 0;
  const parts = new Map<PartName, Item[]>();
  for (const item of items) {
    const members = parts.get(item.part) ?? [];
    members.push(item);
    parts.set(item.part, members);
  }
  const train = parts.get('train');
  if (train === undefined) {
    return refuse(what, { expected: 'training images', received: `only ${[...parts.keys()].join(' and ')}` });
  }
  const test = parts.get('test') ?? parts.get('validation');
  if (parts.has('test') && parts.has('validation')) notes.push('validation images are not used');
  const used = [...train, ...(test ?? [])];
  const channels = options.channels ?? (await channelsOf(used.map(sourceOf), codecs));
  const unreadable = new Unreadable((them) => `take ${them} out of the folder`);
  if (channels === 1) notes.push('read as grey');
  let before = 0;
  const examplesOf = async (some: readonly Item[]): Promise<RawExamples> => {
    const start = before;
    before += some.length;
    const onProgress = options.onProgress;
    const tensor = await readPictures(some.map(sourceOf), channels, codecs, unreadable, {
      ...(options.size !== undefined && { size: options.size }),
      ...(onProgress && { onProgress: (done: number) => onProgress(start + done, used.length) }),
    });
    return {
      images: tensor,
      labels: some.map(({ label }) => label),
      file: what,
      labelFile: named ? what : together(lists.map(({ file }) => file)),
      labelAt: (i) => some[i].at,
      imageAt: (i) => ({ file: shownOf(some[i].file) }),
      bytes: true,
      ...(named && { named }),
    };
  };
  const first = await examplesOf(train);
  const second = test && (await examplesOf(test));
  unreadable.refuse(what, used.length);
  notes.unshift(
    named
      ? 'images in a folder for each class'
      : `images with labels from ${lists.map(({ file }) => file).join(', ')}`,
  );
  return { train: first, ...(second && { test: second }), notes };
}

function shownOf({ path, shown = path }: DataFile): string {
  return shown;
}

function sourceOf({ file }: Item): PictureSource {
  return { file: shownOf(file), read: () => file.read() };
}

function byFolder(files: readonly DataFile[], images: readonly DataFile[], what: string): Item[] {
  const empty = files.find(({ path }) => path.endsWith('/') && !isBeside(path.slice(0, -1)));
  if (empty !== undefined) {
    refuse(shownOf(empty), {
      expected: 'images in the folder of every class',
      received: 'an empty folder',
      remedy: 'Put images into it, or remove it.',
    });
  }
  return images.map((file) => {
    const folders = file.path.split('/').slice(0, -1);
    const part = partOfFolders(folders);
    const label = folders[folders.length - 1] as string | undefined;
    if (label === undefined || (part !== undefined && partOfName(label) !== undefined && isPart(label))) {
      return refuse(shownOf(file), {
        expected: 'an image in the folder of its class, or a CSV with names of images and labels',
        received: 'neither',
        remedy: `Sort the images into folders: ${what}/3/image.png.`,
      });
    }
    return { file, part: part ?? 'train', label, at: { file: shownOf(file), at: 'its folder' } };
  });
}

/** A folder whose whole name is a part's. */
function isPart(folder: string): boolean {
  return /^(?:train|training|test|testing|val|valid|validation|dev)$/i.test(folder);
}

function partOfFolders(folders: readonly string[]): PartName | undefined {
  const folder = folders.find(isPart);
  return folder === undefined ? undefined : partOfName(folder);
}

function listed(
  images: readonly DataFile[],
  lists: readonly ListFile[],
  what: string,
  notes: string[],
): Item[] {
  const places = new Map<string, DataFile | undefined>();
  const put = (key: string, file: DataFile): void => {
    // Two images of one name, in two folders, are told apart by their paths alone.
    places.set(key, places.has(key) && places.get(key) !== file ? undefined : file);
  };
  for (const file of images) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    for (const key of new Set([file.path, name, stemOf(file.path), stemOf(name)])) put(key, file);
  }
  const items: Item[] = [];
  const seen = new Map<DataFile, string>();
  for (const list of lists) {
    for (const item of itemsOf(list, places, lists.length > 1)) {
      const place = placeText(item.at);
      const before = seen.get(item.file);
      if (before !== undefined) {
        refuse(item.at, {
          expected: 'each image once',
          received: `${item.file.path} again, after ${before}`,
        });
      }
      seen.set(item.file, place);
      items.push(item);
    }
  }
  if (seen.size < images.length) {
    const lost = images.find((file) => !seen.has(file))!;
    notes.push(`${images.length - seen.size} images are in no list and not used, such as ${lost.path}`);
  }
  if (items.length === 0) refuse(what, { expected: 'images with labels', received: 'none' });
  return items;
}

function itemsOf(
  { name, file, bytes }: ListFile,
  places: ReadonlyMap<string, DataFile | undefined>,
  several: boolean,
): Item[] {
  const text = new TextDecoder().decode(bytes);
  const [line] = text.split('\n', 1);
  const separator = [',', ';', '\t'].find((one) => line.includes(one)) ?? ',';
  const rows = dsvFormat(separator).parseRows(text, (row) => row.map((cell) => cell.trim()));
  const fileOf = (cell: string | undefined): DataFile | undefined =>
    cell === undefined ? undefined : places.get(cell.replace(/^\.\//, '').replaceAll('\\', '/'));
  const width = rows[0].length;
  const sample = rows.slice(0, LOOKED_AT);
  const scores = Array.from(
    { length: width },
    (_, k) => sample.filter((row) => fileOf(row[k]) !== undefined).length,
  );
  const column = scores.indexOf(Math.max(...scores));
  if (scores[column] === 0) {
    return refuse(file, {
      expected: 'a column with the names of the images',
      received: quoted(line.trim()),
      remedy: `Such as ${[...places.keys()][0] ?? '1.png'}. Is it no list of labels, take it out of the folder.`,
    });
  }
  const header = fileOf(rows[0][column]) === undefined;
  const titles = header ? rows[0] : rows[0].map(() => '');
  const partColumn = titles.findIndex((title) => PART_NAMES.test(title));
  const others = titles.map((_, k) => k).filter((k) => k !== column && k !== partColumn);
  const label =
    others.find((k) => LABEL_NAMES.test(titles[k])) ?? (others.length === 1 ? others[0] : undefined);
  if (label === undefined) {
    return refuse(file, {
      at: 'line 1',
      expected: 'a column of labels named label, class, target or digit',
      received: quoted(line.trim()),
    });
  }
  const items: Item[] = [];
  rows.forEach((row, k) => {
    if ((header && k === 0) || (row.length === 1 && row[0] === '')) return;
    const at = `line ${k + 1}`;
    if (row.length !== width) {
      refuse(file, { at, expected: `${width} cells, as the first line has`, received: String(row.length) });
    }
    const image = fileOf(row[column]);
    if (image === undefined) {
      refuse(file, {
        at,
        expected: 'the name of an image in the folder',
        received: places.has(row[column])
          ? `${quoted(row[column])}, which several have`
          : quoted(row[column]),
      });
    }
    const part =
      partColumn >= 0
        ? partOfName(row[partColumn])
        : (partOfFolders(image.path.split('/').slice(0, -1)) ?? (several ? partOfName(name) : undefined));
    items.push({ file: image, part: part ?? 'train', label: row[label], at: { file, at } });
  });
  return items;
}

function stemOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}
