import fc from 'fast-check';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { DactylError } from './errors.ts';
import * as form from './form.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });

/** Each form beside the schema that says the same. */
const PAIRS = {
  text: [form.text, Type.String()],
  flag: [form.flag, Type.Boolean()],
  finite: [form.finite, Type.Number()],
  positive: [form.positive, Type.Number({ exclusiveMinimum: 0 })],
  notNegative: [form.notNegative, Type.Number({ minimum: 0 })],
  integer: [form.integer, Type.Integer()],
  count: [form.count, Count],
  oneOf: [form.oneOf('a', 'b'), Type.Union([Type.Literal('a'), Type.Literal('b')])],
  list: [form.list(form.count), Type.Array(Count)],
  orNull: [form.orNull(form.text), Type.Union([Type.Null(), Type.String()])],
  anything: [form.anything, Type.Unknown()],
  fields: [
    form.fields({ a: form.count, b: form.optional(form.text) }),
    Type.Object({ a: Count, b: Type.Optional(Type.String()) }, closed),
  ],
  variants: [
    form.variants('a', { x: { b: form.count }, y: {} }),
    Type.Union([
      Type.Object({ a: Type.Literal('x'), b: Count }, closed),
      Type.Object({ a: Type.Literal('y') }, closed),
    ]),
  ],
} as const;

const leaf = fc.oneof(
  fc.constantFrom(null, true, false, 'a', 'b', 'x', 'y', '', 0, -0, 1, -1, 0.5, 1e308, Infinity, 5e-324),
  fc.string({ maxLength: 2 }),
);
const value = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), leaf, { maxKeys: 3 }),
);

test.each(Object.entries(PAIRS))('%s takes what the schema takes, and nothing else', (_, [own, schema]) => {
  fc.assert(
    fc.property(value, (value) => {
      expect(own.problem(value, '') === undefined).toBe(Value.Check(schema, value));
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test('a problem names the path, what was expected and what was received', () => {
  const { layers } = { layers: form.list(form.fields({ units: form.count })) };
  expect(layers.problem([{ units: 1 }, { units: -2 }], '/layers')).toBe(
    '/layers/1/units: expected a whole number of at least 0, received -2',
  );
  expect(layers.problem([{}], '')).toBe('/0: the key units is missing');
  expect(layers.problem([{ units: 1, unit: 1 }], '')).toBe('/0: expected the keys units, received "unit"');
  expect(layers.problem(3, '')).toBe('/: expected a list, received 3');
  expect(form.variants('type', { A: {}, B: {} }).problem({ type: 'C' }, '')).toBe(
    '/type: expected A or B, received "C"',
  );
});

test('parseJson refuses what is no JSON, and what is of another form', () => {
  const refuse = (reason: string, options?: ErrorOptions) => new DactylError('E_FORMAT', reason, options);
  expect(form.parseJson(form.list(form.text), '["a"]', refuse)).toEqual(['a']);
  expect(() => form.parseJson(form.text, '{', refuse)).toThrow('its description is not JSON');
  expect(() => form.parseJson(form.text, '1', refuse)).toThrow(
    'its description is wrong at /: expected text, received 1',
  );
});
