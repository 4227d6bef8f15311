import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ensureWritableFolder } from '../../store/atomic.ts';
import { fileError } from '../../store/fileError.ts';
import { isThere } from '../../store/isThere.ts';
import { DactylError } from '../../util/errors.ts';
import type { Row, Statement } from './database.ts';

/** A folder that is none: a store in memory, gone when it is closed. */
export const IN_MEMORY = ':memory:';

/** The database's file in the folder of a store. */
export const STORE_FILE = 'store.sqlite';

/** Milliseconds to wait for another connection, of a backup or of `dactyl audit`. */
const BUSY_MS = 5000;

/** SQL texts whose compiled form is kept. */
const MOST_PREPARED = 500;

export interface Connection {
  readonly sqlite: Sqlite.Database;
  /** The rows that the statement gives, none for most that write. */
  run(statement: Statement): Row[];
}

/** The one that writes. `existing`: throws E_NOT_FOUND where there is no store. */
export function connect(folder: string, existing = false): Connection {
  if (existing) requireStore(folder);
  return opened(folder, { fileMustExist: existing }, (sqlite) => {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    // What is deleted is overwritten; the log follows when it is cut (`scrub`).
    sqlite.pragma('secure_delete = ON');
    sqlite.pragma('foreign_keys = ON');
    // Else INSERT OR REPLACE would pass by the triggers that protect the audit log.
    sqlite.pragma('recursive_triggers = ON');
  });
}

/** Sees only what is committed; any number of them, in other processes too. Throws E_NOT_FOUND where there is no store. */
export function connectReading(folder: string): Connection {
  requireStore(folder);
  return opened(folder, { readonly: true, fileMustExist: true }, (sqlite) => {
    // SQLite opens a file when it first reads it.
    sqlite.pragma('schema_version');
  });
}

/** Throws E_NOT_FOUND where the folder has none, E_FILE where it may not be looked into. */
export function requireStore(folder: string): void {
  if (isThere(join(folder, STORE_FILE))) return;
  const expected = isThere(folder)
    ? `${folder} has no store: expected ${STORE_FILE} in it`
    : `The folder ${folder} does not exist: expected that of a server, with ${STORE_FILE} in it`;
  throw new DactylError('E_NOT_FOUND', `${expected}. Give the folder that the server has: --data-dir DIR.`);
}

/** Throws E_FILE where the store's file is there and not allowed to be used so; SQLite would say so at the first write, in words of its own. */
function requireAllowed(path: string, readOnly: boolean): void {
  if (path === IN_MEMORY || !isThere(path)) return;
  try {
    accessSync(path, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
  } catch (error) {
    throw fileError(error, readOnly ? 'read' : 'write to', path);
  }
}

function opened(
  folder: string,
  options: Sqlite.Options,
  prepare: (sqlite: Sqlite.Database) => void,
): Connection {
  const path = folder === IN_MEMORY ? IN_MEMORY : join(folder, STORE_FILE);
  requireAllowed(path, options.readonly === true);
  try {
    const sqlite = new Sqlite(path, { ...options, timeout: BUSY_MS });
    prepare(sqlite);
    return { sqlite, run: runner(sqlite) };
  } catch (error) {
    throw openError(error, path);
  }
}

/** What SQLite says of a store's file, in words; other errors as they are. */
export function openError(error: unknown, path: string): unknown {
  const { code, message } = error as { code?: unknown; message: string };
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new DactylError(
      'E_FORMAT',
      `${path}: expected the database of a store, received a file that is none or is damaged (${message}). Restore a backup: dactyl backup restore.`,
      { cause: error },
    );
  }
  return new DactylError('E_FILE', `Cannot open the store ${path}: ${message} (${code}).`, { cause: error });
}

function runner(sqlite: Sqlite.Database): Connection['run'] {
  const prepared = new Map<string, Sqlite.Statement>();
  return ({ sql, values }) => {
    let statement = prepared.get(sql);
    if (!statement) {
      if (prepared.size >= MOST_PREPARED) prepared.clear();
      prepared.set(sql, (statement = sqlite.prepare(sql)));
    }
    if (statement.reader) return statement.all(...values) as Row[];
    statement.run(...values);
    return [];
  };
}

/**
 * Takes the folder for this process until it ends, in whatever way: the system itself gives the lock back. Returns what gives it back before. Throws
 * E_LOCKED.
 */
export function holdFolder(folder: string): () => void {
  ensureWritableFolder(folder, 0o700);
  const holder = join(folder, 'holder');
  const lock = join(folder, 'lock.sqlite');
  let guard: Sqlite.Database | undefined;
  try {
    guard = new Sqlite(lock, { timeout: 0 });
    guard.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    guard?.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw openError(error, lock);
    throw new DactylError(
      'E_LOCKED',
      `${folder} is in use by another server${nameOf(holder)}: two cannot write to one folder. Stop it, choose another --data-dir, or let several share a PostgreSQL database (--store postgres://…).`,
    );
  }
  const held = guard;
  try {
    writeFileSync(holder, `${process.pid}\n`);
  } catch (error) {
    held.close();
    throw fileError(error, 'write', holder);
  }
  return () => {
    held.close();
  };
}

function nameOf(path: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(path, 'utf8'), 10)})`;
  } catch {
    return '';
  }
}
