import { type MessagePort, workerData } from 'node:worker_threads';
import { genesis, type Head, nextLink } from '../audit/chain.ts';
import { HEAD, headOf, INSERT_LINK, linkValues } from '../audit/rows.ts';
import { failureOf, type Job, type Outcome } from './job.ts';
import { connect, connectReading, type Connection, holdFolder, IN_MEMORY } from './sqliteConnection.ts';
import type { SqliteAnswer, SqliteCall, SqliteCalls, SqliteThreadData } from './sqliteMessages.ts';

/** The thread that alone writes to a SQLite store: the library's calls return when the disk has answered. */
const {
  folder,
  chain,
  readOnly,
  beside = false,
  port,
} = workerData as SqliteThreadData & { port: MessagePort };

const release = readOnly || beside || folder === IN_MEMORY ? () => undefined : holdFolder(folder);
const writer: Connection = readOnly ? connectReading(folder) : connect(folder, beside);
const reader: Connection = readOnly || folder === IN_MEMORY ? writer : connectReading(folder);
/** Of what is committed; undefined before it was looked for. */
let head: Head | undefined;

const CALLS: { [K in keyof SqliteCalls]: (given: SqliteCalls[K][0]) => SqliteCalls[K][1] } = {
  commit,
  read: (statement) => reader.run(statement),
  begin: () => execute('BEGIN IMMEDIATE'),
  step: (statement) => writer.run(statement),
  finish: (how) => execute(how),
  scrub: () => {
    writer.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    return null;
  },
  close: () => {
    reader.sqlite.close();
    writer.sqlite.close();
    release();
    return null;
  },
};

function execute(sql: string): null {
  // A transaction that the database gave up by itself cannot be undone again.
  if (sql === 'ROLLBACK' && !writer.sqlite.inTransaction) return null;
  writer.sqlite.exec(sql);
  return null;
}

function commit(jobs: readonly Job[]): Outcome[] {
  let last = head;
  execute('BEGIN IMMEDIATE');
  try {
    const outcomes = jobs.map((job): Outcome => {
      const before = last;
      // A single statement that fails has undone itself.
      const several = job.statements.length + (job.event ? 1 : 0) > 1;
      if (several) execute('SAVEPOINT job');
      try {
        const rows = job.statements.map((statement) => writer.run(statement)).at(-1) ?? [];
        if (job.event) {
          const link = nextLink(chain, (last ??= readHead()), job.event);
          writer.run({ sql: INSERT_LINK, values: linkValues(chain, link) });
          last = link;
        }
        if (several) execute('RELEASE job');
        return { rows };
      } catch (error) {
        // A full disk ends the whole transaction.
        if (!writer.sqlite.inTransaction) throw error;
        last = before;
        if (several) {
          execute('ROLLBACK TO job');
          execute('RELEASE job');
        }
        return { failure: failureOf(error) };
      }
    });
    execute('COMMIT');
    head = last;
    return outcomes;
  } catch (error) {
    execute('ROLLBACK');
    throw error;
  }
}

function readHead(): Head {
  return headOf(writer.run({ sql: HEAD, values: [chain] })) ?? genesis(chain);
}

port.on('message', ({ id, kind, given }: SqliteCall) => {
  const call = CALLS[kind] as (given: unknown) => unknown;
  try {
    port.postMessage({ id, answer: call(given) } satisfies SqliteAnswer);
    if (kind === 'close') port.close();
  } catch (error) {
    port.postMessage({ id, failure: failureOf(error) } satisfies SqliteAnswer);
  }
});
port.postMessage('open');
