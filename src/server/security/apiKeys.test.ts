import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { type ApiKeys, createApiKeys, REFRESH_MS } from './apiKeys.ts';

let database: Database;
let now: number;
let keys: ApiKeys;
const clock = { now: () => now, every: () => () => undefined };
beforeAll(async () => {
  database = await openDatabase(':memory:');
});
afterAll(() => database.close());
beforeEach(async () => {
  now = 1_800_000_000_000;
  await database.query('DELETE FROM api_keys');
  keys = createApiKeys(database, clock);
});

test('a key is told once; the database has its SHA-256 and nothing that it could be made from', async () => {
  const { text, key } = await keys.create({ name: 'front desk', scopes: ['read', 'infer'] });
  expect(text).toMatch(/^dactyl_[A-Za-z0-9]{12}_[A-Za-z0-9]{43}$/);
  expect(text.startsWith(`dactyl_${key.id}_`)).toBe(true);
  const [row] = await database.query('SELECT * FROM api_keys');
  expect(Buffer.from(row.hash as Uint8Array).toString('hex')).toBe(
    createHash('sha256').update(text).digest('hex'),
  );
  const secret = text.slice(-43);
  expect(JSON.stringify(row)).not.toContain(secret);
  const events = await database.query('SELECT kind, subject, facts FROM audit_events WHERE subject = ?', [
    key.id,
  ]);
  expect(events).toEqual([
    {
      kind: 'key.created',
      subject: key.id,
      facts: `{"expires":null,"hash":"${createHash('sha256').update(text).digest('hex')}","scopes":["read","infer"]}`,
    },
  ]);
  expect(await keys.identify(text)).toMatchObject({ id: key.id, scopes: ['read', 'infer'] });
});

test('what is not the key to the last character is none: another secret, another id, other forms', async () => {
  const { text } = await keys.create({ name: 'a', scopes: ['read'] });
  const other = (await keys.create({ name: 'b', scopes: ['admin'] })).text;
  const last = text.at(-1) === 'A' ? 'B' : 'A';
  for (const wrong of [
    text.slice(0, -1) + last,
    text.slice(0, 20) + other.slice(20),
    text.slice(0, -1),
    `${text}A`,
    text.toLowerCase(),
    '',
    'dactyl__',
    "dactyl_' OR '1'='1_x",
  ]) {
    expect(await keys.identify(wrong), wrong).toBeUndefined();
  }
});

test('a key counts until it expires, to the millisecond, and not once it is revoked', async () => {
  const { text, key } = await keys.create({ name: 'a', scopes: ['read'], days: 2 });
  expect(key.expires).toBe(now + 2 * 86_400_000);
  now = key.expires! - 1;
  expect(await keys.identify(text)).toBeDefined();
  now++;
  expect(await keys.identify(text)).toBeUndefined();
  const second = await keys.create({ name: 'b', scopes: ['read'] });
  await keys.revoke(second.key.id);
  expect(await keys.identify(second.text)).toBeUndefined();
  const at = now;
  now += 1000;
  await keys.revoke(second.key.id);
  expect((await keys.list()).map(({ revoked }) => revoked)).toEqual([null, at]);
  await expect(keys.revoke('nobody')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});

test('a key that ended is forgotten, with its name, once that is so long ago; others stay', async () => {
  const make = (name: string, days?: number) =>
    keys.create({ name, scopes: ['read'], ...(days !== undefined && { days }) });
  const revoked = await make('revoked');
  await keys.revoke(revoked.key.id);
  const expired = await make('expired', 1);
  await make('long', 400);
  await make('endless');
  expect(await keys.forget(now)).toBe(0);
  expect(await keys.forget(now + 1)).toBe(1);
  expect(await keys.forget(expired.key.expires! + 1)).toBe(1);
  expect((await keys.list()).map(({ name }) => name).sort()).toEqual(['endless', 'long']);
});

test('what another process creates or revokes counts within a second, also where the clock was put back', async () => {
  expect(REFRESH_MS).toBe(1000);
  const another = createApiKeys(database, clock);
  expect(await another.identify('dactyl_AAAAAAAAAAAA_'.padEnd(63, 'A'))).toBeUndefined();
  const { text, key } = await keys.create({ name: 'a', scopes: ['read'] });
  now += 999;
  expect(await another.identify(text)).toBeUndefined();
  now += 1;
  expect(await another.identify(text)).toBeDefined();
  await keys.revoke(key.id);
  now += 1000;
  expect(await another.identify(text)).toBeUndefined();
  const second = await keys.create({ name: 'b', scopes: ['read'] });
  now += 1000;
  expect(await another.identify(second.text)).toBeDefined();
  await keys.revoke(second.key.id);
  now -= 3_600_000;
  expect(await another.identify(second.text)).toBeUndefined();
});

test.each([
  [{ name: '', scopes: ['read'] }, /a name of 1 to 80/],
  [{ name: 'a\nb', scopes: ['read'] }, /a name of 1 to 80/],
  [
    { name: 'a', scopes: [] },
    /one or more of the scopes infer, read, explain, review, metrics, admin, received none/,
  ],
  [{ name: 'a', scopes: ['all'] }, /received "all"/],
  [{ name: 'a', scopes: ['read'], days: 0 }, /days above 0/],
  [{ name: 'a', scopes: ['read'], days: NaN }, /days above 0/],
] as const)('%j is refused', async (key, message) => {
  await expect(keys.create(key as never)).rejects.toThrow(message);
  expect(await keys.list()).toEqual([]);
});
