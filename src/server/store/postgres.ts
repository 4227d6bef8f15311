import pg from 'pg';
import { chainEvent, genesis, type Head, type Link, nextLink } from '../audit/chain.ts';
import { HEAD, headOf } from '../audit/rows.ts';
import { DactylError } from '../../util/errors.ts';
import type { Database, Reading, Row, Statement } from './database.ts';
import { groupCommit } from './groupCommit.ts';
import { failureOf, type Job, type Outcome } from './job.ts';
import { numbered } from './postgresSql.ts';

/** Connections for reading and for transactions, beside the one that commits. */
const MOST_CONNECTIONS = 8;
const CONNECT_MS = 5000;

/** Advisory locks: of a chain's name, while an instance writes it; of the store, shared by commits, alone for a transaction. */
const CHAIN_LOCK = 0x6461_0001;
const WRITE_LOCK = 0x6461_0002;

/** Milliseconds that an instance waits for its chain: the database may not have seen yet that the one before has ended. */
const CHAIN_MS = 5000;

const READS = /^\s*(select|values|explain|show)\b/i;

const INSERT_LINKS = `INSERT INTO audit_events (chain, seq, at, kind, subject, facts, previous, hash)
  SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])`;

/** Whole numbers of 64 bits and sums of them as numbers: all that the server counts stays below 2^53. */
const TYPES = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
    return WHOLE.includes(oid) ? Number : pg.types.getTypeParser(oid, format);
  },
};
const WHOLE: readonly number[] = [pg.types.builtins.INT8, pg.types.builtins.NUMERIC];

/** A store in a PostgreSQL database, which several instances may share, each with a chain of its own. Throws E_STORE where it cannot be reached, E_LOCKED where another instance has the chain. */
export async function openPostgres(url: string, chain: string): Promise<Database> {
  const settings = settingsOf(url);
  const pool = new pg.Pool({ ...settings, max: MOST_CONNECTIONS });
  // A connection that breaks while nobody uses it is replaced by the next that is needed.
  pool.on('error', () => undefined);
  const writer = createWriter(settings, chain);
  try {
    await writer.connect();
  } catch (error) {
    await pool.end();
    throw error;
  }
  const group = groupCommit(writer.commit);
  let closing: Promise<void> | undefined;
  return {
    kind: 'postgres',
    chain,
    query(sql, values = []) {
      return READS.test(sql) ? run(pool, { sql, values }) : group.add({ statements: [{ sql, values }] });
    },
    async write(statements, event) {
      await group.add({ statements, ...(event && { event: chainEvent(event) }) });
    },
    transaction: (work) =>
      group.alone(async () => {
        const client = await reached(pool.connect(), url);
        try {
          await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${WRITE_LOCK})`);
          const result = await work({ query: (sql, values = []) => run(client, { sql, values }) });
          await client.query('COMMIT');
          client.release();
          return result;
        } catch (error) {
          await client.query('ROLLBACK').then(
            () => client.release(),
            () => client.release(true),
          );
          throw error;
        }
      }),
    scrub: () => Promise.resolve(),
    close: () =>
      (closing ??= (async () => {
        await group.end();
        await writer.end();
        await pool.end();
      })()),
  };
}

/** One connection, which only reads. Throws E_STORE. */
export async function readPostgres(url: string): Promise<Reading> {
  const client = new pg.Client(settingsOf(url));
  await reached(client.connect(), url);
  await client.query('SET default_transaction_read_only = on');
  return { query: (sql, values = []) => run(client, { sql, values }), close: () => client.end() };
}

function settingsOf(url: string) {
  return { connectionString: url, connectionTimeoutMillis: CONNECT_MS, types: TYPES };
}

async function run(client: pg.Pool | pg.ClientBase, { sql, values }: Statement): Promise<Row[]> {
  const { rows } = await client.query<Row>(numbered(sql), [...values]);
  return rows;
}

interface Writer {
  connect(): Promise<unknown>;
  readonly commit: (jobs: readonly Job[]) => Promise<readonly Outcome[]>;
  end(): Promise<void>;
}

/** The connection that commits, made anew where it broke, and the chain that it holds. */
function createWriter(settings: pg.ClientConfig, chain: string): Writer {
  let client: pg.Client | undefined;
  /** Of what is committed; undefined before it was looked for, and where it is not known whether a commit arrived. */
  let head: Head | undefined;

  async function connect(): Promise<pg.Client> {
    if (client) return client;
    const next = new pg.Client(settings);
    next.on('error', () => {
      if (client === next) client = undefined;
    });
    await reached(next.connect(), settings.connectionString!);
    await holdChain(next, chain).catch(async (error: unknown) => {
      await next.end();
      throw error;
    });
    head = undefined;
    return (client = next);
  }

  async function attempt(own: pg.Client, jobs: readonly Job[], guarded: boolean): Promise<Outcome[]> {
    const links: Link[] = [];
    let last = head;
    await own.query(`BEGIN; SELECT pg_advisory_xact_lock_shared(${WRITE_LOCK})`);
    const outcomes: Outcome[] = [];
    for (const { statements, event } of jobs) {
      const guard = guarded && statements.length > 0;
      if (guard) await own.query('SAVEPOINT job');
      try {
        let rows: Row[] = [];
        for (const statement of statements) rows = await run(own, statement);
        if (event) {
          last ??= headOf(await run(own, { sql: HEAD, values: [chain] })) ?? genesis(chain);
          const link = nextLink(chain, last, event);
          links.push(link);
          last = link;
        }
        if (guard) await own.query('RELEASE job');
        outcomes.push({ rows });
      } catch (error) {
        if (!guard) throw error;
        await own.query('ROLLBACK TO job; RELEASE job');
        outcomes.push({ failure: failureOf(error) });
      }
    }
    if (links.length > 0) await own.query(INSERT_LINKS, [chain, ...columnsOf(links)]);
    // Until it is answered.
    head = undefined;
    await own.query('COMMIT');
    head = last;
    return outcomes;
  }

  return {
    connect,
    async commit(jobs) {
      const own = await connect();
      for (const guarded of [false, true]) {
        try {
          return await attempt(own, jobs, guarded);
        } catch (error) {
          const lives = await own.query('ROLLBACK').then(
            () => true,
            () => false,
          );
          if (!lives) {
            client = undefined;
            void own.end().catch(() => undefined);
          }
          if (!lives || guarded || jobs.every(({ statements }) => statements.length === 0)) {
            throw storeError(error, settings.connectionString!);
          }
        }
      }
      throw new Error('unreachable');
    },
    async end() {
      await client?.end();
    },
  };
}

function columnsOf(links: readonly Link[]): unknown[][] {
  return [
    links.map(({ seq }) => seq),
    links.map(({ at }) => at),
    links.map(({ kind }) => kind),
    links.map(({ subject }) => subject),
    links.map(({ facts }) => facts),
    links.map(({ previous }) => previous),
    links.map(({ hash }) => hash),
  ];
}

async function holdChain(client: pg.Client, chain: string): Promise<void> {
  for (const until = Date.now() + CHAIN_MS; ;) {
    const { rows } = await client.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS held',
      [CHAIN_LOCK, chain],
    );
    if (rows[0].held) return;
    if (Date.now() > until) {
      throw new DactylError(
        'E_LOCKED',
        `Another server of the name ${chain} writes to this database: each needs a name of its own. Set instance (DACTYL_INSTANCE) to another one.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function reached<T>(connecting: Promise<T>, url: string): Promise<T> {
  try {
    return await connecting;
  } catch (error) {
    throw storeError(error, url);
  }
}

/** Without the password, and with the system's own word. */
export function storeError(error: unknown, url: string): DactylError {
  const { message, code } = error as NodeJS.ErrnoException;
  const place = /^[a-z]+:\/\/(?:[^@/]*@)?([^?]*)/.exec(url)?.[1] ?? 'the address';
  return new DactylError(
    'E_STORE',
    `The PostgreSQL database at ${place} cannot be used: ${message || String(code)}${code === undefined ? '' : ` (${code})`}. Look whether it runs, and at --store: postgres://USER:PASSWORD@HOST:PORT/DATABASE.`,
    { cause: error },
  );
}
