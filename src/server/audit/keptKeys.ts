import { factsOf, type Link } from './chain.ts';
import type { Queries } from '../store/database.ts';

/** What entries say of an API key. Retention hands it on, in `audit.retained`, so that its row can be held against it for as long as it counts. */
export interface KeyEntries {
  readonly id: string;
  readonly created?: KeyCreated;
  /** Milliseconds since 1970. */
  readonly revoked?: number;
}

export interface KeyCreated {
  readonly at: number;
  readonly scopes: readonly string[];
  readonly expires: number | null;
  /** SHA-256 of the key, in hexadecimal digits. Older entries have none. */
  readonly hash?: string;
}

/** Of the facts of an entry `audit.retained`. */
export interface HandedOn {
  readonly keys: readonly KeyEntries[];
  /** Entries of before were removed without being handed on, by an older Dactyl. */
  readonly keysUnknownBefore?: number;
}

type Entry = Pick<Link, 'kind' | 'at' | 'subject' | 'facts'>;

/** What one entry says of keys. */
export function keysIn({ kind, at, subject, facts }: Entry): HandedOn {
  const id = String(subject);
  const said = factsOf(facts);
  if (kind === 'key.created') {
    const { scopes = [], expires = null, hash } = said as Partial<KeyCreated>;
    return { keys: [{ id, created: { at, scopes, expires, ...(hash !== undefined && { hash }) } }] };
  }
  if (kind === 'key.revoked') return { keys: [{ id, revoked: at }] };
  if (kind !== 'audit.retained') return { keys: [] };
  const { keys, keysUnknownBefore, before } = said as Partial<HandedOn> & { before?: number };
  const unknown = keys === undefined ? before : keysUnknownBefore;
  return { keys: keys ?? [], ...(unknown !== undefined && { keysUnknownBefore: unknown }) };
}

/** What the next `audit.retained` hands on where the entries up to `size` are removed: of keys that ended and have no row any more, nothing. */
export async function keysHandedOn(
  store: Queries,
  chain: string,
  size: number,
  now: number,
): Promise<HandedOn> {
  const newest = await store.query(
    "SELECT kind, at, subject, facts FROM audit_events WHERE chain = ? AND kind = 'audit.retained' ORDER BY seq DESC LIMIT 1",
    [chain],
  );
  const removed = await store.query(
    "SELECT kind, at, subject, facts FROM audit_events WHERE chain = ? AND seq <= ? AND kind IN ('key.created', 'key.revoked') ORDER BY seq",
    [chain, size],
  );
  const rows = await store.query('SELECT id FROM api_keys');
  const kept = new Set(rows.map(({ id }) => String(id)));
  const said = [...newest, ...removed].map((row) => keysIn(row as unknown as Entry));
  const all = new Map<string, KeyEntries>();
  for (const key of said.flatMap(({ keys }) => keys)) all.set(key.id, { ...all.get(key.id), ...key });
  // Once more where it ended since: an entry before has its creation alone, and goes before this one.
  const before = new Map((newest.length > 0 ? said[0].keys : []).map((key) => [key.id, key]));
  const keys = [...all.values()].filter(({ id }) => kept.has(id) || !isEnded(before.get(id), now));
  const unknown = said.find(({ keysUnknownBefore }) => keysUnknownBefore !== undefined)?.keysUnknownBefore;
  return { keys, ...(unknown !== undefined && { keysUnknownBefore: unknown }) };
}

function isEnded(key: KeyEntries | undefined, now: number): boolean {
  if (key?.created === undefined) return false;
  const { expires } = key.created;
  return key.revoked !== undefined || (expires !== null && expires <= now);
}
