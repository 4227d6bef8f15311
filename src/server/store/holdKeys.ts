import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { ensureWritableFolder } from '../../store/atomic.ts';
import { fileError } from '../../store/fileError.ts';
import { DactylError } from '../../util/errors.ts';

/**
 * Takes the keys for this process until it ends, in whatever way: two servers that did not know of each other would destroy each other's keys, and write the list of erasures apart. `instance`: its name, of several
 * that share one PostgreSQL database, and with it the folder. Returns what gives them back. Where better-sqlite3 is not installed nothing is held. Throws E_LOCKED.
 */
export async function holdKeys(folder: string, instance?: string): Promise<() => void> {
  const connect = await sqlite();
  if (connect === undefined) return () => undefined;
  ensureWritableFolder(folder, 0o700);
  const lock = join(folder, instance === undefined ? 'lock.sqlite' : `lock-${instance}.sqlite`);
  const held = open(connect, lock);
  try {
    held.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    held.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw fileError(error, 'lock', lock);
    throw new DactylError(
      'E_LOCKED',
      `${folder} holds the keys of another server that runs: each would destroy what the other still needs. Stop it, or set another keysDir (DACTYL_KEYS_DIR); to try a backup, a copy of the folder.`,
    );
  }
  return () => {
    held.close();
  };
}

function open(connect: typeof Sqlite, path: string): Sqlite.Database {
  try {
    return connect(path, { timeout: 0 });
  } catch (error) {
    throw fileError(error, 'open', path);
  }
}

/** An optional peer of the package, which a store in PostgreSQL does without. */
async function sqlite(): Promise<typeof Sqlite | undefined> {
  try {
    return (await import('better-sqlite3')).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
