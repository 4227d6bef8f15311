import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { DactylError } from '../util/errors.ts';
import { placeBelow } from '../util/nesting.ts';
import { fileError } from './fileError.ts';

/** What Node reads into one buffer. */
const MOST_BYTES = 2 ** 31 - 1;
/** A text that V8 holds in one string, whatever its characters. */
const MOST_TEXT = 2 ** 28;

/** Deeper than any file of Dactyl; more would overflow the stack of what reads it. */
const DEEPEST = 64;

/** The content of a regular file. Throws E_FILE, also for pipes and devices, which may have no end, and E_FORMAT for one of more than `most` bytes. */
export function readFile(path: string, most = MOST_BYTES): Uint8Array {
  try {
    // Without O_NONBLOCK, a pipe that nobody writes to would not even open.
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(descriptor);
      if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      if (!stats.isFile()) {
        throw new DactylError(
          'E_FILE',
          `Cannot read ${path}: expected a regular file, received a pipe or a device. Write its content to a file first.`,
        );
      }
      if (stats.size > most) {
        throw new DactylError(
          'E_FORMAT',
          `${path}: expected at most ${most} bytes, received ${stats.size}. Is it another file than meant?`,
        );
      }
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw error instanceof DactylError ? error : fileError(error, 'read', path);
  }
}

/** A regular file as text. Throws as `readFile`, and E_FORMAT where it is not UTF-8. */
export function readText(path: string, most = MOST_TEXT): string {
  const bytes = readFile(path, most);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DactylError(
      'E_FORMAT',
      `${path}: expected text in UTF-8, received other bytes. Save it as UTF-8, or ASCII.`,
    );
  }
}

/**
 * Reads a JSON file and holds it to its schema, compiled where it is given so; E_FILE, or E_FORMAT naming the place. `present`: an object of an
 * earlier version as this one writes it.
 */
export function readJson<S extends TSchema>(
  path: string,
  schema: S,
  compiled: { Check(value: unknown): boolean } = { Check: (value) => Value.Check(schema, value) },
  present: (value: Readonly<Record<string, unknown>>) => unknown = (value) => value,
): Static<S> {
  let value: unknown;
  const text = readText(path);
  if (placeBelow(text, DEEPEST) !== undefined) {
    throw new DactylError('E_FORMAT', `${path}: more than ${DEEPEST} brackets open; the file was changed.`);
  }
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DactylError('E_FORMAT', `${path}: not JSON; the file is torn or was changed.`, {
      cause: error,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    value = present(value as Readonly<Record<string, unknown>>);
  }
  if (compiled.Check(value)) return value as Static<S>;
  const [first] = Value.Errors(schema, value);
  throw new DactylError('E_FORMAT', `${path}: wrong at ${first.instancePath || '/'}: ${first.message}.`);
}

/** What `read` gives; where the file is of no use (E_FORMAT), the error ends with `remedy`: what to do. */
export function orElse<T>(remedy: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DactylError) || error.code !== 'E_FORMAT') throw error;
    throw new DactylError('E_FORMAT', `${error.message} ${remedy}`, { cause: error });
  }
}
