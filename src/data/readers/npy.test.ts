import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fault } from '../../../test/support/faults.ts';
import { npyHeader, readNpy } from './npy.ts';

/** By NumPy: scripts/fixtures/readers.py. */
const { arrays, refused } = JSON.parse(
  readFileSync(new URL('fixtures/arrays.json', import.meta.url), 'utf8'),
) as {
  arrays: { name: string; npy: string; shape: number[]; values: (number | string)[] }[];
  refused: Record<string, string>;
};
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

test.each(arrays)('NumPy’s $name is read exactly', ({ npy, shape, values }) => {
  const array = readNpy(bytesOf(npy), 'a.npy');
  expect(array.shape).toEqual(shape);
  expect(Array.from(array.data as ArrayLike<number | string>)).toEqual(values);
});

test('the fixture has every type in both orders of bytes and of axes', () => {
  const headers = arrays.map(({ npy }) => npyHeader(bytesOf(npy), 'a'));
  expect(new Set(headers.map(({ descr }) => descr)).size).toBeGreaterThanOrEqual(23);
  expect(headers.filter(({ fortran }) => fortran).length).toBeGreaterThanOrEqual(20);
});

test('pickled objects and structures are refused by name', () => {
  expect(fault(() => readNpy(bytesOf(refused.objects), 'a.npy'))).toBe(
    "a.npy: expected an array of numbers or texts, received an array of Python objects ('|O'), which only Python's pickle can read. Save it with one size for all images: numpy.save(file, numpy.stack(images)).",
  );
  expect(fault(() => readNpy(bytesOf(refused.structures), 'a.npy'))).toMatch(/one of structures/);
});

test('texts of no bytes, as many as a header likes, are refused', () => {
  const text = "{'descr': '|S0', 'fortran_order': False, 'shape': (999999999999,), }".padEnd(117) + '\n';
  const bytes = Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(text)]);
  expect(fault(() => readNpy(bytes, 'a.npy'))).toMatch(/received the type '\|S0'/);
});

test('a header that promises more than the file has allocates nothing and is refused with the byte', () => {
  const text = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 99999999), }".padEnd(117) + '\n';
  const bytes = Uint8Array.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(text), 1, 2, 3]);
  expect(fault(() => readNpy(bytes, 'a.npy'))).toMatch(
    /^a\.npy, byte 131: expected 9999999800000000 values of 8 bytes .* received the end of the file at byte 131\. The file is damaged/,
  );
  expect(fault(() => readNpy(bytes.subarray(0, 9), 'a.npy'))).toMatch(
    /byte 9: expected the length of the header/,
  );
  expect(fault(() => readNpy(bytes.with(6, 4), 'a.npy'))).toMatch(/byte 6: expected version 1, 2 or 3/);
});
