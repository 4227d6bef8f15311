import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { laterFault } from '../../../test/support/faults.ts';
import { readParquet } from './parquet.ts';
import { requireDeltas, requireRuns } from './parquetRuns.ts';
import { type Fail, requireShortNumbers } from './parquetThrift.ts';
import { Codecs } from './pictures/codecs.ts';

const stop: Fail = (expected, received) => {
  throw new Error(`${expected}; ${received}`);
};
const runs =
  (width: number, values: number, ...bytes: number[]) =>
  () => {
    requireRuns(Uint8Array.from(bytes), 0, width, values, stop);
  };

// By the format's description: the lowest bit of a run's header says whether its values are packed, the others how often a value, or how many eights, follow.
test('runs and packed eights that make up the values are taken, the last eight padded', () => {
  expect(runs(1, 12, 0x18, 1)).not.toThrow();
  expect(runs(4, 12, 0x05, 1, 2, 3, 4, 5, 6, 7, 8)).not.toThrow();
  expect(runs(9, 304, 0xd8, 0x04, 3, 1, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0)).not.toThrow();
  expect(runs(0, 40, 0x0b)).not.toThrow();
  expect(runs(3, 0)).not.toThrow();
});

test('a run beyond the values that are left, one that does not end and one of 36 bits are refused', () => {
  expect(runs(1, 12, 0x1a, 1)).toThrow(/^a run of at most 12 values; one of 13$/);
  expect(runs(1, 12, 0x08, 1, 0x12, 0)).toThrow(/at most 8 values; one of 9/);
  expect(runs(1, 12, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1)).toThrow(/; one of 2147483647$/);
  expect(runs(4, 12, 0x07, 1, 2, 3)).toThrow(/; one of 24$/);
  expect(runs(1, 12, 0x80)).toThrow(/; no length of a run$/);
  expect(runs(1, 12, 0x98, 0x80, 0x80, 0x80, 0x80, 0)).toThrow(/; no length of a run$/);
  expect(runs(1, 12, 0x00, 0, 0x00, 0)).toThrow(/; no length of a run$/);
});

/** A Parquet file that is all foot: so many elements, each with the next one as its only child. */
function nested(depth: number): Uint8Array {
  const elements = Array.from({ length: depth }, (_, k) => [0x55, k < depth - 1 ? 2 : 0, 0]);
  const size = [(depth & 0x7f) | 0x80, ((depth >> 7) & 0x7f) | 0x80, depth >> 14];
  const foot = [0x15, 2, 0x19, 0xfc, ...size, ...elements.flat(), 0x16, 2, 0x19, 0x0c, 0];
  const length = new Uint8Array(Uint32Array.of(foot.length).buffer);
  const magic = [...'PAR1'].map((letter) => letter.charCodeAt(0));
  return Uint8Array.from([...magic, ...foot, ...length, ...magic]);
}

test('thousands of columns within each other, which would take the square of their depth in memory, are refused at once', async () => {
  const refusal = (depth: number) => laterFault(readParquet(nested(depth), 'f', new Codecs(undefined), {}));
  expect(await refusal(5000)).toBe(
    'f: expected columns at most 32 deep within each other, received more. The file is damaged: get it anew.',
  );
  expect(await refusal(30)).toMatch(/one column with the bytes of pictures/);
});

test('blocks of deltas are whole miniblocks of a multiple of 32 values', () => {
  const deltas =
    (...bytes: number[]) =>
    () => {
      requireDeltas(Uint8Array.from([...bytes, ...new Array<number>(8).fill(0)]), 0, 12, stop);
    };
  expect(deltas(0x80, 0x01, 0x04, 0x0c)).not.toThrow();
  expect(deltas(0x80, 0x01, 0x00)).toThrow(/; 0 in a block of 128$/);
  expect(deltas(0x80, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f)).toThrow(/; 4294967295 in a block of 128$/);
  expect(deltas(0x81, 0x01, 0x04)).toThrow(/; 4 in a block of 129$/);
  const long = new Array<number>(10).fill(0x80);
  const refused = /^numbers of at most 10 bytes; a longer one$/;
  expect(deltas(0x80, 0x01, 0x04, 0x0c, ...long.slice(1), 0x01)).not.toThrow();
  expect(deltas(0x80, 0x01, 0x04, 0x0c, ...long, 0x01)).toThrow(refused);
  expect(deltas(0x80, 0x01, 0x04, 0x0c, 0x00, ...long, 0x01)).toThrow(refused);
});

test('a Parquet file whose runs are longer than its page is refused before it is decoded', async () => {
  const { parquet } = JSON.parse(readFileSync(new URL('fixtures/packed.json', import.meta.url), 'utf8')) as {
    parquet: Record<string, string>;
  };
  const whole = Buffer.from(parquet['bytes, not packed'], 'base64');
  // The labels' page: levels (their length, a run of 12 ones), then one bit a value, packed in two eights.
  const page = Buffer.from('0200000018010105aa0a', 'hex');
  const at = whole.indexOf(page);
  const withPage = (hex: string): Promise<unknown> => {
    const bytes = Uint8Array.from(whole);
    bytes.set(Buffer.from(hex, 'hex'), at);
    return readParquet(bytes, 't.parquet', new Codecs(undefined), {});
  };
  await withPage(page.toString('hex'));
  const refused = (run: number) =>
    `t.parquet, column label: expected a run of at most 12 values, received one of ${run}. The file is damaged: get it anew.`;
  expect(await laterFault(withPage('02000000feffffff0f0a'))).toBe(refused(2 ** 31 - 1));
  expect(await laterFault(withPage('02000000180101feff7f'))).toBe(refused(2 ** 20 - 1));
  expect(await laterFault(withPage('0200000018010107aa0a'))).toBe(refused(24));
});

// By the compact protocol: a byte of a field's step and type (6: 64 bits, 8: bytes, 9: list, 12: struct), numbers seven bits a byte, 0 at a struct's end.
test('numbers of a struct are followed wherever they stand, and refused where they are longer than any', () => {
  const long = new Array<number>(10).fill(0x80);
  const of =
    (...bytes: number[]) =>
    () => {
      requireShortNumbers(Uint8Array.from(bytes), 0, stop);
    };
  const refused = /^numbers of at most 10 bytes; a longer one$/;
  expect(of(0x16, ...long.slice(1), 0x01, 0x00)).not.toThrow();
  expect(of(0x16, ...long, 0x01, 0x00)).toThrow(refused);
  expect(of(0x18, 0x0b, ...long, 0x01, 0x00, ...long)).not.toThrow();
  expect(of(0x18, 0x02, 1, 2, 0x16, ...long, 0x01, 0x00)).toThrow(refused);
  expect(of(0x19, 0x2c, 0x16, 0x02, 0x00, 0x16, ...long, 0x01, 0x00, 0x00)).toThrow(refused);
  expect(of(0x19, 0x31, 1, 1, 0, 0x17, ...new Array<number>(8).fill(0xff), 0x06, ...long)).toThrow(refused);
  expect(of(0x1c, 0x15, ...long, 0x01, 0x00, 0x00)).toThrow(refused);
  expect(of(0x1b, ...long)).not.toThrow();
  expect(of(0x18, 0xff, 0xff, 0xff, 0xff, 0x0f, ...long)).not.toThrow();
});

test('a Parquet file whose number of rows has 300,000 bytes is refused before it is read', async () => {
  const foot = Buffer.concat([Buffer.of(0x36), Buffer.alloc(300_000, 0x80), Buffer.of(0x01, 0x00)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(foot.length);
  const file = Buffer.concat([Buffer.from('PAR1'), foot, length, Buffer.from('PAR1')]);
  expect(await laterFault(readParquet(new Uint8Array(file), 't.parquet', new Codecs(undefined), {}))).toBe(
    't.parquet: expected numbers of at most 10 bytes, received a longer one. The file is damaged: get it anew.',
  );
});
