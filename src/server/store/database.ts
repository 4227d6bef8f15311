export type Value = string | number | Uint8Array | null;

export type Row = Readonly<Record<string, Value>>;

/** SQL that both databases understand: `?` for values, times as whole milliseconds. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

export interface Queries {
  query(sql: string, values?: readonly Value[]): Promise<Row[]>;
}

/** Where a server keeps what it must not lose. */
export interface Database extends Queries {
  readonly kind: 'sqlite' | 'postgres';
  /** All of them or none, on the disk when it resolves. What several callers write in the same few milliseconds shares one commit. */
  write(statements: readonly Statement[]): Promise<void>;
  /** Reads and writes between which nothing else is written; undone where `work` throws. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** After what is under way. */
  close(): Promise<void>;
}
