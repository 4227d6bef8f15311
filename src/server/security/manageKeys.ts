import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { openReading } from '../store/openReading.ts';
import { storePlace } from '../store/place.ts';
import { DactylError } from '../../util/errors.ts';
import { type ApiKey, type ApiKeys, createApiKeys, isValid, keyOf } from './apiKeys.ts';

/** Where the keys are. */
export interface KeysPlace {
  readonly dataDir?: string;
  readonly store?: string;
}

/** Does `work` with the keys of a server that does not run, or that runs on PostgreSQL. Throws E_LOCKED while a server has its folder, with what to do then. */
export async function withKeys<T>(
  { dataDir, store }: KeysPlace,
  environment: NodeJS.ProcessEnv,
  work: (keys: ApiKeys) => Promise<T>,
): Promise<T> {
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const database = await openDatabase(storePlace(config), { instance: `${config.instance}-keys` }).catch(
    (error: unknown) => {
      if (!(error instanceof DactylError) || error.code !== 'E_LOCKED') throw error;
      throw new DactylError(
        'E_LOCKED',
        `${config.dataDir} is in use by a server. Stop it for the moment that this takes; or, where admin.port is set, ask it: POST and DELETE /v1/keys of its admin listener, with a key of the scope admin.`,
        { cause: error },
      );
    },
  );
  try {
    return await work(createApiKeys(database, systemClock));
  } finally {
    await database.close();
  }
}

/** All keys, also while a server runs, and whether each counts now. */
export async function listKeys(
  { dataDir, store }: KeysPlace,
  environment: NodeJS.ProcessEnv,
): Promise<(ApiKey & { readonly valid: boolean })[]> {
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const reading = await openReading(storePlace(config));
  try {
    const rows = await reading.query('SELECT * FROM api_keys ORDER BY created, id');
    return rows.map((row) => ({ ...keyOf(row), valid: isValid(keyOf(row), systemClock.now()) }));
  } finally {
    await reading.close();
  }
}
