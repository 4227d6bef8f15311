import { readFileSync } from 'node:fs';
import { crc32, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { laterFault } from '../../../test/support/faults.ts';
import { bytesFile } from './dataFile.ts';
import { readDataSet } from './readDataSet.ts';
import type { ReadOptions } from './readOptions.ts';

const { archives, images, labels } = JSON.parse(
  readFileSync(new URL('fixtures/arrays.json', import.meta.url), 'utf8'),
) as { archives: Record<string, string>; images: number[]; labels: number[] };
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const read = (files: Record<string, Uint8Array>, options?: ReadOptions) =>
  readDataSet(
    Object.entries(files).map(([path, bytes]) => bytesFile(path, bytes)),
    options,
  );

/** An IDX file: type, shape, values of one byte. */
const idx = (type: number, shape: number[], values: number[]): Uint8Array =>
  Uint8Array.from([0, 0, type, shape.length, ...shape.flatMap((x) => [0, 0, x >> 8, x & 255]), ...values]);
const IMAGES = idx(8, [30, 4, 4], images);
const LABELS = idx(8, [30], labels);

test.each(['stored', 'deflated'])('Keras’ archive, %s: both parts as they are', async (name) => {
  const set = await read({ 'mnist.npz': bytesOf(archives[name]) });
  expect(set).toMatchObject({ name: 'mnist.npz', shape: [4, 4], classes: ['0', '1', '2'] });
  expect([...set.train.images.data, ...set.test.images.data]).toEqual(images);
  expect([...set.train.labels, ...set.test.labels]).toEqual(labels);
});

test('one set becomes two: a fifth of each class is drawn as the test set, always the same', async () => {
  const set = await read({ a: bytesOf(archives.positional) });
  expect([set.train.labels.length, set.test.labels.length]).toEqual([24, 6]);
  expect([...set.test.labels].sort()).toEqual([0, 0, 1, 1, 2, 2]);
  expect(set.facts.sheet?.notes?.join('\n')).toMatch(/no test set: a fifth of each class was drawn as one/);
  const again = await read({ a: bytesOf(archives.positional) });
  expect(again.identity).toEqual(set.identity);
});

test('rows of shares of 1 with names as labels; channels first; both to the last byte', async () => {
  const rows = await read({ a: bytesOf(archives['rows of floats']) });
  expect(rows.classes).toEqual(['cat', 'dog', 'owl']);
  const plain = await read({ a: bytesOf(archives.positional) });
  expect(rows.train.images.data).toEqual(plain.train.images.data);
  const colours = await read({ a: bytesOf(archives['channels first']) });
  expect(colours.shape).toEqual([4, 4, 3]);
  const first = plain.train.images.data[5];
  expect([...colours.train.images.data.subarray(15, 18)]).toEqual([first, 255 - first, first >> 1]);
});

test('IDX files by content, packed or not, of any type; readme files are passed over', async () => {
  const set = await read({
    'README.md': text('# digits'),
    'x-images': new Uint8Array(gzipSync(IMAGES)),
    'x-labels': idx(
      0x0b,
      [30],
      labels.flatMap((label) => [0, label]),
    ),
    't10k-images': IMAGES,
    't10k-labels': LABELS,
  });
  expect([...set.train.images.data]).toEqual(images);
  expect([...set.train.labels]).toEqual(labels);
  expect(set.test.labels.length).toBe(30);
});

/** A zip archive whose one file is stored, and no more of it than a reader needs. */
function storedZip(name: string, content: Uint8Array): Uint8Array {
  const fields = Buffer.alloc(26);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), content]);
  const list = Buffer.concat([Buffer.from('PK\x01\x02\0\0'), fields, Buffer.alloc(14), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(local.length, 16);
  return new Uint8Array(Buffer.concat([local, list, end]));
}

/** An NPY file of bytes. */
const npy = (shape: number[], values: number[]): Uint8Array => {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  return Uint8Array.from([
    0x93,
    ...Buffer.from(`NUMPY\x01\0${String.fromCharCode(header.length)}\0${header}`),
    ...values,
  ]);
};

test('KMNIST’s archives of one array each, and QMNIST’s tables of labels', async () => {
  const set = await read({
    'kmnist-train-imgs.npz': storedZip('arr_0.npy', npy([30, 4, 4], images)),
    'kmnist-train-labels.npz': storedZip('arr_0.npy', npy([30], labels)),
    'kmnist-test-imgs.npz': storedZip('arr_0.npy', npy([30, 4, 4], images)),
    'kmnist-test-labels.npz': storedZip('arr_0.npy', npy([30], labels)),
  });
  expect([...set.test.images.data]).toEqual(images);
  expect([...set.train.labels]).toEqual(labels);
  const rows = labels.flatMap((label) => [label, ...[4, 5, 6, 7, 8, 9, 10]].flatMap((x) => [0, 0, 0, x]));
  const writers = await read({
    'qmnist-train-images-idx3-ubyte': IMAGES,
    'qmnist-train-labels-idx2-int': idx(0x0c, [30, 8], rows),
  });
  expect([...writers.train.labels, ...writers.test.labels].sort()).toEqual([...labels].sort());
});

test('two files of an archive in one place are a bomb', async () => {
  const once = storedZip('x.npy', npy([1, 1], [1]));
  const list = once.subarray(once.length - 22 - 51, once.length - 22);
  const end = Buffer.from(once.subarray(-22));
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(2 * list.length, 12);
  const other = list.slice();
  other[46] = 0x79;
  const bytes = Uint8Array.from([...once.subarray(0, -22 - list.length), ...list, ...other, ...end]);
  expect(await laterFault(read({ 'a.npz': bytes }))).toMatch(/two files in one place/);
});

test('a table for training and one for testing; Kaggle’s table without labels is passed over and named', async () => {
  const row = (label: number, k: number): string => `${label},${k},200,3,4\n`;
  const table = (n: number): Uint8Array =>
    text(`label,p0,p1,p2,p3\n${Array.from({ length: n }, (_, k) => row(k % 2, k)).join('')}`);
  const files = {
    'mnist_train.csv': table(8),
    'mnist_test.csv': table(4),
    'sample_submission.csv': text('ImageId,Label\n1,0\n'),
  };
  const set = await read(files);
  expect([set.train.labels.length, set.test.labels.length]).toEqual([8, 4]);
  expect(set.facts.sheet?.notes).toContain('sample_submission.csv has no labels and is not used');
});

test('of several files of one part, the one with the bad example is named', async () => {
  const table = (pixels: string, label = '0'): Uint8Array =>
    text(`label,p0,p1,p2,p3\n0,1,2,3,4\n1,1,2,3,4\n1,1,2,3,4\n${label},${pixels}\n`);
  const good = table('1,2,3,4');
  const three = (last: Uint8Array) => ({ '0-of-3.csv': good, '1-of-3.csv': good, '2-of-3.csv': last });
  const cases: [Uint8Array, RegExp][] = [
    [
      table('1,2,3,-70000'),
      /^2-of-3\.csv, line 5: expected pixels from 0 to 255, .* received values from -70000 to 4\./,
    ],
    [table('1,2,3,4', '1.5'), /^2-of-3\.csv, line 5: expected a label: a whole number/],
    [
      table('1,2,3,4', '9'),
      /^2-of-3\.csv, line 5: expected labels from 0 or 1 on, .*received 9 and none of 2/,
    ],
    [
      table('1,2,3,4', '2'),
      /^2-of-3\.csv, line 5: expected at least 5 images of every class.* received 1 of class '2'/,
    ],
  ];
  for (const [last, message] of cases) expect(await laterFault(read(three(last)))).toMatch(message);
  expect(await laterFault(read(three(good), { classes: ['0', '1', '2'] }))).toMatch(
    /^0-of-3\.csv … 2-of-3\.csv \(3 files\): expected examples of every class \(0, 1, 2\), received none of class '2'/,
  );
  const test = [bytesFile('more.csv', table('1,2,3,4', '3'))];
  expect(await laterFault(read(three(good), { test }))).toMatch(
    /^more\.csv, line 5: expected a label of the classes 0, 1, which the training examples have, received '3'/,
  );
});

test('what is wrong with test images in files of their own names their folder, not the first file', async () => {
  const inFolder = (path: string, bytes: Uint8Array) => ({
    ...bytesFile(path, bytes),
    shown: `given/${path}`,
  });
  const test = [
    inFolder('t10k-images', IMAGES),
    inFolder('t10k-labels', LABELS),
    inFolder('val-images', IMAGES),
  ];
  expect(await laterFault(read({ images: IMAGES, labels: LABELS }, { test }))).toMatch(
    /^given\/val-images: expected 30 labels beside the images/,
  );
  const two = [...test.slice(0, 2), inFolder('more-images', IMAGES), inFolder('more-labels', LABELS)];
  expect(await laterFault(read({ images: IMAGES, labels: LABELS }, { test: two }))).toMatch(
    /^given: expected one data set, received several/,
  );
});

test('dark ink on light paper is inverted and said so; invert decides otherwise', async () => {
  const paper = Array.from({ length: 30 * 16 }, (_, i) => ([5, 6, 9, 10].includes(i % 16) ? i % 7 : 250));
  const files = { images: idx(8, [30, 4, 4], paper), labels: LABELS };
  const set = await read(files);
  expect(set.train.images.data[0]).toBe(5);
  expect(set.facts.sheet?.notes?.join('\n')).toMatch(
    /dark on light \(outermost pixels 250 of 255 on average\), inverted/,
  );
  expect((await read(files, { invert: false })).train.images.data[0]).toBe(250);
});

test('test images from elsewhere are read light on dark, too, whichever of both is paper; those of one set as the training images', async () => {
  const ground = Array.from({ length: 30 * 16 }, (_, i) =>
    [5, 6, 9, 10].includes(i % 16) ? 250 - (i % 7) : 5,
  );
  const paper = ground.map((value) => 255 - value);
  const files = (pixels: number[], name = '') => ({
    [`${name}images`]: idx(8, [30, 4, 4], pixels),
    [`${name}labels`]: LABELS,
  });
  const test = (pixels: number[]) =>
    Object.entries(files(pixels)).map(([path, bytes]) => bytesFile(path, bytes));
  for (const [own, other, note] of [
    [ground, paper, 'test: dark on light (outermost pixels 250 of 255 on average), inverted'],
    [paper, ground, 'test: light on dark (outermost pixels 5 of 255 on average)'],
  ] as const) {
    const set = await read(files(own), { test: test(other) });
    expect([...set.train.images.data]).toEqual(ground);
    expect([...set.test.images.data]).toEqual(ground);
    expect(set.facts.sheet?.notes).toContain(note);
    const kept = await read(files(own), { test: test(other), invert: false });
    expect([...kept.test.images.data]).toEqual(other);
  }
  // Neither clearly paper nor ground: as the training images.
  const grey = ground.map(() => 140);
  expect((await read(files(ground), { test: test(grey) })).test.images.data[0]).toBe(140);
  const one = await read({ ...files(ground), ...files(paper, 't10k-') });
  expect([...one.test.images.data]).toEqual(paper);
});

test('test images of another size: their file, and that size scales both', async () => {
  const test = [
    bytesFile('other-images', idx(8, [30, 2, 2], images.slice(0, 120))),
    bytesFile('other-labels', LABELS),
  ];
  expect(await laterFault(read({ images: IMAGES, labels: LABELS }, { test }))).toBe(
    'other-images: expected test images of 4 × 4, as the training images are, received 2 × 2. Scale them to one size, or let it be done to all: size: 28.',
  );
  const colours = [bytesFile('images', idx(8, [30, 4, 4, 3], [...images, ...images, ...images])), test[1]];
  expect(await laterFault(read({ images: IMAGES, labels: LABELS }, { test: colours }))).toMatch(
    /received 4 × 4 × 3\. Save both in grey \(one channel\), or both in colours \(three\)\.$/,
  );
  const { shape } = await read({ images: IMAGES, labels: LABELS }, { test, size: 4 });
  expect(shape).toEqual([4, 4]);
});

test('size scales: 4 × 4 to 8 × 8 repeats each pixel', async () => {
  const small = await read({ a: bytesOf(archives.stored) });
  const { train, shape } = await read({ a: bytesOf(archives.stored) }, { size: 8 });
  expect(shape).toEqual([8, 8]);
  const pixel = (row: number, column: number): number => train.images.data[row * 8 + column];
  for (let k = 0; k < 64; k++) {
    expect(pixel(k >> 3, k & 7)).toBe(small.train.images.data[(k >> 4) * 4 + ((k & 7) >> 1)]);
  }
});

test('strokes become images like MNIST’s', async () => {
  const line = (digit: number): string =>
    `{"digit":${digit},"writer":1,"strokes":[[0,0,10,${digit}],[5,5]]}\n`;
  const set = await read({ a: text(Array.from({ length: 20 }, (_, k) => line(k % 2)).join('')) });
  expect(set.shape).toEqual([28, 28]);
  expect(set.train.labels.length).toBe(16);
});

test('labels: numbers that leave one out, too few examples, names given', async () => {
  const files = (list: number[]) => ({ images: IMAGES, labels: idx(8, [30], list) });
  expect(await laterFault(read(files(labels.map((x) => (x === 1 ? 7 : x)))))).toBe(
    "labels, byte 10: expected labels from 0 or 1 on, each with examples, received 2 and none of 1. If no class is missing, name them: classes: ['0', '2', '7'].",
  );
  const named = await read(files(labels.map((x) => (x === 1 ? 7 : x))), { classes: ['0', '2', '7'] });
  expect([...named.train.labels].slice(0, 3)).toEqual([0, 2, 1]);
  expect((await read(files(labels), { classes: ['zero', 'one', 'two'] })).classes[1]).toBe('one');
  expect(await laterFault(read(files(labels), { classes: ['0', '1'] }))).toMatch(
    /^labels, byte 10: expected a label of the classes 0, 1, received '2'/,
  );
  expect(await laterFault(read(files(labels.map((x, i) => (i === 0 ? 0 : 1 + (x % 2))))))).toMatch(
    /expected at least 5 images of every class/,
  );
  expect(await laterFault(read(files(labels.map(() => 3))))).toMatch(
    /expected labels of 2 to 256 classes, received one class/,
  );
});

test('what is no data set is answered with what it is and what to do', async () => {
  const cases: [Record<string, Uint8Array>, RegExp][] = [
    [{ a: new Uint8Array(0) }, /received an empty file/],
    [{ a: text('<!DOCTYPE html><p>404') }, /a page of HTML or XML\. A download often gives such a page/],
    [{ a: Uint8Array.of(0x80, 4, 0x95, 1) }, /a file of Python's pickle/],
    [{ a: Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13) }, /an HDF5 file/],
    [{ a: IMAGES }, /^a: expected 30 labels beside the images \(30 × 4 × 4\), received no labels/],
    [{ images: IMAGES, labels: idx(8, [29], labels.slice(1)) }, /received labels labels \(29\)/],
    [{ a: new Uint8Array(gzipSync(gzipSync(IMAGES))) }, /a file packed twice/],
    [
      { a: new Uint8Array(gzipSync(IMAGES).subarray(0, 60)) },
      /^a: expected one gzip stream to its end.*received a fault/,
    ],
    [{ a: Uint8Array.from([...gzipSync(IMAGES), 1, 2]) }, /expected one gzip stream/],
    [{ 'a.npz': bytesOf(archives.stored), 'b.npz': bytesOf(archives.stored) }, /expected one data set/],
    [
      { 'a.npz': bytesOf(archives.deflated).subarray(0, -3) },
      /expected the directory at the end of a zip archive/,
    ],
    [
      { a: text('{"digit":1,"strokes":[[0,0,1,1]]}\n{"digit":0,"strokes":[[]]}') },
      /^a, line 2: expected stroke 1 to be/,
    ],
    [{ a: text('{"digit":1,"strokes":[]}') }, /^a, line 1: expected strokes: a list of at least one/],
    [
      { a: text('{"strokes":[[0,0]]}') },
      /^a, line 1: expected digit or label: a number or a text, received neither/,
    ],
  ];
  for (const [files, message] of cases) expect(await laterFault(read(files))).toMatch(message);
});

test('a gzip bomb of two gigabytes is stopped', async () => {
  const block = gzipSync(new Uint8Array(1 << 20));
  expect(block.length).toBeLessThan(1100);
  const floats = idx(0x0d, [3, 2, 2], new Array<number>(11 * 4).fill(0).concat([0x7f, 0xc0, 0, 0]));
  expect(await laterFault(read({ images: floats, labels: idx(8, [3], [0, 1, 0]) }))).toMatch(
    /^images, image 2: expected pixels that are numbers, received NaN for pixel 3/,
  );
});
