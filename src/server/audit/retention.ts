import type { Database, Statement } from '../store/database.ts';
import type { AuditEvent } from './event.ts';
import { keysHandedOn } from './keptKeys.ts';

/** Entries removed in one commit, about: what is written meanwhile waits for it. */
const AT_ONCE = 10_000;

/**
 * Removes the entries before the first that is not older than `before`, up to the newest checkpoint among them; each removal is an event itself,
 * `audit.retained`, in the same commit, which hands on what the entries said of API keys. How many are gone.
 */
export async function removeOld(
  database: Database,
  before: number,
  now: number,
  append: (event: AuditEvent, statements: readonly Statement[]) => Promise<void>,
): Promise<number> {
  const { chain } = database;
  const one = async (sql: string, ...values: (string | number)[]): Promise<number | undefined> => {
    const [row] = await database.query(sql, [chain, ...values]);
    return typeof row?.n === 'number' ? row.n : undefined;
  };
  const kept = await one(
    'SELECT seq AS n FROM audit_events WHERE chain = ? AND at >= ? ORDER BY seq LIMIT 1',
    before,
  );
  // A chain never ends up empty: what comes next could not be told from one that was cut.
  const last = (kept ?? (await one('SELECT max(seq) AS n FROM audit_events WHERE chain = ?')) ?? 1) - 1;
  const from = (await one('SELECT max(size) AS n FROM audit_retained WHERE chain = ?')) ?? 0;
  let done = from;
  for (;;) {
    const size =
      (await one(
        'SELECT max(size) AS n FROM audit_checkpoints WHERE chain = ? AND size > ? AND size <= ?',
        done,
        Math.min(last, done + AT_ONCE),
      )) ??
      (await one(
        'SELECT min(size) AS n FROM audit_checkpoints WHERE chain = ? AND size > ? AND size <= ?',
        done,
        last,
      ));
    if (size === undefined) return done - from;
    const facts = { size, before, ...(await keysHandedOn(database, chain, size, now)) };
    await append({ kind: 'audit.retained', at: now, facts }, [
      { sql: 'INSERT INTO audit_retained (chain, size, at) VALUES (?, ?, ?)', values: [chain, size, now] },
      { sql: 'DELETE FROM audit_events WHERE chain = ? AND seq <= ?', values: [chain, size] },
      { sql: 'DELETE FROM audit_retained WHERE chain = ? AND size < ?', values: [chain, size] },
      { sql: 'DELETE FROM audit_checkpoints WHERE chain = ? AND size < ?', values: [chain, size] },
    ]);
    done = size;
  }
}
