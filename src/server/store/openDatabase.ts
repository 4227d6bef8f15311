import { requireChain } from '../audit/chain.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/migrations.ts';
import { openSqlite } from './sqlite.ts';

export interface StoreOptions {
  /** Names the audit chain of this instance; two that run at once on one database need two names. */
  readonly instance?: string;
}

/**
 * A store, its tables up to date: `where` is a folder, which is made where it is missing, or `:memory:`. Throws E_LOCKED where another server uses it,
 * E_FORMAT where it is damaged or of a newer Dactyl, E_FILE.
 */
export async function openDatabase(
  where: string,
  { instance = 'main' }: StoreOptions = {},
): Promise<Database> {
  const chain = requireChain(instance);
  const database = await openSqlite({ folder: where, chain, readOnly: false });
  try {
    await migrate(database, MIGRATIONS);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
