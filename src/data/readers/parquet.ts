import type { SchemaTree } from 'hyparquet';
import { DactylError } from '../../util/errors.ts';
import { describe } from '../../util/describe.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import type { RawExamples } from './parts.ts';
import type { Codecs } from './pictures/codecs.ts';
import { channelsOf, readPictures, type PictureOptions, type PictureSource } from './pictureSet.ts';
import { ANEW, refuse } from './refuse.ts';
import { unsnap } from './snappy.ts';
import { Unreadable } from './unreadable.ts';

const LABEL_NAMES = /^(?:label|labels|class|classes|target|digit|y|category|character)$/i;

/**
 * A Parquet table with a column of pictures (their files' bytes, or a struct with `bytes`) and one of labels, uncompressed or packed by Snappy, as the hubs of data sets
 * have them. Throws E_DATA, with the row where there is one; pages are looked at before they are decoded, for they say how much is allocated.
 */
export async function readParquet(
  bytes: Uint8Array,
  file: string,
  codecs: Codecs,
  options: PictureOptions,
): Promise<{ examples: RawExamples; notes: string[] }> {
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import('hyparquet');
  const { requireFoot, requirePages, requireShallow } = await import('./parquetPages.ts');
  const buffer = new Uint8Array(bytes).buffer;
  let failed = false;
  const guarded = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failed = true;
      if (error instanceof DactylError) throw error;
      return refuse(file, {
        expected: 'a Parquet file',
        received: `a fault (${(error as Error).message.split('\n')[0].slice(0, 120)})`,
        remedy: ANEW,
      });
    }
  };
  const metadata = await guarded(() => {
    requireFoot(bytes, (fault) => refuse(file, { remedy: ANEW, ...fault }));
    // Its search for columns of maps does not end where an element has −1 children.
    const read = parquetMetadata(buffer, { geoparquet: false });
    requireShallow(read, (fault) => refuse(file, { remedy: ANEW, ...fault }));
    return read;
  });
  const rows = Number(metadata.num_rows);
  if (!(rows >= 1 && rows <= bytes.length)) {
    refuse(file, { expected: `from 1 to ${bytes.length} rows`, received: String(rows) });
  }
  const { image, label } = await guarded(() => columnsOf(parquetSchema(metadata), file));
  await guarded(() => {
    requirePages(metadata, [image, label], buffer, (fault) => refuse(file, { remedy: ANEW, ...fault }));
  });
  // hyparquet begins all columns at once and waits for them in turn: after the fault of one, that of another would be nobody's, and end the process.
  let turn: Promise<unknown> = Promise.resolve();
  const slice = (from: number, to?: number): Promise<ArrayBuffer> => {
    const part = turn.then(async () => {
      await yieldToEvents();
      return failed ? new Promise<never>(() => undefined) : buffer.slice(from, to);
    });
    turn = part;
    return part;
  };
  const table = await guarded(() =>
    parquetReadObjects({
      file: { byteLength: buffer.byteLength, slice },
      metadata,
      columns: [image, label],
      compressors: { SNAPPY: unsnap },
      utf8: false,
    }),
  );
  if (table.length === 0) {
    refuse(file, { expected: 'a row for each picture', received: 'a table without rows', remedy: ANEW });
  }
  const place = (i: number): string => `row ${i}`;
  const sources: PictureSource[] = table.map((row, i) => {
    const cell = row[image] as unknown;
    const content = isObject(cell) && 'bytes' in cell ? cell.bytes : cell;
    if (!(content instanceof Uint8Array)) {
      refuse(file, {
        at: place(i),
        expected: `the bytes of a picture in ${image}`,
        received: describe(content),
      });
    }
    return { file: `${file}, ${place(i)}`, read: () => content };
  });
  const channels = options.channels ?? (await channelsOf(sources, codecs));
  const unreadable = new Unreadable((them) => `save the table without ${them}`);
  const images = await readPictures(sources, channels, codecs, unreadable, options);
  unreadable.refuse(file, sources.length);
  return {
    examples: {
      images,
      labels: table.map((row, i) => labelOf(row[label], file, place(i))) as string[],
      file,
      labelFile: file,
      labelAt: (i) => ({ file, at: place(i) }),
      imageAt: (i) => ({ file, at: place(i) }),
      bytes: true,
    },
    notes: [
      `a table with pictures in ${image} and labels in ${label}${channels === 1 ? ', read as grey' : ''}`,
    ],
  };
}

function labelOf(value: unknown, file: string, at: string): string | number {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value === 'number' || typeof value === 'string') return value;
  return refuse(file, { at, expected: 'a label: a number or a text', received: describe(value) });
}

/** The columns of pictures and of labels, by what they can hold, and the latter also by its name. */
function columnsOf({ children }: SchemaTree, file: string): { image: string; label: string } {
  const holds = ({ element, children }: SchemaTree): boolean =>
    children.length > 0
      ? children.some((child) => child.element.name === 'bytes' && child.element.type === 'BYTE_ARRAY')
      : element.type === 'BYTE_ARRAY' &&
        element.converted_type !== 'UTF8' &&
        element.logical_type?.type !== 'STRING';
  const images = children.filter(holds);
  const others = children.filter((child) => !images.includes(child) && child.children.length === 0);
  const named = others.filter(({ element }) => LABEL_NAMES.test(element.name));
  const labels = named.length === 1 || others.length > 1 ? named : others;
  if (images.length !== 1 || labels.length !== 1) {
    return refuse(file, {
      expected: 'one column with the bytes of pictures, and one of labels (named label, class or target)',
      received: `the columns ${children
        .map(({ element }) => element.name)
        .slice(0, 12)
        .join(', ')}`,
      remedy: 'Save these two columns alone; pixels as numbers belong into a CSV or NPZ.',
    });
  }
  return { image: images[0].element.name, label: labels[0].element.name };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
