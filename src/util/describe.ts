import { printable } from './printable.ts';

/** What a value is, in words that name its type, for 'received …' in messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string')
    return `the text '${printable(value.length > 60 ? `${value.slice(0, 60)}…` : value)}'`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'bigint') return `the BigInt ${value}n`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'symbol') return 'a symbol';
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (Array.isArray(value)) return 'an array';
  const name = classOf(value);
  if (name !== 'Object') return `${/^[AEIOU](?!int)/.test(name) ? 'an' : 'a'} ${name}`;
  return `an object with ${Object.keys(value).slice(0, 8).join(', ') || 'nothing'}`;
}

/** An array by what is in it, such as [3, NaN]; anything else as `describe` does. */
export function describeShape(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(String).join(', ')}]` : describe(value);
}

/** 'Object' for plain objects. */
function classOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  return prototype?.constructor?.name || 'Object';
}
