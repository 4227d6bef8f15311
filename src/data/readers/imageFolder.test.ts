import { crc32 as nodeCrc, deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { laterFault } from '../../../test/support/faults.ts';
import { bytesFile } from './dataFile.ts';
import { readDataSet } from './readDataSet.ts';
import type { ReadOptions } from './readOptions.ts';

/** A grey PNG, by Node's zlib. */
function png(rows: number, columns: number, pixels: number[]): Uint8Array {
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type), content]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(content.length);
    frame.writeUInt32BE(nodeCrc(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns);
  header.writeUInt32BE(rows, 4);
  header[8] = 8;
  const lines = Array.from({ length: rows }, (_, row) => [
    0,
    ...pixels.slice(row * columns, (row + 1) * columns),
  ]);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Uint8Array.from(lines.flat()))),
      chunk('IEND', new Uint8Array(0)),
    ]),
  );
}
const image = (k: number): Uint8Array => png(2, 2, [0, k, 0, 10]);
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const read = (files: Record<string, Uint8Array>, options?: ReadOptions) =>
  readDataSet(
    Object.entries(files).map(([path, bytes]) => bytesFile(path, bytes)),
    options,
  );
const folder = (names: string[]): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name, k) => [name, image(k + 1)]));
const five = [1, 2, 3, 4, 5];

test('a folder for each class, train and test in folders of their own', async () => {
  const files = folder([
    'train/cat/1.png',
    'train/cat/2.png',
    'train/owl/1',
    'test/cat/a.png',
    'test/owl/b.png',
  ]);
  const said: [number, number][] = [];
  const set = await read(
    { ...files, 'train/cat/.DS_Store': text('x'), 'README.txt': text('hello you') },
    { onProgress: (done, total) => said.push([done, total]) },
  );
  expect(set).toMatchObject({ shape: [2, 2], classes: ['cat', 'owl'] });
  expect([...set.train.images.data]).toEqual([0, 1, 0, 10, 0, 2, 0, 10, 0, 3, 0, 10]);
  expect([...set.train.labels]).toEqual([0, 0, 1]);
  expect([...set.test.labels]).toEqual([0, 1]);
  expect(said[said.length - 1]).toEqual([5, 5]);
  expect(set.facts.sheet?.notes).toContain('images in a folder for each class');
});

test('classes named by numbers stand in the order of numbers, with gaps; one set is split', async () => {
  const set = await read(folder([10, 2].flatMap((label) => five.map((k) => `${label}/${k}.png`))));
  expect(set.classes).toEqual(['2', '10']);
  expect([set.train.labels.length, set.test.labels.length]).toEqual([8, 2]);
});

test('images with a list of labels, a part in a column; images in no list are named', async () => {
  const names = five.map((k) => `images/${k}.png`);
  const set = await read(
    {
      ...folder([...names, 'images/spare.png']),
      'labels.csv': text(
        'file,digit,split\n1.png,7,train\n2.png,8,train\n3,7,test\nimages/4.png,8,test\n5.png,8,train\n',
      ),
    },
    { classes: ['7', '8'] },
  );
  expect([...set.train.labels]).toEqual([0, 1, 1]);
  expect([...set.test.labels]).toEqual([0, 1]);
  expect(set.facts.sheet?.notes?.join()).toMatch(
    /1 images are in no list and not used, such as images\/spare\.png/,
  );
});

test('every fault names the file and what to do', async () => {
  const classes = folder(['a/1.png', 'a/2.png', 'b/1.png']);
  const list = (content: string) => ({ ...folder(['1.png', '2.png']), 'l.csv': text(content) });
  const cases: [Record<string, Uint8Array>, RegExp][] = [
    [
      { ...classes, 'b/2.png': png(3, 2, [1, 2, 3, 4, 5, 6]) },
      /^b\/2\.png: expected an image of 2 × 2 pixels, as a\/1\.png is, received 2 × 3\. Scale them .*size: 28\.$/,
    ],
    [{ ...classes, 'b/2.png': new Uint8Array(0) }, /^b\/2\.png: .* received an empty file/],
    [
      { ...classes, 'b/2.png': text('notes of mine') },
      /^b\/2\.png: expected an image.* received a text\. Take it out of the folder\.$/,
    ],
    [
      { ...classes, 'b/2.png': image(1).subarray(0, 50) },
      /^b\/2\.png, byte .*\. The file is damaged: get it anew\. Or take it out of the folder\.$/,
    ],
    [
      { ...classes, 'c/': new Uint8Array(0) },
      /^c\/: expected images in the folder of every class, received an empty folder/,
    ],
    [{ ...classes, '1.png': image(1) }, /^1\.png: expected an image in the folder of its class, or a CSV/],
    [{ '1.png': image(1) }, /^1\.png: expected images and labels, received one PNG image/],
    [
      list('1.png,3\n7.png,4\n'),
      /^l\.csv, line 2: expected the name of an image in the folder, received '7\.png'/,
    ],
    [
      list('1.png,3\n1.png,4\n'),
      /^l\.csv, line 2: expected each image once, received 1\.png again, after l\.csv, line 1/,
    ],
    [list('1.png,3\n2.png\n'), /^l\.csv, line 2: expected 2 cells/],
    [
      list('a,b\nc,d\n'),
      /^l\.csv: expected a column with the names of the images, .* Is it no list of labels, take it out of the folder\.$/,
    ],
    [list('name,x,y1\n1.png,3,4\n'), /^l\.csv, line 1: expected a column of labels/],
  ];
  for (const [files, message] of cases) expect(await laterFault(read(files))).toMatch(message);
});

test('pictures that cannot be read are named together, training and test, the first ten of them, and what to do', async () => {
  const names = ['train', 'test'].flatMap((part) =>
    five.flatMap((k) => [`${part}/a/${k}.png`, `${part}/b/${k}.png`]),
  );
  const files = folder(names);
  files['train/a/1.png'] = new Uint8Array(0);
  files['train/b/3.png'] = text('notes of mine');
  files['test/b/5.png'] = image(1).subarray(0, 50);
  expect(await laterFault(read(files, { name: 'scans' }))).toMatch(
    /^scans: expected 20 pictures that can be read, received 3 that cannot: \(1\) train\/a\/1\.png: expected an image.*, received an empty file; \(2\) train\/b\/3\.png: .* received a text; \(3\) test\/b\/5\.png, byte [^.]*\. Is it another file than meant\? Get what is damaged anew\. Or take them out of the folder\.$/,
  );
  for (const name of names.slice(0, 12)) files[name] = text('notes of mine');
  const many = await laterFault(read(files));
  expect(many).toMatch(
    /received 13 that cannot: \(1\) train\/a\/1\.png: .*; \(10\) train\/b\/5\.png: .*; and 3 more\. /,
  );
  expect(many).not.toContain('test/b/5.png');
});

test('a label that is no class is named where it stands: its picture’s folder, or the line of its own list', async () => {
  const part = (name: string) => five.flatMap((k) => [`${name}/a/${k}.png`, `${name}/b/${k}.png`]);
  const strange = folder([...part('train'), ...part('test'), 'test/c/9.png']);
  expect(await laterFault(read(strange))).toMatch(
    /^test\/c\/9\.png, its folder: expected a label of the classes a, b, which the training examples have, received 'c'\.$/,
  );
  const lists = {
    ...folder(part('images').map((path) => path.replace(/\/([ab])\//, '/$1'))),
    'train.csv': text(`file,label\n${five.map((k) => `a${k}.png,${k % 2}\n`).join('')}`),
    'test.csv': text(`file,label\n${five.map((k) => `b${k}.png,${k === 4 ? 7 : k % 2}\n`).join('')}`),
  };
  expect(await laterFault(read(lists))).toMatch(
    /^test\.csv, line 5: expected a label of the classes 0, 1.* received '7'/,
  );
});

test('size brings two sizes to one: a tall picture in the middle, on its own paper', async () => {
  const files = folder([...five.map((k) => `a/${k}.png`), ...five.map((k) => `b/${k}.png`)]);
  files['b/5.png'] = png(4, 2, [9, 9, 9, 9, 9, 9, 9, 9]);
  const set = await read(files, { size: 4 });
  expect(set.shape).toEqual([4, 4]);
  const all = [...set.train.images.data, ...set.test.images.data];
  expect(all.join().includes(new Array(16).fill(9).join())).toBe(true);
});
