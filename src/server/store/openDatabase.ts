import { join } from 'node:path';
import { DactylError } from '../../util/errors.ts';
import { requireChain } from '../audit/chain.ts';
import type * as Postgres from './postgres.ts';
import type { Database } from './database.ts';
import { migrate, requireMigrated } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { openSqlite } from './sqlite.ts';
import { openError, STORE_FILE } from './sqliteConnection.ts';

export interface StoreOptions {
  /** Names the audit chain of this instance; two that run at once on one database need two names. */
  readonly instance?: string;
  /** Beside a server that has the folder: its tables are taken as they are. */
  readonly beside?: boolean;
}

/**
 * A store, its tables up to date: `where` is a folder, which is made where it is missing, `:memory:`, or the address of a PostgreSQL database
 * (`postgres://…`). Throws E_LOCKED where another server uses it under the same name, E_FORMAT where it is damaged or of a newer Dactyl, E_FILE, and
 * E_STORE where the database cannot be reached.
 */
export async function openDatabase(
  where: string,
  { instance = 'main', beside = false }: StoreOptions = {},
): Promise<Database> {
  const chain = requireChain(instance);
  const database = isPostgres(where)
    ? await (await loadPostgres()).openPostgres(where, chain)
    : await openSqlite({ folder: where, chain, readOnly: false, beside });
  try {
    if (beside) await requireMigrated(database, MIGRATIONS);
    else await migrate(database, MIGRATIONS);
    return database;
  } catch (error) {
    await database.close();
    if (error instanceof DactylError) throw error;
    // Such as of a full disk, or of a user who may make no tables.
    throw isPostgres(where)
      ? (await loadPostgres()).storeError(error, where)
      : openError(error, join(where, STORE_FILE));
  }
}

export function isPostgres(where: string): boolean {
  return /^postgres(ql)?:\/\//.test(where);
}

/** Loaded when it is needed: the client is an optional peer of the package. */
export function loadPostgres(): Promise<typeof Postgres> {
  return import('./postgres.ts').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message =
      'A store in PostgreSQL: expected the package pg, received none. Install it: npm install pg';
    throw new DactylError('E_PACKAGE', message, { cause: error });
  });
}
