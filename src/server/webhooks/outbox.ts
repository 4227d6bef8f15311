import type { Database, Statement } from '../store/database.ts';

export type DeliveryState = 'pending' | 'delivered' | 'dead';

/** A message for one endpoint, claimed for a try. */
export interface Delivery {
  readonly id: string;
  readonly endpoint: string;
  readonly kind: string;
  readonly body: string;
  /** This one counted. */
  readonly attempts: number;
}

export function added(
  message: { readonly id: string; readonly kind: string; readonly body: string },
  endpoint: string,
  now: number,
): Statement {
  const { id, kind, body } = message;
  return {
    sql: `INSERT INTO webhook_deliveries (id, endpoint, kind, body, created_at, state, attempts, next_at)
      VALUES (?, ?, ?, ?, ?, 'pending', 0, ?)`,
    values: [id, endpoint, kind, body, now, now],
  };
}

/** Takes up to `most` messages that are due; until `until` no other instance takes them, so that one which ended in the middle is tried again. */
export function claimDue(
  database: Database,
  { now, until, most }: { now: number; until: number; most: number },
): Promise<Delivery[]> {
  return database.transaction(async (queries) => {
    const due = await queries.query(
      `SELECT id, endpoint, next_at FROM webhook_deliveries WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
      [now, most],
    );
    const claimed: Delivery[] = [];
    for (const { id, endpoint, next_at: before } of due) {
      const [row] = await queries.query(
        `UPDATE webhook_deliveries SET next_at = ?, attempts = attempts + 1
          WHERE id = ? AND endpoint = ? AND state = 'pending' AND next_at = ? RETURNING id, endpoint, kind, body, attempts`,
        [until, id, endpoint, before],
      );
      if (row !== undefined) claimed.push(row as unknown as Delivery);
    }
    return claimed;
  });
}

export function settled(
  { id, endpoint }: Delivery,
  { state, nextAt, detail }: { state: DeliveryState; nextAt: number; detail: string | null },
): Statement {
  return {
    sql: `UPDATE webhook_deliveries SET state = ?, next_at = ?, detail = ? WHERE id = ? AND endpoint = ?`,
    values: [state, nextAt, detail, id, endpoint],
  };
}

export async function counts(database: Database): Promise<Record<DeliveryState, number>> {
  const rows = await database.query(`SELECT state, COUNT(*) AS n FROM webhook_deliveries GROUP BY state`);
  const own = { pending: 0, delivered: 0, dead: 0 };
  for (const { state, n } of rows) own[state as DeliveryState] = Number(n);
  return own;
}

export interface DeadDelivery {
  readonly id: string;
  readonly kind: string;
  readonly endpoint: string;
  readonly createdAt: number;
  readonly attempts: number;
  readonly why: string;
}

/** The newest first. */
export async function deadDeliveries(database: Database, most: number): Promise<DeadDelivery[]> {
  const rows = await database.query(
    `SELECT id, kind, endpoint, created_at, attempts, detail FROM webhook_deliveries WHERE state = 'dead' ORDER BY created_at DESC, id LIMIT ?`,
    [most],
  );
  return rows.map((row) => ({
    id: String(row.id),
    kind: String(row.kind),
    endpoint: String(row.endpoint),
    createdAt: Number(row.created_at),
    attempts: Number(row.attempts),
    why: String(row.detail),
  }));
}

/** What was delivered, or given up, before that. */
export function forgotten(delivered: number, dead: number): Statement[] {
  const remove = (state: DeliveryState, before: number): Statement => ({
    sql: `DELETE FROM webhook_deliveries WHERE state = ? AND created_at < ?`,
    values: [state, before],
  });
  return [remove('delivered', delivered), remove('dead', dead)];
}
