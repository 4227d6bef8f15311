import { join } from 'node:path';
import { DactylError } from '../../util/errors.ts';
import { createAudit } from '../audit/audit.ts';
import { signingKey } from '../audit/keys.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { damagedImages } from '../consents/damagedImages.ts';
import { createConsents } from '../consents/consents.ts';
import { type BackupContent, makeBackup, putBackup } from './backup.ts';
import { isPostgres, openDatabase } from './openDatabase.ts';
import { requireOwnKeys } from './ownKeys.ts';
import { keysFolder, storePlace } from './place.ts';

/** By the server's own settings: its keys, its name. Throws E_UNSUPPORTED for a store in PostgreSQL. */
export async function backUp(
  file: string,
  dataDir: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<BackupContent> {
  const config = loadConfig({ environment, flags: { dataDir } });
  requireSqlite(storePlace(config), 'pg_dump --format=custom --file=FILE URL');
  return makeBackup(config.dataDir, file);
}

/**
 * Puts the backup into the server's folder, then erases what was erased since it was made, and writes both down; `damaged` names images that do not open. Throws E_NOT_FOUND where the keys, and with them the list of
 * erasures, are not those of the backup.
 */
export async function restore(
  file: string,
  dataDir: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<BackupContent & { erased: number; damaged: readonly string[] }> {
  const config = loadConfig({ environment, flags: { dataDir } });
  requireSqlite(storePlace(config), 'pg_restore --dbname=URL FILE');
  const keys = keysFolder(config);
  const content = await putBackup(file, config.dataDir, (store) =>
    requireOwnKeys(store, keys, config.instance),
  );
  const database = await openDatabase(config.dataDir, { instance: config.instance });
  try {
    const failures: unknown[] = [];
    const failed = (error: unknown): void => void failures.push(error);
    const audit = createAudit({
      ...config.audit,
      database,
      clock: systemClock,
      key: signingKey(join(keys, 'audit'), config.instance),
      publish: () => undefined,
      failed,
    });
    const { entries, consents } = content;
    await audit.append({ kind: 'store.restored', at: systemClock.now(), facts: { entries, consents } });
    const { notice } = config.consents;
    const parts = { database, audit, clock: systemClock, keysFolder: keys, notice, failed };
    // Those who were given images were told when they were erased.
    const restored = createConsents({
      ...parts,
      altered: () => undefined,
      webhooks: { statements: () => [], wake: () => undefined },
    });
    const erased = await restored.replayErasures();
    await restored.close();
    await audit.close();
    if (failures.length > 0) throw new AggregateError(failures);
    return { ...content, erased, damaged: await damagedImages(database, keys) };
  } finally {
    await database.close();
  }
}

function requireSqlite(place: string, instead: string): void {
  if (!isPostgres(place)) return;
  throw new DactylError(
    'E_UNSUPPORTED',
    `The store is in PostgreSQL, which has programs of its own for this: ${instead} (docs/serving.md). A server that starts on a restored database erases what was erased since.`,
  );
}
