import { expect, test } from 'vitest';
import { parseJson, requireShallow } from './json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('JSON within the limits is what JSON.parse says', () => {
  for (const text of ['{"strokes":[[0,0,1.5,2e3]],"a b":"{[\\"}:"}', '7', '"\\u0041"', ' [ ] ', 'null']) {
    expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
  }
});

test('as many levels and keys as are allowed, and not one more; brackets and colons in texts do not count', () => {
  const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  expect(() => parseJson(bytes(nested(16)))).not.toThrow();
  expect(() => parseJson(bytes(nested(17)))).toThrow('Expected JSON of at most 16 levels, received more.');
  const keyed = (keys: number): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, k) => [`k${k}`, ':{[\\'])));
  expect(() => parseJson(bytes(keyed(2000)))).not.toThrow();
  expect(() => parseJson(bytes(keyed(2001)))).toThrow('Expected JSON of at most 2000 keys, received more.');
  // A million levels are refused where they are the 17th, without recursion.
  expect(() => {
    requireShallow(bytes('[{"a":'.repeat(1_000_000)));
  }).toThrow(/16 levels/);
});

test.each(['', '{', '{"a":1,}', '[1] 2', "{'a':1}", 'NaN', '"\n"'])('%j is no JSON', (text) => {
  expect(() => parseJson(bytes(text))).toThrow('Expected JSON in UTF-8, received something else.');
});

test('bytes that are no UTF-8 are no JSON', () => {
  expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('Expected JSON in UTF-8');
});

test.each([
  '{"__proto__":{"isAdmin":true}}',
  '{"a":[{"__proto__":1}]}',
  '{"\\u005f_proto__":1}',
  '{"constructor":{"prototype":{}}}',
  '{"proto\\u0074ype":1}',
])('%s is refused: an object would be given another inheritance where it is merged', (text) => {
  expect(() => parseJson(bytes(text))).toThrow(/^Expected keys of JSON that name values, received/);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test('a text that only mentions such a name is read', () => {
  expect(parseJson(bytes('{"note":"__proto__ and constructor \\u0041"}'))).toEqual({
    note: '__proto__ and constructor A',
  });
});

test('as many arrays and objects as are allowed, and not one more', () => {
  const limits = { depth: 16, keys: 2000, arrays: 3 };
  expect(parseJson(bytes('[[],{"a":"[[[["}]'), limits)).toEqual([[], { a: '[[[[' }]);
  expect(() => parseJson(bytes('[[],[],{}]'), limits)).toThrow(
    'Expected JSON of at most 3 arrays and objects',
  );
});

test('4,096 images of 28 rows each, nested, are within the limits; four million empty arrays are not', () => {
  const rows = `[${'[1],'.repeat(27)}[1]]`;
  expect(parseJson(bytes(`[${`${rows},`.repeat(4095)}${rows}]`))).toHaveLength(4096);
  expect(() => parseJson(bytes(`[${'[],'.repeat(4_000_000)}0]`))).toThrow(
    /^Expected JSON of at most 500000 arrays and objects, received more\./,
  );
});
