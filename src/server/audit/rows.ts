import type { Row, Value } from '../store/database.ts';
import type { Head, Link } from './chain.ts';

/** The last entry of a chain. */
export const HEAD = 'SELECT seq, hash FROM audit_events WHERE chain = ? ORDER BY seq DESC LIMIT 1';

export const INSERT_LINK =
  'INSERT INTO audit_events (chain, seq, at, kind, subject, facts, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** The values of `INSERT_LINK`. */
export function linkValues(chain: string, { seq, at, kind, subject, facts, previous, hash }: Link): Value[] {
  return [chain, seq, at, kind, subject, facts, previous, hash];
}

/** Of the answer to `HEAD`; undefined for a chain without entries. */
export function headOf([row]: readonly Row[]): Head | undefined {
  return row && { seq: Number(row.seq), hash: String(row.hash) };
}
