import { join, resolve } from 'node:path';
import { keysChain } from '../audit/checkpoint.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { hasTables, requireMigrated } from '../store/migrate.ts';
import { MIGRATIONS } from '../store/migrations/migrations.ts';
import { isPostgres, openDatabase } from '../store/openDatabase.ts';
import { openReading } from '../store/openReading.ts';
import { storePlace } from '../store/place.ts';
import { IN_MEMORY, requireStore, STORE_FILE } from '../store/sqliteConnection.ts';
import { isThere } from '../../store/isThere.ts';
import { DactylError } from '../../util/errors.ts';
import { type ApiKey, type ApiKeys, createApiKeys, isValid, keyOf } from './apiKeys.ts';

/** Where the keys are. */
export interface KeysPlace {
  readonly dataDir?: string;
  readonly store?: string;
}

/** Does `work` with the keys of a server, also while it runs: it knows of it within a second. Its entries of the audit log have a chain of their own. `made` is told where there was no store and one was made. */
export async function withKeys<T>(
  { dataDir, store }: KeysPlace,
  environment: NodeJS.ProcessEnv,
  work: (keys: ApiKeys) => Promise<T>,
  made: (where: string) => void = () => undefined,
): Promise<T> {
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const [place, instance] = [storePlace(config), keysChain(config.instance)];
  const isNew = !(await isStore(place));
  const database = await openDatabase(place, { instance }).catch((error: unknown) => {
    const held = error instanceof DactylError && error.code === 'E_LOCKED' && !isPostgres(place);
    if (!held) throw error;
    return openDatabase(place, { instance, beside: true });
  });
  if (isNew) made(isPostgres(place) ? 'the PostgreSQL database' : resolve(place));
  try {
    return await work(createApiKeys(database, systemClock));
  } finally {
    await database.close();
  }
}

async function isStore(place: string): Promise<boolean> {
  if (!isPostgres(place)) return place === IN_MEMORY || isThere(join(place, STORE_FILE));
  const reading = await openReading(place);
  try {
    return await hasTables(reading);
  } finally {
    await reading.close();
  }
}

/** Throws E_NOT_FOUND where there is no store, and makes none, or no key of this id. */
export async function revokeKey(place: KeysPlace, environment: NodeJS.ProcessEnv, id: string): Promise<void> {
  const { dataDir, store } = place;
  const where = storePlace(loadConfig({ environment, flags: { dataDir, store } }));
  if (!isPostgres(where)) requireStore(where);
  await withKeys(place, environment, (keys) => keys.revoke(id));
}

/** All keys, also while a server runs, and whether each counts now. */
export async function listKeys(
  { dataDir, store }: KeysPlace,
  environment: NodeJS.ProcessEnv,
): Promise<(ApiKey & { readonly valid: boolean })[]> {
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const reading = await openReading(storePlace(config));
  try {
    await requireMigrated(reading, MIGRATIONS);
    const rows = await reading.query('SELECT * FROM api_keys ORDER BY created, id');
    return rows.map((row) => ({ ...keyOf(row), valid: isValid(keyOf(row), systemClock.now()) }));
  } finally {
    await reading.close();
  }
}
