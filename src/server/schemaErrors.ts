import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { ErrorCode } from '../util/errors.ts';
import { badRequest, type HttpError } from './errors.ts';

/** What a value of a request had to be, as far as messages say it. */
interface Expected {
  readonly type?: string;
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Expected[];
  readonly properties?: Readonly<Record<string, Expected>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Mismatch {
  readonly keyword: string;
  /** A JSON pointer below the part of the request. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Of Ajv with `verbose`. */
export interface AjvMismatch extends Mismatch {
  readonly parentSchema?: unknown;
  readonly data?: unknown;
}

/** One sentence for what Ajv found wrong in a part of a request: `body`, `querystring`, `params` or `headers`. */
export function schemaError(errors: readonly AjvMismatch[], part: string): HttpError {
  const error = chiefOf(errors);
  return badRequest(sentence(error, error.parentSchema ?? {}, error.data, part));
}

/** Throws `code` (400) for a body that is not of the schema; `example` stands behind what is wrong. */
export function requireBody(
  schema: TSchema,
  body: unknown,
  { code = 'E_ARGUMENT', example }: { readonly code?: ErrorCode; readonly example?: string } = {},
): void {
  if (Value.Check(schema, body)) return;
  const error = chiefOf(Value.Errors(schema, body));
  const expected = Value.Pointer.Get(schema, error.schemaPath.slice(1)) as Expected;
  const said = sentence(error, expected, Value.Pointer.Get(body, error.instancePath), 'body');
  throw badRequest(example === undefined ? said : `${said} Such as ${example}`, code);
}

/** Alternatives and names that are not known are found wrong in several ways; one of them says it. */
function chiefOf<T extends Mismatch>(errors: readonly T[]): T {
  return errors.find(({ keyword }) => ['anyOf', 'additionalProperties'].includes(keyword)) ?? errors[0];
}

function sentence(error: Mismatch, schema: Expected, value: unknown, part: string): string {
  const { keyword, params } = error;
  const place = placeOf(error.instancePath, part);
  const names = Object.keys(schema.properties ?? {}).join(', ');
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = [params.additionalProperty ?? params.additionalProperties].flat().map(shown).join(', ');
      return `${place}: expected no other names than ${names}; received ${unknown}.`;
    }
    case 'minProperties':
      return `${place}: expected one or more of ${names}; received none.`;
    case 'required':
      return `${place}: expected ${schema.required?.join(', ')}; received ${shown(value)}.`;
    case 'maxItems':
      return `${place}: expected ${expectedOf(schema)}; received one of ${(value as readonly unknown[]).length}.`;
    default:
      return `${place}: expected ${expectedOf(schema)}; received ${shown(value)}.`;
  }
}

/** Such as `scopes[0]`, or the part where it is wrong as a whole. */
function placeOf(pointer: string, part: string): string {
  if (pointer === '') return part === 'querystring' ? 'The query' : `The ${part}`;
  return pointer
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
}

function expectedOf({ type, anyOf, properties, ...schema }: Expected): string {
  if (anyOf !== undefined) {
    const all = anyOf.map(expectedOf);
    return all.length > 2 ? `one of ${all.join(', ')}` : all.join(' or ');
  }
  if (schema.const !== undefined) return String(schema.const);
  switch (type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${rangeOf(schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${rangeOf(schema.minimum, schema.maximum)}`;
    case 'string':
      return `a text${rangeOf(schema.minLength, schema.maxLength, ' characters')}`;
    case 'array':
      return `a list${rangeOf(schema.minItems, schema.maxItems, ' entries')}`;
    default:
      return `a JSON object with ${Object.keys(properties ?? {}).join(', ')}`;
  }
}

function rangeOf(least: number | undefined, most: number | undefined, unit = ''): string {
  if (least === undefined) return most === undefined ? '' : ` of at most ${most}${unit}`;
  if (most === undefined) return ` of at least ${least}${unit}`;
  return `${unit === '' ? ' from' : ' of'} ${least} to ${most}${unit}`;
}

const SHOWN = 60;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
