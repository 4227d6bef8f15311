import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonNode, jsonNodeAt, jsonTree } from './jsonTree.ts';

class Refused extends Error {}

const parse = (text: string): JsonNode =>
  jsonTree(text, (offset, reason) => {
    throw new Refused(`${offset}: ${reason}`);
  });

/** As `JSON.parse` builds it: of two members with one key the last counts. */
function plain(node: JsonNode): unknown {
  if (node.kind === 'plain') return node.value;
  if (node.kind === 'array') return node.items.map(plain);
  const object: Record<string, unknown> = {};
  for (const { key, value } of node.members) {
    Object.defineProperty(object, key, {
      value: plain(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

/** The value, or undefined where the text is refused. */
function attempt(read: (text: string) => unknown, text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Refused) return undefined;
    throw error;
  }
}

const expectAgreement = (text: string): void => {
  const own = attempt((one) => plain(parse(one)), text);
  expect(own, JSON.stringify(text)).toEqual(attempt(JSON.parse, text));
};

test('it gives what JSON.parse gives, with whatever spaces', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.constantFrom('', ' ', 1, '\t'),
      fc.constantFrom('', ' \r\n\t'),
      (text, indent, around) => {
        expectAgreement(around + JSON.stringify(JSON.parse(text), null, indent) + around);
      },
    ),
    { numRuns: 500 },
  );
});

test('it refuses what JSON.parse refuses: texts with one character removed, added or exchanged', () => {
  const marks = [...'{}[]",:\\/-+.eE019 \n\t\u0000\u007f\u2028\ufefftfnux'];
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ...marks),
      fc.boolean(),
      (text, place, mark, exchange) => {
        const at = place % (text.length + 1);
        expectAgreement(text.slice(0, at) + mark + text.slice(at + Number(exchange)));
      },
    ),
    { numRuns: 3000 },
  );
});

test.each([
  '',
  ' ',
  '01',
  '-',
  '-0',
  '1.',
  '.5',
  '1e',
  '1e400',
  '+1',
  '0x1',
  'NaN',
  'Infinity',
  'True',
  'nul',
  'truex',
  'toString',
  "'a'",
  '"a',
  '"\\x"',
  '"\\u12"',
  '"\\"',
  '"\ud800"',
  '"\t"',
  '"\n"',
  '[1,]',
  '[,1]',
  '[1 2]',
  '{"a":1,}',
  '{"a" 1}',
  '{a:1}',
  '{"a":}',
  '{"a":1 "b":2}',
  '1 2',
  '[] []',
  '\ufeff1',
  '1\u00a0',
  '{"__proto__":1}',
  '{"a":1,"a":2}',
  '// a\n1',
  '[1] /* a */',
])('%j as JSON.parse takes it', (text) => {
  expectAgreement(text);
});

test.each([
  ['{\n  "a": 1,\n}', '12: expected a key in double quotes, received "}"'],
  ['[1, 2', '5: expected a comma or ], received the end of the file'],
  ['{"a": 1 // one\n}', '8: expected a comma or }, received a comment'],
  ['{"a": tru}', '6: expected a value, received tru'],
  ['{"a" = 1}', '5: expected a colon after the key, received "="'],
  ['["a\n"]', '1: a text in double quotes does not end on its line'],
  ['["\\q"]', '1: a backslash that starts nothing known, or a control character in a text'],
  ['1 1', '2: expected the end of the file, received "1"'],
  ['\u001b[31m', '0: expected a value, received "\\u001b"'],
])('%j is refused with place and reason', (text, refusal) => {
  expect(() => parse(text)).toThrow(refusal);
});

test('places: of values, and of the keys before them, by hand', () => {
  const root = parse('{ "a": [10, {"b": null}], "a": 2 }');
  expect(jsonNodeAt(root, [])).toMatchObject({ node: { offset: 0 }, keyOffset: undefined });
  expect(jsonNodeAt(root, ['a'])).toMatchObject({ node: { kind: 'array', offset: 7 }, keyOffset: 2 });
  expect(jsonNodeAt(root, ['a', '0'])).toEqual({
    node: { kind: 'plain', offset: 8, value: 10 },
    keyOffset: undefined,
  });
  expect(jsonNodeAt(root, ['a', '1', 'b'])).toMatchObject({ node: { offset: 18 }, keyOffset: 13 });
  for (const path of [['b'], ['a', '2'], ['a', '-1'], ['a', 'x'], ['a', '0', 'x']])
    expect(jsonNodeAt(root, path)).toBeUndefined();
});
