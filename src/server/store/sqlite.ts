import { extname } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { chainEvent } from '../audit/chain.ts';
import { DactylError } from '../../util/errors.ts';
import { onMessages } from '../longTurns.ts';
import type { Database, Row, Statement } from './database.ts';
import { groupCommit } from './groupCommit.ts';
import { asError, failureOf } from './job.ts';
import type { SqliteAnswer, SqliteCalls, SqliteThreadData } from './sqliteMessages.ts';

type Call = <K extends keyof SqliteCalls>(kind: K, given: SqliteCalls[K][0]) => Promise<SqliteCalls[K][1]>;

const READS = /^\s*(select|values|explain|pragma)\b/i;

/**
 * A store in a folder (or `:memory:`), written by one thread. Throws E_LOCKED where another process writes to it, E_FILE or E_FORMAT where it cannot be
 * opened. `readOnly`: beside whoever writes.
 */
export async function openSqlite(data: SqliteThreadData): Promise<Database> {
  const { call, ended } = await startThread(data);
  const group = groupCommit((jobs) => call('commit', jobs));
  const inTransaction = {
    query: (sql: string, values: Statement['values'] = []): Promise<Row[]> => call('step', { sql, values }),
  };
  let closing: Promise<void> | undefined;
  return {
    kind: 'sqlite',
    chain: data.chain,
    query(sql, values = []) {
      const statement = { sql, values };
      return READS.test(sql) ? call('read', statement) : group.add({ statements: [statement] });
    },
    async write(statements, event) {
      await group.add({ statements, ...(event && { event: chainEvent(event) }) });
    },
    transaction: (work) =>
      group.alone(async () => {
        await call('begin', null);
        try {
          const result = await work(inTransaction);
          await call('finish', 'COMMIT');
          return result;
        } catch (error) {
          await call('finish', 'ROLLBACK');
          throw error;
        }
      }),
    scrub: () =>
      group.alone(async () => {
        await call('scrub', null);
      }),
    close: () =>
      (closing ??= (async () => {
        await group.end();
        await call('close', null);
        await ended;
      })()),
  };
}

interface Reply {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

async function startThread(data: SqliteThreadData): Promise<{ call: Call; ended: Promise<void> }> {
  const { port1: port, port2 } = new MessageChannel();
  const thread = new Worker(new URL(`./sqliteThread${extname(import.meta.url)}`, import.meta.url), {
    workerData: { ...data, port: port2 },
    transferList: [port2],
  });
  const waiting = new Map<number, Reply>();
  let gone: Error | undefined;
  let next = 0;
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const fail = (error: Error): void => {
    gone ??= error;
    opened.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  const takeLast = onMessages(port, (message: SqliteAnswer | 'open') => {
    if (message === 'open') {
      opened.resolve();
      return;
    }
    const { resolve, reject } = waiting.get(message.id)!;
    waiting.delete(message.id);
    if ('failure' in message) reject(asError(message.failure));
    else resolve(message.answer as never);
  });
  thread.on('error', (error) => {
    fail(asError(failureOf(error)));
  });
  thread.on('exit', () => {
    takeLast();
    fail(new DactylError('E_STATE', 'The store is closed.'));
    ended.resolve();
  });
  await opened.promise;
  return {
    ended: ended.promise,
    call: (kind, given) =>
      new Promise((resolve, reject) => {
        if (gone) throw gone;
        const id = next++;
        waiting.set(id, { resolve, reject });
        port.postMessage({ id, kind, given });
      }),
  };
}
