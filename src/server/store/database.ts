import type { AuditEvent } from '../audit/event.ts';

export type Value = string | number | Uint8Array | null;

export type Row = Readonly<Record<string, Value>>;

/** SQL that both databases understand: `?` for values, times as whole milliseconds. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

export interface Queries {
  readonly query: (sql: string, values?: readonly Value[]) => Promise<Row[]>;
}

/** A store that is only read. */
export interface Reading extends Queries {
  close(): Promise<void>;
}

/** Where a server keeps what it must not lose. */
export interface Database extends Queries {
  readonly kind: 'sqlite' | 'postgres';
  /** The name of this instance's audit chain. */
  readonly chain: string;
  /**
   * All of them or none, on the disk when it resolves. What several callers write in the same few milliseconds shares one commit; where one's statement
   * fails, only that caller's work is undone. `event` becomes the next entry of the audit chain, in the same commit.
   */
  write(statements: readonly Statement[], event?: AuditEvent): Promise<void>;
  /** Reads and writes between which nothing else is written; undone where `work` throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** Makes what was deleted unreadable in the files, as far as the database can: in SQLite it is overwritten and its log is cut; PostgreSQL overwrites by its own vacuum. */
  scrub(): Promise<void>;
  /** After what is under way. */
  close(): Promise<void>;
}
