import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bunzip2 } from '../../src/data/readers/bzip2.ts';
import { readCsv } from '../../src/data/readers/csv.ts';
import { bytesFile } from '../../src/data/readers/dataFile.ts';
import { readIdx } from '../../src/data/readers/idx.ts';
import { inflate } from '../../src/data/readers/inflate.ts';
import { readLibsvm } from '../../src/data/readers/libsvm.ts';
import { readNpy } from '../../src/data/readers/npy.ts';
import { readNpz } from '../../src/data/readers/npz.ts';
import { readParquet } from '../../src/data/readers/parquet.ts';
import { readBmp } from '../../src/data/readers/pictures/bmp.ts';
import { Codecs } from '../../src/data/readers/pictures/codecs.ts';
import { readGif } from '../../src/data/readers/pictures/gif.ts';
import { readPng } from '../../src/data/readers/pictures/png.ts';
import { readDataSet } from '../../src/data/readers/readDataSet.ts';
import { readStrokes } from '../../src/data/readers/strokes.ts';
import { codec } from '../../src/store/codec.ts';
import { DactylError } from '../../src/util/errors.ts';
import { Random } from '../../src/util/random.ts';
import { mutated } from './mutations.ts';

interface Fuzzed {
  readonly samples: readonly Uint8Array[];
  readonly read: (bytes: Uint8Array) => unknown;
}

const ROOM = '../../src/data/readers/';
const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(ROOM + path, import.meta.url), 'utf8'));
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

const arrays = fixture('fixtures/arrays.json') as {
  arrays: { npy: string }[];
  archives: Record<string, string>;
};
const tables = fixture('fixtures/tables.json') as { tables: Record<string, string> };
const packed = fixture('fixtures/packed.json') as {
  bzip2: { packed: string }[];
  parquet: Record<string, string>;
};
const pictures = fixture('pictures/fixtures/pictures.json') as { name: string; file: string }[];
const picturesOf = (kind: string): Uint8Array[] =>
  pictures.filter(({ name }) => name.startsWith(kind)).map(({ file }) => bytesOf(file));
const codecs = new Codecs(codec);

const IDX = [8, 9, 0x0b, 0x0c, 0x0d, 0x0e].map((type, k) => {
  const size = [1, 1, 2, 4, 4, 8][k];
  return Uint8Array.from([
    ...[0, 0, type, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2],
    ...Array.from({ length: 12 * size }, (_, i) => i),
  ]);
});
const DRAWINGS = text(
  '{"digit":3,"writer":1,"source":"x","strokes":[[0,0,10,20],[5,5]]}\n{"label":"a","strokes":[[1,2,3,4,5,6]]}\n',
);
const SPARSE = text('1 1:-1 2:0.5 4:1\n2 1:0.25 3:1 4:-1\n');

/** Every reader, with files that it reads. */
export const FUZZED = {
  IDX: { samples: IDX, read: (bytes) => readIdx(bytes, 'f') },
  NPY: { samples: arrays.arrays.map(({ npy }) => bytesOf(npy)), read: (bytes) => readNpy(bytes, 'f') },
  NPZ: { samples: Object.values(arrays.archives).map(bytesOf), read: (bytes) => readNpz(bytes, 'f') },
  CSV: { samples: Object.values(tables.tables).map(text), read: (bytes) => readCsv(bytes, 'f') },
  LIBSVM: { samples: [SPARSE], read: (bytes) => readLibsvm(bytes, 'f') },
  strokes: { samples: [DRAWINGS], read: (bytes) => readStrokes(bytes, 'f') },
  gzip: {
    samples: IDX.map((bytes) => new Uint8Array(gzipSync(bytes))),
    read: (bytes) => inflate(bytes, 'f', 'gzip'),
  },
  bzip2: {
    samples: packed.bzip2.slice(0, -1).map((one) => bytesOf(one.packed)),
    read: (bytes) => bunzip2(bytes, 'f'),
  },
  Parquet: {
    samples: Object.values(packed.parquet).map(bytesOf),
    read: (bytes) => readParquet(bytes, 'f', codecs, {}),
  },
  PNG: { samples: picturesOf('PNG'), read: (bytes) => readPng(bytes, 'f') },
  BMP: { samples: picturesOf('BMP'), read: (bytes) => readBmp(bytes, 'f') },
  GIF: {
    samples: picturesOf('GIF').filter(({ length }) => length < 2000),
    read: (bytes) => readGif(bytes, 'f'),
  },
  JPEG: { samples: picturesOf('JPEG'), read: (bytes) => codecs.read(bytes, 'JPEG', 'f') },
  WebP: { samples: picturesOf('WebP'), read: (bytes) => codecs.read(bytes, 'WebP', 'f') },
  'any kind': {
    samples: [
      ...Object.values(arrays.archives).map(bytesOf),
      ...Object.values(tables.tables).map(text),
      DRAWINGS,
    ],
    read: (bytes) => readDataSet([bytesFile('f', bytes)]),
  },
} as const satisfies Record<string, Fuzzed>;

export type FuzzedReader = keyof typeof FUZZED;

/** What went wrong: an error that is no E_DATA or E_IDX, or that took more than two seconds of the processor. */
export interface FuzzFault {
  readonly bytes: Uint8Array;
  readonly what: string;
}

/** Reads `bytes`; undefined where it is read or refused as it should be. */
export async function faultOf(reader: FuzzedReader, bytes: Uint8Array): Promise<FuzzFault | undefined> {
  const start = process.cpuUsage();
  try {
    await (FUZZED[reader] as Fuzzed).read(bytes);
  } catch (error) {
    const expected = error instanceof DactylError && /^E_(?:DATA|IDX)$/.test(error.code);
    if (!expected) return { bytes, what: String(error instanceof Error ? (error.stack ?? error) : error) };
  }
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  return seconds > 2 ? { bytes, what: `${seconds.toFixed(1)} s` } : undefined;
}

/** `count` files that were damaged, the same for the same seed; the first fault. `onInput` is told of each before it is read. */
export async function fuzz(
  reader: FuzzedReader,
  count: number,
  seed: number,
  onInput?: (bytes: Uint8Array) => void,
): Promise<FuzzFault | undefined> {
  const random = new Random(seed, `fuzz/${reader}`);
  const { samples } = FUZZED[reader] as Fuzzed;
  for (let k = 0; k < count; k++) {
    const bytes = mutated(samples[random.integer(samples.length)], random);
    onInput?.(bytes);
    const fault = await faultOf(reader, bytes);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
