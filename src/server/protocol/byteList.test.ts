import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutBytes } from './byteList.ts';

const PLACES = (list: string): string[] => [
  `{"inputs":[{"name":"x","shape":[1,4],"datatype":"UINT8","data":${list}}]}`,
  `{ "inputs" : [ { "data" :\t${list}\r\n, "shape": [1, 4] } ] , "outputs": [{"name": "x"}] }`,
  `{"data":${list}}`,
];

test.each([
  ['one', '[0]'],
  ['ends of numbers', '[0,1,9,10,99,100,199,255]'],
  ['white space', '[ 7 ,\n8\t,\r9 ]'],
  ['an image', `[${Array.from({ length: 784 }, (_, i) => (i * 37) % 256).join()}]`],
])(
  'a flat list of bytes is taken out, with the values of JSON.parse, and the rest is the same JSON: %s',
  (_, list) => {
    for (const text of PLACES(list)) {
      const { rest, bytes } = withoutBytes(Buffer.from(text))!;
      expect([...bytes]).toEqual(JSON.parse(list));
      expect(JSON.parse(rest.toString())).toEqual(JSON.parse(text.replace(list, '[]')));
    }
  },
);

test.each([
  ...[
    '[]',
    '[256]',
    '[-1]',
    '[1.5]',
    '[1e2]',
    '[01]',
    '[00]',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1,,2]',
    '[[1,2],[3,4]]',
    '[true]',
    '["1"]',
    '[null]',
    '[+1]',
    '[0x1]',
  ],
  ...['1', '"1"', '{}', '[1', '[1,2', '["]"]', '[1}', ''],
])('anything else is left to JSON.parse: %s', (list) => {
  for (const text of PLACES(list)) expect(withoutBytes(Buffer.from(text))).toBeUndefined();
});

test.each([
  '{"data":[1],"data":[2]}',
  '{"parameters":{"data":[1]},"inputs":[{"data":[2]}]}',
  '{"name":"data"}',
  '{"\\"data\\":[1]":1}',
  '{"dat\\u0061":[1]}',
  '"data"',
  '',
])('nor is a text that has no key data, or two: %s', (text) => {
  expect(withoutBytes(Buffer.from(text))).toBeUndefined();
});

test('of any list and any white space: what is taken out is what JSON.parse reads, and only lists of bytes are', () => {
  const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 2 });
  const number = fc.oneof(
    { weight: 20, arbitrary: fc.nat(255).map(String) },
    fc.constantFrom('-0', '256', '1.0', '1e1', '00', '999', '[1]', '"1"'),
  );
  const list = fc.array(
    fc.tuple(space, number, space).map((parts) => parts.join('')),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(list, (numbers) => {
      const text = `{"data":[${numbers.join()}],"shape":[1]}`;
      const parts = withoutBytes(Buffer.from(text));
      const isBytes =
        numbers.length > 0 &&
        numbers.every((one) => /^(?:0|[1-9]\d{0,2})$/.test(one.trim()) && Number(one) < 256);
      expect(parts !== undefined).toBe(isBytes);
      if (parts !== undefined) {
        const read = JSON.parse(text) as { data: number[] };
        expect([...parts.bytes]).toEqual(read.data);
        expect(JSON.parse(parts.rest.toString())).toEqual({ ...read, data: [] });
      }
    }),
    { seed: 1, numRuns: 2000 },
  );
});
