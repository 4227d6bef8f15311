import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { nearest } from '../util/nearest.ts';

export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
  /** It is about the key, not the value. */
  readonly atKey: boolean;
}

/** The parts of JSON Schema that the schema of study files is made of. */
interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** What is wrong with a value, first in the order of the text, said so that its author can mend it; undefined where nothing is. `path`: where the value stands. */
export function firstProblem(
  schema: TSchema,
  value: unknown,
  path: readonly string[] = [],
): Problem | undefined {
  return problemAt(schema, value, path);
}

function problemAt(schema: Schema, value: unknown, path: readonly string[]): Problem | undefined {
  const name = path.join('.') || 'the file';
  const expected = (what: string): Problem => ({
    path,
    message: `${name}: expected ${what}; received ${short(value)}`,
    atKey: false,
  });
  if (schema.anyOf) return ofAlternatives(schema.anyOf, value, path, expected);
  if (schema.type === 'object') {
    return isObject(value) ? ofObject(schema, value, path) : expected('an object { … }');
  }
  if (Value.Check(schema as TSchema, value)) return undefined;
  if (schema.const !== undefined) return expected(oneOf([String(schema.const)], value));
  const [{ message, instancePath }] = Value.Errors(schema as TSchema, value);
  const inner = instancePath.split('/').slice(1);
  return {
    path: [...path, ...inner],
    message: `${[name, ...inner].join('.')}: expected ${inWords(message)}; received ${short(inner.reduce<unknown>((outer, key) => (outer as Record<string, unknown>)[key], value))}`,
    atKey: false,
  };
}

function ofAlternatives(
  alternatives: readonly Schema[],
  value: unknown,
  path: readonly string[],
  expected: (what: string) => Problem,
): Problem | undefined {
  const words = alternatives.flatMap((one) => (one.const === undefined ? [] : [String(one.const)]));
  if (words.length > 0) return words.includes(value as string) ? undefined : expected(oneOf(words, value));
  if (alternatives.some(({ type }) => type === 'null') && value === null) return undefined;
  const objects = alternatives.filter(({ type }) => type === 'object');
  if (!isObject(value)) {
    return expected(alternatives.length > objects.length ? 'null or an object { … }' : 'an object { … }');
  }
  if (objects.length === 1) return problemAt(objects[0], value, path);
  const kinds = objects.map(({ properties }) => String(properties?.kind.const));
  const chosen = kinds.indexOf(String(value.kind));
  if (chosen >= 0) return problemAt(objects[chosen], value, path);
  return {
    path: [...path, 'kind'],
    message: `${[...path, 'kind'].join('.')}: expected ${oneOf(kinds, value.kind)}; received ${short(value.kind)}`,
    atKey: false,
  };
}

function ofObject(
  { properties, patternProperties, required = [] }: Schema,
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
): Problem | undefined {
  const name = path.join('.') || 'the file';
  for (const [key, own] of Object.entries(value)) {
    const schema = properties
      ? Object.hasOwn(properties, key)
        ? properties[key]
        : undefined
      : Object.entries(patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key))?.[1];
    const place = [...path, key];
    if (!schema) return { path: place, message: unknownKey(key, name, properties), atKey: true };
    const problem = problemAt(schema, own, place);
    if (problem) return problem;
  }
  const missing = required.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) {
    return { path, message: `${name}: the key "${missing}" is missing`, atKey: true };
  }
  if (patternProperties && Object.keys(value).length === 0) {
    return { path, message: `${name}: expected at least one; received {}`, atKey: true };
  }
  return undefined;
}

function unknownKey(key: string, name: string, properties: Schema['properties']): string {
  if (!properties) {
    return `${name}: expected ${NAME}; received ${short(key)}`;
  }
  const known = Object.keys(properties);
  return `unknown key ${short(key)} in ${name}; the nearest valid one is "${nearest(key.slice(0, 100), known)}" (of ${known.join(', ')})`;
}

/** The validator's message as what was expected: 'must be integer' is 'a whole number'. */
function inWords(message: string): string {
  const rest = message.replace(/^must /, '');
  return WORDS[rest] ?? rest.replace(/^be /, 'a value ').replace(/^match pattern .*/, NAME);
}

const NAME =
  'a name of letters, digits, hyphens, underscores, dots and plus signs, a letter or digit first, at most 120 of them, not "trials"';

const WORDS: Readonly<Record<string, string | undefined>> = {
  'be integer': 'a whole number',
  'be number': 'a number',
  'be string': 'text in quotes',
  'be array': 'a list [ … ]',
  'be boolean': 'true or false',
  'be object': 'an object { … }',
  'not have duplicate items': 'different entries',
  'not have fewer than 1 items': 'at least one entry',
  'not have fewer than 1 characters': 'some text',
};

function oneOf(words: readonly string[], value: unknown): string {
  const advice =
    typeof value === 'string' ? ` (the nearest is "${nearest(value.slice(0, 100), words)}")` : '';
  return words.length === 1 ? `"${words[0]}"` : `one of ${words.join(', ')}${advice}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
