import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonicalJson.ts';

test('the example of RFC 8785, section 3.2.2', () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('keys are sorted by UTF-16 code unit, the example of RFC 8785, section 3.2.3', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
  expect(canonicalJson(value).replaceAll(/[^0-9]/g, '')).toBe('2' + '14' + '6' + '7' + '1' + '5' + '3');
});

test('−0 is 0; keys of any kind and repeated parts are fine', () => {
  const shared = { b: 1, a: [-0] };
  expect(canonicalJson([shared, shared])).toBe('[{"a":[0],"b":1},{"a":[0],"b":1}]');
  expect(canonicalJson(JSON.parse('{"__proto__":1,"A":2}'))).toBe('{"A":2,"__proto__":1}');
});

test('what has no one spelling is refused with its place', () => {
  expect(() => canonicalJson({ a: [1, NaN] })).toThrow(/at \$\.a\[1\]: expected .* received NaN/);
  expect(() => canonicalJson(-Infinity)).toThrow(/received -Infinity/);
  expect(() => canonicalJson({ a: undefined })).toThrow(/at \$\.a: .* received undefined/);
  expect(() => canonicalJson(new Array(1))).toThrow(/at \$\[0\]: .* received undefined/);
  expect(() => canonicalJson('\ud800')).toThrow(/lone surrogate/);
  for (const value of [1n, () => 1, Symbol('s'), new Date(0), new Map(), new Float32Array(1)]) {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'E_ARGUMENT' }));
  }
  const loop: unknown[] = [];
  loop.push(loop);
  expect(() => canonicalJson(loop)).toThrow(/contains itself/);
});

test('the order of insertion does not matter and parsing gives the value back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!JSON.stringify(value).includes('\\ud'));
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
