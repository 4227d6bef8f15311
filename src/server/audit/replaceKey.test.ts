import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { temporaryFolder } from '../fixtures/serving.ts';
import { withKeys } from '../security/manageKeys.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { openReading } from '../store/openReading.ts';
import { requireOwnKeys } from '../store/ownKeys.ts';
import { createAudit } from './audit.ts';
import { signingKey } from './keys.ts';
import { replaceSigningKey } from './replaceKey.ts';
import type { ChainReport } from './verify.ts';
import { verifyStore } from './verifyStore.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
const reason = 'disk lost, ticket 17';
const day = new Date().toISOString().slice(0, 10);

/** `entries` more in a store, the last of them signed. */
async function write(dataDir: string, entries: number): Promise<void> {
  const database = await openDatabase(dataDir);
  const audit = createAudit({
    ...loadConfig({}).audit,
    database,
    clock: systemClock,
    key: signingKey(join(dataDir, 'keys', 'audit'), 'main'),
    publish: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  for (let i = 1; i <= entries; i++) await audit.append({ kind: 'decision', at: i, facts: { i } });
  await audit.close();
  await database.close();
}

async function store(name: string): Promise<{ dataDir: string; keys: string }> {
  const dataDir = join(folder, name);
  await write(dataDir, 5);
  return { dataDir, keys: join(dataDir, 'keys', 'audit') };
}

async function verified(dataDir: string, key?: string): Promise<ChainReport> {
  const [report] = await verifyStore({ dataDir, ...(key !== undefined && { key }) }, {});
  return report;
}

async function tamper(dataDir: string, sql: string): Promise<void> {
  const database = await openDatabase(dataDir);
  for (const { name } of await database.query("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    await database.query(`DROP TRIGGER ${String(name)}`);
  await database.query(sql);
  await database.close();
}

test('a lost key is replaced: the log goes on with an entry that says so, verify reports it, and still finds an edit of before', async () => {
  const { dataDir, keys } = await store('lost');
  const old = join(folder, 'old.vkey');
  cpSync(join(keys, 'main.vkey'), old);
  rmSync(join(keys, 'signing.key'));
  const { chain, key, note } = await replaceSigningKey({ dataDir, reason }, {});
  expect(chain).toBe('main');
  expect(note).toMatch(/^dactyl-audit\/main\n6\n/);
  expect(readFileSync(join(keys, 'main.vkey'), 'utf8')).toBe(`${readFileSync(old, 'utf8')}${key}\n`);
  const remark = `The signing key was replaced with entry 6, ${day} (“${reason}”). Since then ${key} signs.`;
  const whole = { first: 1, last: 6, checkpoints: 2, signed: 6, findings: [], remarks: [remark] };
  expect(await verified(dataDir)).toMatchObject(whole);
  const reading = await openReading(dataDir);
  const [{ facts }] = await reading.query('SELECT facts FROM audit_events WHERE seq = 6');
  const lost = readFileSync(old, 'utf8').split('+')[1];
  expect(JSON.parse(String(facts))).toEqual({ key, lost: [lost], reason, signed: 5 });
  await requireOwnKeys(reading, join(dataDir, 'keys'), 'main');
  await reading.close();
  await write(dataDir, 2);
  expect(await verified(dataDir)).toMatchObject({ ...whole, last: 8, checkpoints: 3, signed: 8 });

  // Who has the old public key alone takes no new one from the store.
  expect((await verified(dataDir, old)).findings.map(({ text }) => text)).toEqual(
    [6, 8].map(
      (size) =>
        `The checkpoint of size ${size} from the store is not signed by a key that is known for this chain. Entry 6 says that the signing key was replaced: ask whoever runs the server for the new public key.`,
    ),
  );
  await tamper(dataDir, `UPDATE audit_events SET facts = '{"i":9}' WHERE seq = 3`);
  expect((await verified(dataDir)).findings.map(({ kind }) => kind)).toEqual(['edit']);
});

test('where the public key is lost, too, what it signed is said to be unchecked, and still held against the log', async () => {
  const { dataDir, keys } = await store('folder');
  rmSync(join(dataDir, 'keys'), { recursive: true });
  const { key } = await replaceSigningKey({ dataDir, reason }, {});
  expect(readFileSync(join(keys, 'main.vkey'), 'utf8')).toBe(`${key}\n`);
  expect(await verified(dataDir)).toMatchObject({
    checkpoints: 1,
    signed: 6,
    findings: [],
    remarks: [
      expect.any(String),
      'A checkpoint of before cannot be checked: the public key of then is not known here (--key FILE).',
    ],
  });
  await tamper(dataDir, "UPDATE audit_events SET hash = 'f' WHERE seq = 5");
  expect((await verified(dataDir)).findings.map(({ kind }) => kind)).toContain('rewritten');
});

test('nothing is replaced, and nothing made, where the key is there, nothing was signed, the log was edited, or there is no store', async () => {
  const { dataDir, keys } = await store('refused');
  const fails = (code: string, where = dataDir, why = reason) =>
    expect(replaceSigningKey({ dataDir: where, reason: why }, {})).rejects.toMatchObject({ code });
  await fails('E_STATE');
  await fails('E_ARGUMENT', dataDir, ' ');
  const fresh = join(folder, 'fresh');
  await (await openDatabase(fresh)).close();
  await fails('E_STATE', fresh);
  await fails('E_NOT_FOUND', join(folder, 'mistyped'));
  expect(existsSync(join(folder, 'mistyped'))).toBe(false);
  rmSync(join(keys, 'signing.key'));
  await tamper(dataDir, `UPDATE audit_events SET facts = '{"i":9}' WHERE seq = 3`);
  await fails('E_MISMATCH');
  expect(existsSync(join(keys, 'signing.key'))).toBe(false);
});

test('what dactyl keys wrote to its own chain is signed by the server’s key at the next checkpoint; a cut of it shows', async () => {
  const { dataDir } = await store('keys');
  for (const name of ['a', 'b'])
    await withKeys({ dataDir }, {}, (keys) => keys.create({ name, scopes: ['read'] }));
  await write(dataDir, 0);
  const own = async () => (await verifyStore({ dataDir }, {})).find(({ chain }) => chain === 'main-keys')!;
  expect(await own()).toMatchObject({ last: 2, signed: 2, checkpoints: 1, findings: [] });
  await tamper(dataDir, "DELETE FROM audit_events WHERE chain = 'main-keys' AND seq = 2");
  expect((await own()).findings.map(({ kind }) => kind)).toEqual(['cut tail']);
});
