/**
 * node bench/readers.ts [idx npz csv png]: seconds and memory for MNIST's 60,000 training images from gzip IDX, NPZ, Kaggle's CSV and PNG files, beside NumPy,
 * pandas and Pillow where bench/peers/venv has them. Each reading is a process of its own; contestants take turns, the best of three counts for each, as
 * other work on the machine only adds. Sums of all pixels and labels are compared first.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import type { Examples } from '../src/data/examples.ts';
import { loadMnist } from '../src/store/mnist.ts';

interface Reading {
  readonly seconds: number;
  /** Of the processor, all threads together: what a busy machine lengthens least. */
  readonly processor: number;
  readonly pixels: number;
  readonly labels: number;
  readonly megabytes?: number;
}

const FOLDER = join(import.meta.dirname, '../build/readers');
const PYTHON = join(import.meta.dirname, 'peers/venv/bin/python');
const KINDS = {
  idx: { path: join(FOLDER, 'idx'), make: makeIdx, peer: 'NumPy' },
  npz: { path: join(FOLDER, 'mnist.npz'), make: makeNpz, peer: 'NumPy' },
  csv: { path: join(FOLDER, 'train.csv'), make: makeCsv, peer: 'pandas' },
  png: { path: join(FOLDER, 'png'), make: makePng, peer: 'Pillow' },
};
type Kind = keyof typeof KINDS;

if (process.argv[2] === 'read') {
  await read(process.argv[3], process.argv[4]);
} else {
  const wanted = process.argv.slice(2) as Kind[];
  const { train } = loadMnist();
  mkdirSync(FOLDER, { recursive: true });
  for (const kind of Object.keys(KINDS) as Kind[]) {
    if (wanted.length > 0 && !wanted.includes(kind)) continue;
    const { path, make, peer } = KINDS[kind];
    make(train);
    const contestants = [
      { name: 'Dactyl', run: () => ours(kind, path) },
      ...(existsSync(PYTHON) ? [{ name: peer, run: () => theirs(kind, path) }] : []),
    ];
    const best = new Map<string, Reading>();
    for (let round = 0; round < 3; round++) {
      for (const { name, run } of contestants) {
        const reading = run();
        if (reading.pixels !== sum(train.images.data) || reading.labels !== sum(train.labels)) {
          throw new Error(`${name} reads others than were written: ${JSON.stringify(reading)}`);
        }
        if (!(reading.processor >= (best.get(name)?.processor ?? Infinity))) best.set(name, reading);
      }
    }
    for (const [name, { seconds, processor, megabytes }] of best) {
      console.log(
        `${kind}  ${name.padEnd(8)} ${seconds.toFixed(2).padStart(6)} s, ${processor.toFixed(2).padStart(5)} s of processor${megabytes === undefined ? '' : `, ${megabytes} MB`}`,
      );
    }
  }
}

/** In this process: the time from the path to the data set, and the most memory that it took. */
async function read(kind: string, path: string): Promise<void> {
  const { loadDataset } = await import('../src/store/loadDataset.ts');
  const start = performance.now();
  const begun = process.cpuUsage();
  const { train, test } = await loadDataset(path);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(begun);
  const parts: Examples[] = kind === 'idx' || kind === 'npz' ? [train] : [train, test];
  const total = (of: (part: Examples) => Uint8Array): number =>
    parts.reduce((all, part) => all + sum(of(part)), 0);
  console.log(
    JSON.stringify({
      seconds,
      processor: (user + system) / 1e6,
      pixels: total(({ images }) => images.data),
      labels: total(({ labels }) => labels),
      megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
}

function ours(kind: Kind, path: string): Reading {
  const output = execFileSync(process.execPath, [import.meta.filename, 'read', kind, path], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as Reading;
}

function theirs(kind: Kind, path: string): Reading {
  const script = join(import.meta.dirname, 'peers/peer_readers.py');
  const [seconds, processor, pixels, labels] = execFileSync(PYTHON, [script, kind, path], {
    encoding: 'utf8',
  })
    .split(' ')
    .map(Number);
  return { seconds, processor, pixels, labels };
}

function sum(values: Uint8Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function idxOf(values: Uint8Array, shape: readonly number[]): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint16(2, 0x0800 + shape.length);
  shape.forEach((extent, axis) => {
    header.setUint32(4 + 4 * axis, extent);
  });
  return Buffer.concat([new Uint8Array(header.buffer), values]);
}

function makeIdx({ images, labels }: Examples): void {
  mkdirSync(KINDS.idx.path, { recursive: true });
  // With a test set, nothing is split.
  for (const [part, n] of Object.entries({ train: labels.length, t10k: 10_000 })) {
    const write = (name: string, values: Uint8Array, shape: readonly number[]): void => {
      writeFileSync(join(KINDS.idx.path, `${part}-${name}-ubyte.gz`), gzipSync(idxOf(values, shape)));
    };
    write('images-idx3', images.data.subarray(0, n * 784), [n, 28, 28]);
    write('labels-idx1', labels.subarray(0, n), [n]);
  }
}

function makeNpz({ images, labels }: Examples): void {
  const array = (values: Uint8Array, shape: readonly number[]): Buffer => {
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
    const header = text.padEnd(117) + '\n';
    return Buffer.concat([
      Buffer.from(`\x93NUMPY\x01\0${String.fromCharCode(header.length)}\0${header}`, 'latin1'),
      values,
    ]);
  };
  const files = {
    'x_train.npy': array(images.data, images.shape),
    'y_train.npy': array(labels, [labels.length]),
    'x_test.npy': array(images.data.subarray(0, 10_000 * 784), [10_000, 28, 28]),
    'y_test.npy': array(labels.subarray(0, 10_000), [10_000]),
  };
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), fields, place, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  writeFileSync(KINDS.npz.path, Buffer.concat([...parts, list, end]));
}

function makeCsv({ images, labels }: Examples): void {
  const lines = [`label,${Array.from({ length: 784 }, (_, k) => `pixel${k}`).join(',')}`];
  labels.forEach((label, i) => {
    lines.push(`${label},${images.data.subarray(i * 784, (i + 1) * 784).join(',')}`);
  });
  writeFileSync(KINDS.csv.path, `${lines.join('\n')}\n`);
}

function makePng({ images, labels }: Examples): void {
  if (existsSync(KINDS.png.path)) return;
  for (let digit = 0; digit < 10; digit++)
    mkdirSync(join(KINDS.png.path, String(digit)), { recursive: true });
  labels.forEach((label, i) => {
    const data = images.data.slice(i * 784, (i + 1) * 784);
    const file = encode({ data, width: 28, height: 28, channels: 1, depth: 8 });
    writeFileSync(join(KINDS.png.path, String(label), `${i}.png`), file);
  });
}
