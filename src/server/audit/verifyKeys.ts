import type { Queries, Row } from '../store/database.ts';
import type { Link } from './chain.ts';
import { type KeyCreated, keysIn } from './keptKeys.ts';

/** The API keys of a store, held against the entries that say how they were created and ended. */
export interface KeyRows {
  readonly count: number;
  /** Takes note of one entry. */
  meet(link: Link): void;
  /** What rows say otherwise than the entries of all chains. */
  differences(): Promise<string[]>;
}

/** The rows as they are now; `now` says which keys have expired. What is changed while entries are read is looked at again. */
export async function keyRows(store: Queries, now: number): Promise<KeyRows> {
  const read = async (): Promise<Map<string, Row>> => {
    const all = await store.query('SELECT * FROM api_keys ORDER BY created, id');
    return new Map(all.map((row) => [String(row.id), row]));
  };
  const rows = await read();
  /** All that entries say of a key's creation, and when it was revoked. */
  const created = new Map<string, KeyCreated[]>();
  const revoked = new Map<string, number[]>();
  let unknownBefore = -Infinity;

  function differing(row: Row): string[] {
    const id = String(row.id);
    const ends = revoked.get(id);
    const isUnknown = Number(row.created) < unknownBefore;
    const names = (created.get(id) ?? []).flatMap((said) => unlike(row, said));
    if (ends ? !ends.includes(Number(row.revoked)) : row.revoked !== null && !isUnknown)
      names.push('revoked');
    return [...new Set(names)];
  }

  return {
    count: rows.size,
    meet(link) {
      const { keys, keysUnknownBefore = -Infinity } = keysIn(link);
      unknownBefore = Math.max(unknownBefore, keysUnknownBefore);
      for (const { id, created: said, revoked: at } of keys) {
        if (said) created.set(id, [...(created.get(id) ?? []), said]);
        if (at !== undefined) revoked.set(id, [...(revoked.get(id) ?? []), at]);
      }
    },
    async differences() {
      const texts: string[] = [];
      const after = await read();
      for (const [id, row] of after) {
        const before = rows.get(id);
        if (before === undefined) continue;
        if (!created.has(id) && !(Number(row.created) < unknownBefore)) {
          texts.push(
            `API key ${id}, with the scopes ${String(row.scopes)}, stands in the store, but no entry says that it was created.`,
          );
          continue;
        }
        const then = differing(before);
        const names = differing(row).filter((name) => then.includes(name));
        if (names.length > 0) {
          texts.push(
            `API key ${id} was changed in the store: its ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not what the log says.`,
          );
        }
      }
      for (const [id, said] of created) {
        const isExpired = said.some(({ expires }) => expires !== null && expires <= now);
        if (after.has(id) || revoked.has(id) || isExpired) continue;
        texts.push(`API key ${id} was created and did not end, as the log says, but it is not in the store.`);
      }
      return texts;
    },
  };
}

function unlike(row: Row, { at, scopes, expires, hash }: KeyCreated): string[] {
  const same: Record<string, boolean> = {
    scopes: row.scopes === scopes.join(' '),
    expires: (row.expires === null ? null : Number(row.expires)) === expires,
    created: Number(row.created) === at,
    hash:
      hash === undefined ||
      (row.hash instanceof Uint8Array && Buffer.from(row.hash).toString('hex') === hash),
  };
  return Object.keys(same).filter((name) => !same[name]);
}
