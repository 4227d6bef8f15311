import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere } from '../../store/isThere.ts';
import { DactylError } from '../../util/errors.ts';
import { findCheckpoints } from '../audit/checkpoint.ts';
import { signedWith } from '../audit/keys.ts';
import { hasDataKey, hasMasterKey } from '../consents/keyFolder.ts';
import type { Queries } from './database.ts';

/**
 * Whether `folder` is the keys folder that the store was written with, as far as the store can tell: the key that signed the newest checkpoint of `chain`, the keys of its consents
 * and the list of its erasures. Only reads. Throws E_NOT_FOUND; else new keys would be made, the audit log would be signed by a key that nobody knows, and erased images could come back.
 */
export async function requireOwnKeys(store: Queries, folder: string, chain: string): Promise<void> {
  const received = await strange(store, folder, chain);
  if (received === undefined) return;
  throw new DactylError(
    'E_NOT_FOUND',
    `${folder} ${received}: expected the keys that the server had, and the list of what was erased since, without which erased images would come back. Put the folder there, or name it: keysDir (DACTYL_KEYS_DIR). Where it is lost for good: docs/serving.md, 'When keys are lost'.`,
  );
}

async function strange(store: Queries, folder: string, chain: string): Promise<string | undefined> {
  const [newest] = await store.query(
    'SELECT note FROM audit_checkpoints WHERE chain = ? ORDER BY size DESC LIMIT 1',
    [chain],
  );
  const kept = await store.query('SELECT id FROM consents WHERE erased_at IS NULL');
  const erased = await store.query('SELECT id FROM consents WHERE erased_at IS NOT NULL LIMIT 1');
  if (newest === undefined && kept.length === 0 && erased.length === 0) return undefined;
  if (!isThere(folder)) return 'is not there';
  if (newest !== undefined) {
    const signed = signedWith(join(folder, 'audit'), findCheckpoints(String(newest.note)));
    if (signed === undefined) return 'has no key that signs the audit log';
    if (!signed) return 'has another key than the one that signed the audit log';
  }
  const lists = erasureLists(folder);
  if (erased.length > 0 && lists === '') return 'has no list of erasures';
  if (kept.length > 0 && !hasMasterKey(folder)) return 'has no master key';
  const listed = new Set([...lists.matchAll(/"consent":"([^"]+)"/g)].map(([, id]) => id));
  // Of a backup that was restored, some were erased since.
  const expected = kept.map(({ id }) => String(id)).filter((id) => !listed.has(id));
  if (expected.length > 0 && !expected.some((id) => hasDataKey(folder, id)))
    return 'has no key of any consent';
  return undefined;
}

/** The text of all of them, unchecked: who replays them looks at their signatures. */
function erasureLists(folder: string): string {
  const path = join(folder, 'erasures');
  if (!existsSync(path)) return '';
  return readdirSync(path)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('');
}
