import { DactylError } from './errors.ts';

/**
 * JSON with one spelling per value (after RFC 8785): no white space, object keys sorted by UTF-16 code unit, numbers as
 * ECMAScript prints them (−0 as 0), so that equal values hash alike. Only null, booleans, finite numbers, well-formed
 * strings, dense arrays and plain objects are taken; all else, `undefined` and cycles included, throws E_ARGUMENT
 * naming the place.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', []);
}

function write(value: unknown, place: string, ancestors: readonly object[]): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(place, String(value));
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quote(value, place);
  if (typeof value !== 'object') return refuse(place, typeof value);
  if (ancestors.includes(value)) return refuse(place, 'an object that contains itself');
  const path = [...ancestors, value];
  if (Array.isArray(value)) {
    const items = Array.from(value as unknown[], (item, i) => write(item, `${place}[${i}]`, path));
    return `[${items.join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return refuse(place, 'an object with a class of its own');
  const fields = value as Record<string, unknown>;
  const members = Object.keys(fields)
    .sort()
    .map((key) => `${quote(key, place)}:${write(fields[key], `${place}.${key}`, path)}`);
  return `{${members.join(',')}}`;
}

function quote(text: string, place: string): string {
  if (!text.isWellFormed()) refuse(place, 'a string with a lone surrogate');
  return JSON.stringify(text);
}

function refuse(place: string, received: string): never {
  throw new DactylError(
    'E_ARGUMENT',
    `Canonical JSON at ${place}: expected null, a boolean, a finite number, a string, an array or a plain object, received ${received}.`,
  );
}
