import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fault, laterFault } from '../../../test/support/faults.ts';
import { bunzip2 } from './bzip2.ts';
import { bytesFile } from './dataFile.ts';
import { readParquet } from './parquet.ts';
import { Codecs } from './pictures/codecs.ts';
import { readDataSet } from './readDataSet.ts';

interface Packed {
  name: string;
  packed: string;
  data?: string;
  zeros?: number;
}

/** By Python's bz2 and Arrow: scripts/fixtures/packed.py. */
const { bzip2, parquet, refused, images, labels } = JSON.parse(
  readFileSync(new URL('fixtures/packed.json', import.meta.url), 'utf8'),
) as {
  bzip2: Packed[];
  parquet: Record<string, string>;
  refused: Record<string, string>;
  images: number[];
  labels: number[];
};
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const read = (bytes: Uint8Array) => readParquet(bytes, 't.parquet', new Codecs(undefined), {});

test.each(bzip2)('bzip2: $name', ({ packed, data, zeros }) => {
  const unpacked = bunzip2(bytesOf(packed), 'f');
  if (data !== undefined) return expect(unpacked).toEqual(bytesOf(data));
  expect(unpacked.length).toBe(zeros);
  expect(unpacked.every((byte) => byte === 0)).toBe(true);
});

test('bzip2: every truncation, a changed byte, more bytes and more than is wanted are refused', () => {
  const text = bytesOf(bzip2.find(({ name }) => name === 'text')!.packed);
  for (let length = 1; length < text.length; length++) {
    expect(fault(() => bunzip2(text.subarray(0, length), 'f'))).toMatch(/^f, byte /);
  }
  // What stands in no code that is used changes nothing.
  let harmless = 0;
  for (let at = 4; at < text.length; at++) {
    const changed = text.with(at, text[at] ^ 16);
    try {
      expect(bunzip2(changed, 'f')).toEqual(bunzip2(text, 'f'));
      harmless++;
    } catch (error) {
      expect((error as Error).message).toMatch(/^f, byte /);
    }
  }
  expect(harmless).toBeLessThan(5);
  expect(fault(() => bunzip2(Uint8Array.from([...text, 0]), 'f'))).toMatch(/1 more bytes/);
  const zeros = bytesOf(bzip2.find((one) => one.zeros !== undefined)!.packed);
  expect(fault(() => bunzip2(zeros, 'f', 1_000_000))).toMatch(/fewer unpacked bytes/);
});

test('USPS’ form: LIBSVM’s rows packed by bzip2, labels from 1, pixels from −1 to 1', async () => {
  const row = (label: number, value: number): string => `${label} 1:-1 2:${value} 3:0 4:1\n`;
  const lines = Array.from({ length: 12 }, (_, k) => row(1 + (k % 2), k / 12)).join('');
  const set = await readDataSet([bytesFile('usps', new TextEncoder().encode(lines))], {
    invert: false,
  });
  expect(set.classes).toEqual(['1', '2']);
  expect([...set.train.images.data.subarray(0, 4)]).toEqual([0, 128, 128, 255]);
});

test.each(Object.entries(parquet))('Parquet: %s', async (_, base64) => {
  const { examples } = await read(bytesOf(base64));
  expect(examples.images.shape).toEqual([12, 4, 4]);
  expect([...(examples.images.data as Uint8Array)]).toEqual(images);
  const names = ['cat', 'dog'];
  expect(
    Array.from(examples.labels as ArrayLike<unknown>, (label) =>
      typeof label === 'string' ? names.indexOf(label) : label,
    ),
  ).toEqual(labels);
});

test('Parquet: what is not read is named with what to do; truncations are refused', async () => {
  expect(await laterFault(read(bytesOf(refused.gzip)))).toMatch(
    /^t\.parquet, column image: expected pages that are not packed, or by Snappy, received pages packed by GZIP\. Save it with compression='snappy'\.$/,
  );
  expect(await laterFault(read(bytesOf(refused['no picture'])))).toMatch(
    /received the columns image, label, note/,
  );
  expect(await laterFault(read(bytesOf(refused.null)))).toMatch(
    /^t\.parquet, row 3: expected the bytes of a picture in image/,
  );
  const bytes = bytesOf(parquet['struct, Snappy']);
  for (let k = 1; k < 40; k++) {
    expect(await laterFault(read(bytes.subarray(0, Math.floor((bytes.length * k) / 40))))).toMatch(
      /^t\.parquet/,
    );
  }
});

test('Parquet: pictures that cannot be read are named by their rows, all of them', async () => {
  const bytes = bytesOf(parquet['bytes, not packed']);
  const starts = [...bytes.keys()].filter((at) => bytes[at] === 0x89 && bytes[at + 1] === 0x50);
  bytes[starts[2]] = 0;
  bytes[starts[7]] = 0;
  expect(await laterFault(read(bytes))).toMatch(
    /^t\.parquet: expected 12 pictures that can be read, received 2 that cannot: \(1\) t\.parquet, row 2: .*; \(2\) t\.parquet, row 7: .*\? Or save the table without them\.$/,
  );
});
