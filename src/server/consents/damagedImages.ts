import { DactylError } from '../../util/errors.ts';
import type { Queries, Row } from '../store/database.ts';
import { openItem } from './items.ts';
import { hasMasterKey, type KeyFolder, openKeyFolder } from './keyFolder.ts';

const PAGE = 100;

/** A sentence for each kept image of the store that does not open with the keys of the folder; none where the folder has no master key. Opens all of them, and changes nothing. */
export async function damagedImages(store: Queries, keysFolder: string): Promise<string[]> {
  if (!hasMasterKey(keysFolder)) return [];
  const keys = openKeyFolder(keysFolder);
  const texts: string[] = [];
  for (let [consent, item] = ['', 0]; ;) {
    const rows = await store.query(
      `SELECT i.* FROM consent_items i JOIN consents c ON c.id = i.consent WHERE c.erased_at IS NULL AND (i.consent > ? OR (i.consent = ? AND i.item > ?)) ORDER BY i.consent, i.item LIMIT ${PAGE}`,
      [consent, consent, item],
    );
    for (const row of rows) {
      if (reasonOf(keys, row) === undefined) continue;
      // Erased, or wrapped by a new master key, since it was read.
      const [now] = await store.query(
        'SELECT i.* FROM consent_items i JOIN consents c ON c.id = i.consent WHERE c.erased_at IS NULL AND i.consent = ? AND i.item = ?',
        [row.consent, row.item],
      );
      const reason = now && reasonOf(keys, now);
      if (reason !== undefined)
        texts.push(`Image ${Number(row.item)} of consent ${String(row.consent)} does not open: ${reason}`);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return texts;
    [consent, item] = [String(last.consent), Number(last.item)];
  }
}

function reasonOf(keys: KeyFolder, row: Row): string | undefined {
  try {
    openItem(keys.read(String(row.consent)).key, row);
    return undefined;
  } catch (error) {
    if (error instanceof DactylError) return error.message;
    throw error;
  }
}
