import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { DactylError } from '../util/errors.ts';
import { likelyMeant } from '../util/nearest.ts';

export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
  /** It is about the key, not the value. */
  readonly atKey: boolean;
}

/** What the outermost value is called in a message. */
const WHOLE = 'the file';

/** The parts of JSON Schema that the schema of study files is made of. */
interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
}

/**
 * What is wrong with a value, first in the order of the text, said so that its author can mend it; undefined where nothing is. `path`: where the
 * value stands; keys whose value is undefined count as absent.
 */
export function firstProblem(
  schema: TSchema,
  value: unknown,
  path: readonly string[] = [],
): Problem | undefined {
  return problemAt(schema, value, path);
}

/** Throws E_ARGUMENT for a value that a program gives where it is not what the same schema asks of a file. `what`: 'the study', say. */
export function checkGiven(schema: TSchema, value: unknown, what: string): void {
  const problem = firstProblem(schema, value);
  if (problem) throw new DactylError('E_ARGUMENT', `${problem.message.replaceAll(WHOLE, what)}.`);
}

function problemAt(schema: Schema, value: unknown, path: readonly string[]): Problem | undefined {
  const name = path.join('.') || WHOLE;
  const expected = (what: string): Problem => ({
    path,
    message: `${name}: expected ${what}; received ${short(value)}`,
    atKey: false,
  });
  if (schema.anyOf) return ofAlternatives(schema.anyOf, value, path, expected);
  if (schema.type === 'object') {
    return isObject(value) ? ofObject(schema, value, path) : expected('an object { … }');
  }
  if (schema.items && Array.isArray(value)) {
    for (const [k, item] of value.entries()) {
      const problem = problemAt(schema.items, item, [...path, String(k)]);
      if (problem) return problem;
    }
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
  const list = alternatives.find(({ type }) => type === 'array');
  if (list && !isObject(value)) {
    return Array.isArray(value) ? problemAt(list, value, path) : expected('a list [ … ] or an object { … }');
  }
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
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
): Problem | undefined {
  const { properties, patternProperties, required = [] } = schema;
  const name = path.join('.') || WHOLE;
  for (const [key, own] of Object.entries(value)) {
    if (own === undefined) continue;
    const known = properties
      ? Object.hasOwn(properties, key)
        ? properties[key]
        : undefined
      : Object.entries(patternProperties ?? {}).find(([pattern]) => new RegExp(pattern).test(key))?.[1];
    const place = [...path, key];
    if (!known && schema.additionalProperties === true) continue;
    if (!known) return { path: place, message: unknownKey(key, name, properties), atKey: true };
    const problem = problemAt(known, own, place);
    if (problem) return problem;
  }
  const missing = required.find((key) => value[key] === undefined);
  if (missing !== undefined) {
    return { path, message: `${name}: the key "${missing}" is missing`, atKey: true };
  }
  const given = Object.values(value).filter((own) => own !== undefined);
  if (given.length < (patternProperties ? 1 : (schema.minProperties ?? 0))) {
    const known = properties ? ` of ${Object.keys(properties).join(', ')}` : '';
    return { path, message: `${name}: expected at least one${known}; received {}`, atKey: true };
  }
  return undefined;
}

function unknownKey(key: string, name: string, properties: Schema['properties']): string {
  if (!properties) {
    return `${name}: expected ${NAME}; received ${short(key)}`;
  }
  const known = Object.keys(properties);
  const meant = likelyMeant(key.slice(0, 100), known);
  return `unknown key ${short(key)} in ${name}; ${meant === undefined ? `expected one of ${known.join(', ')}` : `the nearest valid one is "${meant}" (of ${known.join(', ')})`}`;
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
  const meant = typeof value === 'string' ? likelyMeant(value.slice(0, 100), words) : undefined;
  const advice = meant === undefined ? '' : ` (the nearest is "${meant}")`;
  return words.length === 1 ? `"${words[0]}"` : `one of ${words.join(', ')}${advice}`;
}

function short(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : 'a number beyond 1.8e308';
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
