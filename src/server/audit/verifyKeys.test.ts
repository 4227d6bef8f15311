import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { movedClock, type MovedClock } from '../../../test/support/movedClock.ts';
import { type ApiKeys, createApiKeys } from '../security/apiKeys.ts';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { type Audit, createAudit } from './audit.ts';
import { namedKey, originOf } from './checkpoint.ts';
import { verifyAudit } from './verify.ts';

const DAY = 86_400_000;
const { privateKey } = generateKeyPairSync('ed25519');
let database: Database;
let clock: MovedClock;
let audit: Audit;
let keys: ApiKeys;

beforeEach(async () => {
  database = await openDatabase(':memory:');
  clock = movedClock();
  audit = createAudit({
    ...{ database, clock, key: privateKey, checkpointEvents: 1000, checkpointSeconds: 60, keepDays: 183 },
    publish: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  keys = createApiKeys(database, clock);
  onTestFinished(() => database.close());
});

async function findings(): Promise<string[]> {
  await audit.checkpoint();
  const options = { keys: [namedKey(originOf('main'), privateKey)], outside: [], now: clock.now() };
  return (await verifyAudit(database, options)).flatMap(({ findings }) => findings.map(({ text }) => text));
}

/** What somebody does who can write the store. */
async function tamper(sql: string): Promise<void> {
  for (const { name } of await database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    await database.query(`DROP TRIGGER ${String(name)}`);
  await database.query(sql);
}

/** `days` later, when the older entries and the keys that ended are removed as a server does it. */
async function retain(days: number): Promise<void> {
  await audit.checkpoint();
  clock.forward(days * DAY);
  await audit.append({ kind: 'decision', at: clock.now(), facts: {} });
  await audit.checkpoint();
  await audit.retain();
  await keys.forget(clock.now() - 183 * DAY);
}

const made = async (name: string, days?: number): Promise<string> => {
  const { key } = await keys.create({ name, scopes: ['infer'], ...(days !== undefined && { days }) });
  return key.id;
};

test.each([
  ["scopes = 'admin'", 'its scopes is'],
  ['expires = NULL', 'its expires is'],
  ['revoked = NULL', 'its revoked is'],
  ['revoked = 7', 'its revoked is'],
  ["hash = x'00'", 'its hash is'],
  ["scopes = 'admin', created = 7", 'its scopes, created are'],
])('a key’s row that was changed in the store (%s) is a finding; as it was, none', async (change, says) => {
  const id = await made('m', 30);
  await keys.revoke(id);
  await made('other');
  expect(await findings()).toEqual([]);
  await tamper(`UPDATE api_keys SET ${change} WHERE name = 'm'`);
  expect(await findings()).toEqual([
    `API key ${id} was changed in the store: ${says} not what the log says.`,
  ]);
});

test('a row that was put into the store, and one that was taken out, are findings', async () => {
  const id = await made('m');
  await tamper(
    "INSERT INTO api_keys SELECT 'AAAAAAAAAAAA', 'forged', 'admin', hash, 7, NULL, NULL FROM api_keys",
  );
  expect(await findings()).toEqual([
    'API key AAAAAAAAAAAA, with the scopes admin, stands in the store, but no entry says that it was created.',
  ]);
  await tamper('DELETE FROM api_keys');
  expect(await findings()).toEqual([
    `API key ${id} was created and did not end, as the log says, but it is not in the store.`,
  ]);
});

test('keys whose chain was deleted whole are findings, also where the log is empty', async () => {
  const id = await made('m');
  await tamper('DELETE FROM audit_events');
  const options = { keys: [], outside: [] };
  const [{ findings }] = await verifyAudit(database, options);
  expect(findings.map(({ kind }) => kind)).toEqual(['empty', 'key']);
  expect(findings[1].text).toContain(id);
});

test('retention hands on what was said of keys: no false alarm for years, and a change is still found', async () => {
  const [endless, revoked] = [await made('endless'), await made('revoked')];
  await made('expiring', 200);
  for (let k = 0; k < 6; k++) {
    if (k === 2) await keys.revoke(revoked);
    await retain(100);
    expect(await findings()).toEqual([]);
  }
  const [{ first }] = await verifyAudit(database, { keys: [], outside: [] });
  expect(first).toBeGreaterThan(3);
  expect((await keys.list()).map(({ id }) => id)).toEqual([endless]);
  const [{ facts }] = await database.query(
    "SELECT facts FROM audit_events WHERE kind = 'audit.retained' ORDER BY seq DESC LIMIT 1",
  );
  expect(String(facts)).toContain(endless);
  expect(String(facts)).not.toContain(revoked);
  await tamper("UPDATE api_keys SET scopes = 'admin'");
  expect(await findings()).toEqual([
    `API key ${endless} was changed in the store: its scopes is not what the log says.`,
  ]);
  await tamper("INSERT INTO api_keys SELECT 'AAAAAAAAAAAA', 'x', 'admin', hash, 7, NULL, NULL FROM api_keys");
  expect(await findings()).toHaveLength(2);
});

test('a key that was revoked, and removed with its entries, does not come back unseen', async () => {
  const id = await made('m');
  await keys.revoke(id);
  const [{ hash }] = await database.query('SELECT hash FROM api_keys');
  await retain(184);
  await retain(184);
  expect(await keys.list()).toEqual([]);
  expect(await findings()).toEqual([]);
  await database.query('INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, NULL, NULL)', [
    id,
    'm',
    'infer',
    hash,
    7,
  ]);
  expect(await findings()).toEqual([
    `API key ${id}, with the scopes infer, stands in the store, but no entry says that it was created.`,
  ]);
});

test('entries that an older Dactyl removed without handing them on explain what is missing, of keys of then alone', async () => {
  await made('old');
  await audit.checkpoint();
  const [{ n }] = await database.query('SELECT max(seq) AS n FROM audit_events');
  const facts = { size: Number(n), before: clock.now() + 1 };
  await audit.append({ kind: 'audit.retained', at: clock.now(), facts });
  await tamper(`DELETE FROM audit_events WHERE seq <= ${Number(n)}`);
  await database.query('INSERT INTO audit_retained (chain, size, at) VALUES (?, ?, ?)', ['main', n, 1]);
  expect(await findings()).toEqual([]);
  await retain(200);
  expect(await findings()).toEqual([]);
  await database.query(
    `INSERT INTO api_keys SELECT 'AAAAAAAAAAAA', 'x', 'admin', hash, ${clock.now() - DAY}, NULL, NULL FROM api_keys`,
  );
  expect(await findings()).toHaveLength(1);
});
