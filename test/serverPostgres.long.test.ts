import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../src/server/audit/verify.ts';
import { readerFile, temporaryFolder, testServer } from '../src/server/fixtures/serving.ts';
import { openDatabase } from '../src/server/store/openDatabase.ts';
import { auditSuite } from './support/auditSuite.ts';
import { beforeStartSuite } from './support/beforeStartSuite.ts';
import { databaseSuite } from './support/databaseSuite.ts';
import { type PostgresServer, startPostgres, whyNoPostgres } from './support/postgresServer.ts';

const reason = whyNoPostgres();

describe.skipIf(reason)(`a store in PostgreSQL${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => {
    server.stop();
  });

  databaseSuite(() => openDatabase(server.newDatabase()));

  describe('the audit log', () => {
    auditSuite(() => openDatabase(server.newDatabase()));
  });

  describe('before a start', () => {
    const { folder, put, remove } = temporaryFolder();
    afterAll(remove);
    const model = put('good.safetensors', readerFile());
    beforeStartSuite((dataDir) => ({ dataDir, store: server.newDatabase() }), { folder, model });
  });

  it('is shared by several instances, each with a chain of its own, started at the same time', async () => {
    const url = server.newDatabase();
    const names = ['one', 'two', 'three'];
    const databases = await Promise.all(names.map((instance) => openDatabase(url, { instance })));
    await Promise.all(
      databases.flatMap((database) =>
        Array.from({ length: 200 }, (_, i) => database.write([], { kind: 'decision', at: i, facts: { i } })),
      ),
    );
    const reports = await verifyAudit(databases[0], { keys: [], outside: [] });
    expect(reports.map(({ chain, last, findings }) => [chain, last, findings])).toEqual(
      names.toSorted().map((name) => [name, 200, []]),
    );
    const counting = databases.map((database) =>
      database.transaction(async ({ query }) => {
        const [{ n }] = await query('SELECT count(*) AS n FROM audit_checkpoints');
        await query('INSERT INTO audit_checkpoints VALUES (?, ?, ?, ?)', ['counter', Number(n) + 1, 0, '']);
      }),
    );
    await Promise.all(counting);
    expect(await databases[0].query('SELECT size FROM audit_checkpoints ORDER BY size')).toEqual([
      { size: 1 },
      { size: 2 },
      { size: 3 },
    ]);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('refuses a second instance of the same name with E_LOCKED, and takes it when the first has ended', async () => {
    const url = server.newDatabase();
    const first = await openDatabase(url);
    await expect(openDatabase(url)).rejects.toMatchObject({ code: 'E_LOCKED' });
    await first.close();
    await (await openDatabase(url)).close();
  });

  it('goes on after its connections were cut, five times, the chain whole; what was acknowledged is there', async () => {
    const url = server.newDatabase();
    const database = await openDatabase(url);
    const written: number[] = [];
    let stopped = false;
    const load = (async () => {
      for (let i = 0; !stopped; i++) {
        const outcomes = await Promise.allSettled(
          Array.from({ length: 20 }, (_, k) =>
            database.write([], { kind: 'decision', at: i, subject: `${i}-${k}`, facts: {} }),
          ),
        );
        if (outcomes.every(({ status }) => status === 'fulfilled')) written.push(i);
        else await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    let cut = 0;
    for (let before = -1; cut < 5;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (written.length <= before + 3) continue;
      before = written.length;
      const { rowCount } = await other.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      if (rowCount !== null && rowCount > 0) cut++;
    }
    await other.end();
    stopped = true;
    await load;
    const rows = await database.query(
      'SELECT at, count(*) AS n FROM audit_events GROUP BY at HAVING count(*) = 20',
    );
    const kept = new Set(rows.map(({ at }) => Number(at)));
    expect(written.filter((i) => !kept.has(i))).toEqual([]);
    expect((await verifyAudit(database, { keys: [], outside: [] }))[0].findings).toEqual([]);
    await database.close();
  });

  it('is served with 503 while the database is stopped, and by itself again when it is back; what was acknowledged is there', async () => {
    const { put, folder, remove } = temporaryFolder();
    const { app, services, lines, ...own } = await testServer({
      ...{ store: server.newDatabase(), dataDir: folder, logLevel: 'error' },
      models: [put('digits.safetensors', readerFile())],
    });
    const infer = async (): Promise<number> =>
      (
        await app.inject({
          method: 'POST',
          url: '/v2/models/digits/infer',
          headers: { 'inference-header-content-length': '0' },
          payload: Buffer.alloc(784, 9),
        })
      ).statusCode;
    const statusOf = async (url: string): Promise<number> => (await app.inject({ url })).statusCode;
    expect(await infer()).toBe(200);
    server.halt();
    expect([await infer(), await infer()]).toEqual([503, 503]);
    expect(await statusOf('/v1/monitor')).toBe(503);
    expect(await statusOf('/v1/reviews')).toBe(503);
    expect(await statusOf('/metrics')).toBe(200);
    expect(await statusOf('/v2/health/ready')).toBe(503);
    expect(await statusOf('/v2/health/live')).toBe(200);
    server.resume();
    await expect.poll(() => statusOf('/v2/health/ready'), { timeout: 20_000 }).toBe(200);
    expect(await infer()).toBe(200);
    expect(lines.filter((line) => line.includes('the store takes nothing'))).toHaveLength(1);
    const rows = await services.database.query('SELECT kind FROM audit_events ORDER BY seq');
    expect(rows.map(({ kind }) => kind)).toEqual(['decision', 'store.tried', 'decision']);
    expect((await verifyAudit(services.database, { keys: [], outside: [] }))[0].findings).toEqual([]);
    await own.close();
    remove();
  });

  it('says which database it cannot reach, without the password', async () => {
    const error = (await openDatabase('postgres://dactyl:secret@127.0.0.1:1/none').catch(
      (error: unknown) => error,
    )) as Error;
    expect(error).toMatchObject({ code: 'E_STORE' });
    expect(error.message).toContain('127.0.0.1:1/none');
    expect(error.message).not.toContain('secret');
  });
});
