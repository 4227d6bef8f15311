import type { Row, Value } from '../store/database.ts';
import type { Link } from './chain.ts';

/** The last entry of a chain. */
export const HEAD = 'SELECT seq, hash FROM audit_events WHERE chain = ? ORDER BY seq DESC LIMIT 1';

export const INSERT_LINK =
  'INSERT INTO audit_events (chain, seq, at, kind, subject, facts, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** The values of `INSERT_LINK`. */
export function linkValues(chain: string, { seq, at, kind, subject, facts, previous, hash }: Link): Value[] {
  return [chain, seq, at, kind, subject, facts, previous, hash];
}

export function linkOf(row: Row): Link {
  return row as unknown as Link;
}
