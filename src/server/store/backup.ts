import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { fileError } from '../../store/fileError.ts';
import { isThere } from '../../store/isThere.ts';
import { DactylError } from '../../util/errors.ts';
import type { Queries, Row } from './database.ts';
import { requireKnown, requireMade } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { connectReading, holdFolder, STORE_FILE } from './sqliteConnection.ts';

/** All pages in one step: a moment of the store, which those that write meanwhile do not change. */
const ALL_PAGES = 2 ** 30;

/** What a backup holds. */
export interface BackupContent {
  readonly bytes: number;
  readonly entries: number;
  readonly consents: number;
}

/**
 * Copies the store of a folder to a file, also while a server writes to it. The file is whole or not there; keys and the list of erasures are not in it. Throws E_FILE where the
 * file exists or cannot be written, E_NOT_FOUND where there is no store.
 */
export async function makeBackup(folder: string, file: string): Promise<BackupContent> {
  if (isThere(file)) {
    throw new DactylError('E_FILE', `${file} exists: a backup is never written over. Choose another name.`);
  }
  const connection = connectReading(folder);
  const { sqlite } = connection;
  const partial = `${file}.partial`;
  try {
    await requireMade({
      query: (sql, values = []) => Promise.resolve().then(() => connection.run({ sql, values })),
    });
    makeEmpty(partial, file);
    await sqlite.backup(partial, { progress: () => ALL_PAGES });
    const content = settle(partial);
    renameSync(partial, file);
    return content;
  } catch (error) {
    rmSync(partial, { force: true });
    throw error instanceof DactylError ? error : fileError(error, 'write the backup', file);
  } finally {
    sqlite.close();
  }
}

/**
 * Puts a backup into a folder that has no store, and holds the folder meanwhile; `allow` may throw before anything is made. Throws E_FILE where it has one, E_FORMAT where the file is no backup, is damaged or of a newer
 * Dactyl, E_LOCKED where a server uses the folder.
 */
export async function putBackup(
  file: string,
  folder: string,
  allow: (store: Queries) => Promise<void>,
): Promise<BackupContent> {
  const path = join(folder, STORE_FILE);
  const partial = `${path}.partial`;
  const source = openBackup(file);
  try {
    await allow({
      query: (sql, values = []) => Promise.resolve(source.prepare<unknown[], Row>(sql).all(...values)),
    });
    const release = holdFolder(folder);
    try {
      if (isThere(path)) {
        throw new DactylError(
          'E_FILE',
          `${path} exists: a backup is never restored over a store. Move it away, together with ${STORE_FILE}-wal and ${STORE_FILE}-shm, or choose another --data-dir.`,
        );
      }
      makeEmpty(partial, path);
      source.prepare('VACUUM INTO ?').run(partial);
      const content = settle(partial);
      renameSync(partial, path);
      return content;
    } finally {
      rmSync(partial, { force: true });
      release();
    }
  } finally {
    source.close();
  }
}

/** For nobody but its owner: SQLite would let everybody read it. Throws E_FILE, also where its folder is not there. */
function makeEmpty(partial: string, file: string): void {
  try {
    rmSync(partial, { force: true });
    closeSync(openSync(partial, 'wx', 0o600));
  } catch (error) {
    throw fileError(error, 'write', file);
  }
}

function openBackup(file: string): Sqlite.Database {
  if (!isThere(file)) throw new DactylError('E_FILE', `Cannot read ${file}: it does not exist.`);
  let sqlite: Sqlite.Database;
  try {
    sqlite = new Sqlite(file, { readonly: true });
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  try {
    requireWhole(sqlite, file);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function requireWhole(sqlite: Sqlite.Database, file: string): void {
  const refuse = (received: string, cause?: unknown): never => {
    const message = `${file}: expected a backup of a store, received ${received}. Take another backup.`;
    throw new DactylError('E_FORMAT', message, { cause });
  };
  let made: string[] = [];
  try {
    const found = sqlite.pragma('integrity_check', { simple: true });
    if (found !== 'ok') refuse(`a damaged one (${String(found)})`);
    made = sqlite
      .prepare<[], { id: string }>('SELECT id FROM migrations')
      .all()
      .map(({ id }) => id);
  } catch (error) {
    if (error instanceof DactylError) throw error;
    refuse(`something else (${(error as Error).message})`, error);
  }
  requireKnown(made, MIGRATIONS);
}

/** One file without a log beside it, on the disk, looked through. */
function settle(path: string): BackupContent {
  const sqlite = new Sqlite(path);
  try {
    sqlite.pragma('journal_mode = DELETE');
    sqlite.pragma('synchronous = FULL');
    requireWhole(sqlite, path);
    const count = (sql: string): number => sqlite.prepare<[], number>(sql).pluck().get()!;
    return {
      entries: count('SELECT count(*) FROM audit_events'),
      consents: count('SELECT count(*) FROM consents WHERE erased_at IS NULL'),
      bytes: statSync(path).size,
    };
  } finally {
    sqlite.close();
  }
}
