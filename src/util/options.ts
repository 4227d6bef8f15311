import { describe } from './describe.ts';
import { DactylError } from './errors.ts';
import { likelyMeant } from './nearest.ts';

/**
 * Throws E_ARGUMENT for anything but an object, and for an option that is not in `known`: misspelt or foreign, it would leave the default in
 * force.
 */
export function checkOptions(what: string, known: readonly string[], options: unknown): void {
  const names = known.filter((name) => name !== 'name').join(', ');
  // A Map, a Promise, an array: their contents are no fields, and would be passed over.
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new DactylError(
      'E_ARGUMENT',
      `${what}: expected an object with ${names}; received ${describe(options)}.`,
    );
  }
  const unknown = Object.keys(options as object).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = likelyMeant(
    unknown.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    known,
  );
  throw new DactylError(
    'E_ARGUMENT',
    `${what}: expected ${names === '' ? 'no options' : `options of ${names}`}; received '${unknown}'${meant === undefined ? '' : ` (nearest: ${meant})`}.`,
  );
}

/** The predicates say what a value is; `requireType` throws E_ARGUMENT where it is something else. */
export function requireType(what: string, expected: string, fits: boolean, value: unknown): void {
  if (!fits)
    throw new DactylError('E_ARGUMENT', `${what}: expected ${expected}; received ${describe(value)}.`);
}

/** A number for which `valid` holds: text that looks like one, null and BigInt are none. */
export function isNumber(value: unknown, valid: (x: number) => boolean = Number.isFinite): boolean {
  return typeof value === 'number' && valid(value);
}

/** Whether a number stays finite as float32. */
export function isFloat32(x: number): boolean {
  return Number.isFinite(Math.fround(x));
}

/** An array or a typed array of numbers, by its kind; what is in it is for the caller to look at. */
export function isNumbers(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return true;
  return ArrayBuffer.isView(value) && 'length' in value && !isBigInts(value);
}

function isBigInts(value: ArrayBufferView): boolean {
  return value instanceof BigInt64Array || value instanceof BigUint64Array;
}

export function requireNumber(what: string, value: unknown): void {
  requireType(what, 'a number', typeof value === 'number', value);
}

export function requireSignal(what: string, signal: unknown): void {
  requireType(what, 'signal: an AbortSignal', signal === undefined || signal instanceof AbortSignal, signal);
}

export function requireText(what: string, value: unknown): void {
  requireType(what, 'a text', typeof value === 'string', value);
}

export function requireFlag(what: string, value: unknown): void {
  requireType(what, 'true or false', typeof value === 'boolean', value);
}

export function requireFunction(what: string, value: unknown): void {
  requireType(what, 'a function', typeof value === 'function', value);
}

/** An array or typed array of numbers; a list of lists or of text is found by its first entry. */
export function requireNumbers(what: string, value: unknown): void {
  const fits = isNumbers(value) && (value.length === 0 || typeof value[0] === 'number');
  requireType(what, 'an array of numbers', fits, value);
}

export function requireBytes(what: string, value: unknown): void {
  requireType(what, 'a Uint8Array', value instanceof Uint8Array, value);
}

export function requireArray(what: string, value: unknown): void {
  requireType(what, 'an array', Array.isArray(value), value);
}

/** An object that has at least these fields; what is in them is for the caller to look at. */
export function requireFields(what: string, fields: readonly string[], value: unknown): void {
  const fits = typeof value === 'object' && value !== null && fields.every((field) => field in value);
  requireType(what, `an object with ${fields.join(', ')}`, fits, value);
}

/** An array of objects that have at least these fields. */
export function requireItems(what: string, fields: readonly string[], value: unknown): void {
  requireArray(what, value);
  (value as unknown[]).forEach((item, index) => {
    requireFields(`${what}[${index}]`, fields, item);
  });
}
