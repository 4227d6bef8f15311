import { DactylError } from '../../util/errors.ts';
import type { Clock } from '../clock.ts';
import type { Database } from './database.ts';
import { isOutage } from './outage.ts';

/** How often is tried whether a store that failed takes entries again. */
const TRY_MS = 2_000;

export interface StoreWatch {
  /** The one that is watched; throws E_STORE where it takes nothing. */
  readonly database: Database;
  /** False from a failure of the store's own until an entry of the audit log is on the disk again. */
  takesEntries(): boolean;
  /** `write`: adds an entry to the audit log. It is tried every two seconds while the store takes none. Returns what ends that. */
  tryBy(write: (failedSince: number) => Promise<void>): () => void;
}

interface Needed {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: {
    error(facts: object, text: string): void;
    info(facts: object, text: string): void;
  };
}

/** Knows whether a store works, by what is asked of it. The log has one line for the beginning of a failure, with its cause, and one for its end. */
export function watchStore({ database, clock, log }: Needed): StoreWatch {
  let failedSince: number | undefined;

  const failed = (error: unknown): unknown => {
    if (!isOutage(error)) return error;
    if (failedSince === undefined) {
      failedSince = clock.now();
      log.error(
        { err: error },
        'the store takes nothing: requests that need it are answered with 503 until it does',
      );
    }
    if (error instanceof DactylError && error.code === 'E_STORE') return error;
    const { message, code } = error as NodeJS.ErrnoException;
    return new DactylError('E_STORE', `The store cannot be used: ${message} (${code ?? 'no code'}).`, {
      cause: error,
    });
  };
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw failed(error);
    }
  };
  return {
    database: {
      kind: database.kind,
      chain: database.chain,
      query: (sql, values) => watched(database.query(sql, values)),
      async write(statements, event) {
        await watched(database.write(statements, event));
        // What has no entry may have changed no row, and then wrote nothing.
        if (event === undefined || failedSince === undefined) return;
        const seconds = (clock.now() - failedSince) / 1000;
        failedSince = undefined;
        log.info({ seconds }, 'the store takes entries again');
      },
      transaction: (work) => watched(database.transaction(work)),
      scrub: () => watched(database.scrub()),
      close: () => database.close(),
    },
    takesEntries: () => failedSince === undefined,
    tryBy(write) {
      let trying = false;
      return clock.every(TRY_MS, () => {
        if (failedSince === undefined || trying) return;
        trying = true;
        write(failedSince).then(
          () => (trying = false),
          () => (trying = false),
        );
      });
    },
  };
}
