import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { movedClock } from '../../../test/support/movedClock.ts';
import { registerAdminRoutes } from '../adminApp.ts';
import { verifyAudit } from '../audit/verify.ts';
import { createApp } from '../app.ts';
import { newToken } from '../consents/token.ts';
import { readerFile, temporaryFolder, testServer } from '../fixtures/serving.ts';
import { DactylError } from '../../util/errors.ts';
import type { Database } from './database.ts';
import { openDatabase } from './openDatabase.ts';
import { isOutage } from './outage.ts';
import { watchStore } from './watchedStore.ts';

const FULL = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const GONE = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });

/** A store in memory that fails as it is told to, before anything is done. */
let inner: Database;
let writing: Error | undefined;
let reading: Error | undefined;
const failing = (): Database => ({
  ...inner,
  query: (sql, values) => (reading ? Promise.reject(reading) : inner.query(sql, values)),
  write: (statements, event) => (writing ? Promise.reject(writing) : inner.write(statements, event)),
  transaction: (work) => (writing ? Promise.reject(writing) : inner.transaction(work)),
});
beforeEach(async () => {
  writing = reading = undefined;
  inner = await openDatabase(':memory:');
});
afterEach(() => inner.close());
const { put, remove } = temporaryFolder();
afterAll(remove);

test.each([
  ['a full disk', 'SQLITE_FULL', true],
  ['a disk that fails', 'SQLITE_IOERR_WRITE', true],
  ['a file that may not be written to', 'SQLITE_READONLY', true],
  ['a wrong statement', 'SQLITE_ERROR', false],
  ['a row that is there', 'SQLITE_CONSTRAINT_PRIMARYKEY', false],
  ['a full disk of PostgreSQL', '53100', true],
  ['PostgreSQL that ends', '57P01', true],
  ['a standby', '25006', true],
  ['a table that is not there', '42P01', false],
  ['a row that is there, in PostgreSQL', '23505', false],
  ['a connection that was refused', 'ECONNREFUSED', true],
  ['a pool that waited', undefined, true],
  ['a fault of the program', undefined, false],
])('%s (%s) is an outage: %s', (_, code, expected) => {
  const message = expected ? 'timeout exceeded when trying to connect' : 'x is not a function';
  expect(isOutage(Object.assign(new Error(message), code !== undefined && { code }))).toBe(expected);
});

test('files beside the database: a full disk is an outage, one that is not there is none', () => {
  const of = (code: string): Error => Object.assign(new Error(code), { code });
  expect(isOutage(new DactylError('E_FILE', 'x', { cause: of('ENOSPC') }))).toBe(true);
  expect(isOutage(new DactylError('E_FILE', 'x', { cause: of('ENOENT') }))).toBe(false);
});

test('it fails until an entry is written, is tried every two seconds meanwhile, and the log has two lines', async () => {
  const clock = movedClock();
  const lines: unknown[] = [];
  const line = (facts: object, text: string): void => void lines.push([text, facts]);
  const store = watchStore({ database: failing(), clock, log: { error: line, info: line } });
  const tries: number[] = [];
  const began = clock.now();
  const stop = store.tryBy(async (failedSince) => {
    tries.push(failedSince - began);
    await store.database.write([], { kind: 'store.tried', at: clock.now(), facts: {} });
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  clock.forward(2000);
  expect(tries).toEqual([]);

  writing = FULL;
  for (let i = 0; i < 3; i++)
    await expect(store.database.write([])).rejects.toMatchObject({ code: 'E_STORE', cause: FULL });
  expect(store.takesEntries()).toBe(false);
  clock.forward(2000);
  await settle();
  expect(tries).toEqual([2000]);
  // Writes nothing, and shows nothing.
  writing = undefined;
  await store.database.write([]);
  expect(store.takesEntries()).toBe(false);
  clock.forward(1999);
  expect(tries).toHaveLength(1);
  clock.forward(1);
  await expect.poll(() => store.takesEntries()).toBe(true);
  expect(lines).toEqual([
    [expect.stringContaining('takes nothing'), { err: FULL }],
    ['the store takes entries again', { seconds: 4 }],
  ]);
  clock.forward(10_000);
  expect(tries).toHaveLength(2);
  stop();
});

test('what was asked wrongly is no outage', async () => {
  const log = { error: () => undefined, info: () => undefined };
  const store = watchStore({ database: inner, clock: movedClock(), log });
  await expect(store.database.query('SELECT * FROM nothing')).rejects.toMatchObject({ code: 'SQLITE_ERROR' });
  await expect(
    store.database.transaction(() => Promise.reject(new DactylError('E_NOT_FOUND', 'x'))),
  ).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  expect(store.takesEntries()).toBe(true);
});

const MODELS = [put('digits.safetensors', readerFile())];
const ERROR = expect.stringMatching(/^The store of this server takes no entries at present/) as string;

test('a server on a full disk: 503 with Retry-After, not ready, live, metrics; nothing of the inside; answers again when the disk has room', async () => {
  const { app, services, lines, ...own } = await testServer({ models: MODELS }, { database: failing() });
  const infer = () =>
    app.inject({
      method: 'POST',
      url: '/v2/models/digits/infer',
      headers: { 'inference-header-content-length': '0' },
      payload: Buffer.alloc(784, 9),
    });
  const statusOf = async (url: string): Promise<number> => (await app.inject({ url })).statusCode;
  expect((await infer()).statusCode).toBe(200);
  writing = FULL;
  for (let i = 0; i < 3; i++) {
    const { statusCode, headers, body } = await infer();
    expect([statusCode, headers['retry-after'], JSON.parse(body)]).toEqual([503, '5', { error: ERROR }]);
    expect(body).not.toMatch(/full|SQLITE/);
  }
  const ready = await app.inject({ url: '/v2/health/ready' });
  expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, live: true }]);
  expect(await statusOf('/v2/models/digits/ready')).toBe(503);
  expect(await statusOf('/v2/health/live')).toBe(200);
  const metrics = await app.inject({ url: '/metrics' });
  expect(metrics.statusCode).toBe(200);
  expect(metrics.body).toContain('dactyl_store_takes_entries 0\n');
  expect(metrics.body).toContain('dactyl_audit_events_total 1\n');
  writing = undefined;
  expect((await infer()).statusCode).toBe(200);
  expect(await statusOf('/v2/health/ready')).toBe(200);
  expect((await app.inject({ url: '/metrics' })).body).toContain('dactyl_store_takes_entries 1\n');
  expect(lines.filter((line) => line.includes('SQLITE_FULL'))).toHaveLength(1);
  const [chain] = await verifyAudit(services.database, { keys: [], outside: [] });
  // Of the first and the last; nothing of those that were refused.
  expect([chain.last, chain.findings]).toEqual([2, []]);
  await own.close();
});

test('a server whose database is gone: what reads it is 503, and with keys, too, it is live and what needs none is told', async () => {
  const { app, services, ...rest } = await testServer(
    { models: MODELS, security: { keys: true } },
    { database: failing() },
  );
  const admin = createApp(services.config);
  await registerAdminRoutes(admin, services);
  const { text } = await services.keys.create({
    name: 'all',
    scopes: ['admin', 'metrics', 'review', 'read'],
  });
  const headers = { authorization: `Bearer ${text}` };
  expect((await admin.inject({ url: '/v1/keys', headers })).statusCode).toBe(200);
  reading = writing = GONE;
  for (const [own, url] of [
    [admin, '/v1/keys'],
    [app, '/v1/reviews'],
    [app, '/v1/monitor'],
    [app, `/v1/consents/${newToken().token}`],
  ] as const) {
    // Without a key, which would be looked for in the database first.
    const answer = await own.inject({ url, ...(!url.startsWith('/v1/consents') && { headers }) });
    expect([url, answer.statusCode, answer.headers['retry-after'], answer.json()]).toEqual([
      url,
      503,
      '5',
      { error: ERROR, code: 'E_STORE' },
    ]);
  }
  const { statusCode, body } = await app.inject({ url: '/metrics', headers });
  expect([statusCode, body.includes('dactyl_http_requests_total{')]).toEqual([200, true]);
  expect(body).not.toMatch(/^dactyl_audit_events_total /m);
  expect((await app.inject({ url: '/v2/health/live', headers })).statusCode).toBe(200);
  expect((await app.inject({ url: '/v2/health/ready', headers })).statusCode).toBe(503);
  reading = writing = undefined;
  await admin.close();
  await rest.close();
});
