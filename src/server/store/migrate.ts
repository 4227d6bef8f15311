import { DactylError } from '../../util/errors.ts';
import type { Database, Queries } from './database.ts';
import { COLUMN_TYPES, type Migration } from './migrations/migration.ts';

/** Of an advisory lock of PostgreSQL: instances that start at the same time make the tables one after the other. */
const MIGRATING = 0x6461_6374;

/** Makes the steps that are missing, in their order, each once, all in one transaction. Throws E_FORMAT where a newer program has made others. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  const types = COLUMN_TYPES[database.kind];
  await database.transaction(async ({ query }) => {
    if (database.kind === 'postgres') await query('SELECT pg_advisory_xact_lock(?)', [MIGRATING]);
    await query(
      `CREATE TABLE IF NOT EXISTS migrations (id ${types.text} PRIMARY KEY, at ${types.integer} NOT NULL)`,
    );
    const made = await madeIn({ query });
    requireKnown(made, migrations);
    for (const { id, statements } of migrations.filter((migration) => !made.includes(migration.id))) {
      for (const sql of statements(types)) await query(sql);
      await query('INSERT INTO migrations (id, at) VALUES (?, ?)', [id, Date.now()]);
    }
  });
}

/** Makes nothing. Throws E_FORMAT where the tables are not those of this program, E_NOT_FOUND where there are none. */
export async function requireMigrated(store: Queries, migrations: readonly Migration[]): Promise<void> {
  await requireMade(store);
  const made = await madeIn(store);
  requireKnown(made, migrations);
  if (migrations.every(({ id }) => made.includes(id))) return;
  throw new DactylError(
    'E_FORMAT',
    'The store is of an older Dactyl, whose tables are not those of this one. Use that version, or start the server with this one first.',
  );
}

/** Whether the tables of a store were made, of whatever version. */
export async function hasTables(store: Queries): Promise<boolean> {
  try {
    await madeIn(store);
    return true;
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    if (code === '42P01' || /no such table/.test(message)) return false;
    throw error;
  }
}

/** Throws E_NOT_FOUND where a database is empty, or holds something else. */
export async function requireMade(store: Queries): Promise<void> {
  if (await hasTables(store)) return;
  throw new DactylError(
    'E_NOT_FOUND',
    'The database holds no store: expected the tables that a server makes when it first starts, received none of them. Look at --data-dir or --store, or start the server first.',
  );
}

async function madeIn({ query }: Queries): Promise<string[]> {
  return (await query('SELECT id FROM migrations ORDER BY id')).map(({ id }) => String(id));
}

/** That what was made is what this program would make. */
export function requireKnown(made: readonly string[], migrations: readonly Migration[]): void {
  const unknown = made.filter((id) => !migrations.some((migration) => migration.id === id));
  if (unknown.length === 0) return;
  throw new DactylError(
    'E_FORMAT',
    `The store was made by a newer Dactyl: its tables have had the steps ${unknown.join(', ')}, which this one does not know. Use that version, or restore a backup that was made before.`,
  );
}
