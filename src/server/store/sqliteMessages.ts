import type { Row, Statement } from './database.ts';
import type { Failure, Job, Outcome } from './job.ts';

/** What the thread of a SQLite store is started with. */
export interface SqliteThreadData {
  readonly folder: string;
  readonly chain: string;
  readonly readOnly: boolean;
  /** Writes beside the process that holds the folder, to a chain of its own; makes no store. */
  readonly beside?: boolean;
}

/** What it is asked; each is answered with what stands beside it. */
export interface SqliteCalls {
  /** Several jobs, one commit. */
  commit: [given: readonly Job[], answer: Outcome[]];
  /** By a connection of its own, which sees what is committed. */
  read: [given: Statement, answer: Row[]];
  begin: [given: null, answer: null];
  /** Within the transaction that was begun. */
  step: [given: Statement, answer: Row[]];
  finish: [given: 'COMMIT' | 'ROLLBACK', answer: null];
  scrub: [given: null, answer: null];
  close: [given: null, answer: null];
}

export type SqliteCall = {
  [K in keyof SqliteCalls]: { id: number; kind: K; given: SqliteCalls[K][0] };
}[keyof SqliteCalls];

export type SqliteAnswer = { readonly id: number } & (
  { readonly answer: unknown } | { readonly failure: Failure }
);
