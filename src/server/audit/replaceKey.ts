import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DactylError } from '../../util/errors.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { isPostgres, openDatabase } from '../store/openDatabase.ts';
import { keysFolder, storePlace } from '../store/place.ts';
import { requireStore } from '../store/sqliteConnection.ts';
import { createAudit } from './audit.ts';
import { findCheckpoints } from './checkpoint.ts';
import { addVerifier, signedWith, signingKey, verifierKeys } from './keys.ts';
import { KEY_REPLACED, verifyAudit } from './verify.ts';

export interface ReplaceKeyOptions {
  readonly dataDir?: string;
  readonly store?: string;
  /** Kept in the log. */
  readonly reason: string;
}

export interface Replaced {
  readonly chain: string;
  /** The public half of the new key, to be given away. */
  readonly key: string;
  /** The first checkpoint that it signed. */
  readonly note: string;
}

/**
 * Where the key that signed the audit log is lost for good: a new one signs from an entry on that says so, `audit.key-replaced`, with the reason, the identifiers of the lost key and how much of the
 * log public keys still vouch for. The server must not run. Throws E_STATE where nothing is to be replaced, E_MISMATCH where the log is not as it was written, E_LOCKED, E_NOT_FOUND, E_ARGUMENT.
 */
export async function replaceSigningKey(
  { dataDir, store, reason }: ReplaceKeyOptions,
  environment: NodeJS.ProcessEnv,
): Promise<Replaced> {
  const why = reason.trim();
  if (!/^[^\p{Cc}\u2028\u2029]{1,200}$/u.test(why)) {
    throw new DactylError(
      'E_ARGUMENT',
      '--reason: expected one line of 1 to 200 characters, which the log keeps.',
    );
  }
  const config = loadConfig({ environment, flags: { dataDir, store } });
  const place = storePlace(config);
  if (!isPostgres(place)) requireStore(place);
  const folder = join(keysFolder(config), 'audit');
  const chain = config.instance;
  const database = await openDatabase(place, { instance: chain });
  try {
    const [newest] = await database.query(
      'SELECT note FROM audit_checkpoints WHERE chain = ? ORDER BY size DESC LIMIT 1',
      [chain],
    );
    const signed = newest === undefined ? [] : findCheckpoints(String(newest.note));
    if (signed.length === 0 || signedWith(folder, signed) === true) {
      const found =
        signed.length === 0 ? 'Nothing was signed yet' : `The key in ${folder} signed the audit log`;
      throw new DactylError('E_STATE', `${found}: nothing is to be replaced.`);
    }
    const keys = existsSync(folder) ? verifierKeys(folder) : [];
    const reports = await verifyAudit(database, { keys, outside: [] });
    const report = reports.find((one) => one.chain === chain)!;
    const wrong = report.findings.filter(({ kind }) => kind !== 'signature');
    if (wrong.length > 0) {
      throw new DactylError(
        'E_MISMATCH',
        `The audit log is not as it was written, which a new key must not cover: ${wrong[0].text} Keep the store as it is, and look at docs/serving.md, 'When verify finds something'.`,
      );
    }
    const own = signingKey(folder, chain);
    const key = addVerifier(folder, chain, own);
    const lost = signed.flatMap(({ signatures }) => signatures.map(({ id }) => id));
    const facts = { reason: why, key, lost, signed: report.signed };
    let note = '';
    const audit = createAudit({
      ...config.audit,
      database,
      clock: systemClock,
      key: own,
      publish: (one) => void (note = one),
      failed: () => undefined,
    });
    await audit.append({ kind: KEY_REPLACED, at: systemClock.now(), facts });
    await audit.close();
    return { chain, key, note };
  } finally {
    await database.close();
  }
}
