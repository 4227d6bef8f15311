import type { ChainEvent } from '../audit/chain.ts';
import { DactylError, ERROR_CODES, type ErrorCode } from '../../util/errors.ts';
import type { Row, Statement } from './database.ts';

/** What one caller wants written, all or none of it. */
export interface Job {
  readonly statements: readonly Statement[];
  readonly event?: ChainEvent;
}

/** Of one job: the rows of its last statement, or why it was undone. */
export type Outcome = { readonly rows: Row[] } | { readonly failure: Failure };

/** An error on its way between threads, where a class does not survive. */
export interface Failure {
  readonly message: string;
  readonly code?: string;
}

export function failureOf(error: unknown): Failure {
  const { message, code } = error as Failure;
  return { message, ...(code !== undefined && { code }) };
}

/** A `DactylError` again, or the database's own error with its code. */
export function asError({ message, code }: Failure): Error {
  if (code !== undefined && Object.hasOwn(ERROR_CODES, code))
    return new DactylError(code as ErrorCode, message);
  return Object.assign(new Error(message), { code });
}
