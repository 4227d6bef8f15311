import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { consentsAlone, itemOf } from '../../../test/support/consents.ts';
import { findCheckpoints } from '../audit/checkpoint.ts';
import { verifyStore } from '../audit/verifyStore.ts';
import { makeBackup } from './backup.ts';
import { backUp, restore } from './backupCommand.ts';
import { openDatabase } from './openDatabase.ts';
import { openReading } from './openReading.ts';

const GIVEN = { purposes: ['training'], days: 30 } as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-backup-'));
  file = join(folder, 'one.sqlite');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('backs up while it is written to: a moment of it, all or nothing of each commit', async () => {
  const database = await openDatabase(join(folder, 'store'));
  let stopped = false;
  let written = 0;
  const load = (async () => {
    while (!stopped) {
      await Promise.all(
        Array.from({ length: 50 }, () => database.write([], { kind: 'decision', at: written++, facts: {} })),
      );
    }
  })();
  while (written < 500) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = Number((await database.query('SELECT max(seq) AS n FROM audit_events'))[0].n);
  const { entries } = await makeBackup(join(folder, 'store'), file);
  stopped = true;
  await load;
  expect(entries).toBeGreaterThanOrEqual(before);
  expect(entries).toBeLessThanOrEqual(written);
  await database.close();
  await restore(file, join(folder, 'restored'), {});
  const [report] = await verifyStore({ dataDir: join(folder, 'restored') }, {});
  // And the entry that says so.
  expect(report).toMatchObject({ first: 1, last: entries + 1, findings: [] });
});

it('frees a restored store of what was erased since, and writes it down', async () => {
  const { consents, folder: served } = await consentsAlone();
  const store = join(served, 'store');
  const first = await consents.keep(GIVEN, [itemOf(1)], 'decision-1');
  const second = await consents.keep(GIVEN, [itemOf(2)], 'decision-2');
  await makeBackup(store, file);
  await consents.erase(await consents.find(first.token));
  const restored = join(folder, 'restored');
  const environment = { DACTYL_KEYS_DIR: join(served, 'keys') };
  expect(await restore(file, restored, environment)).toMatchObject({ consents: 2, erased: 1 });
  const reading = await openReading(restored);
  expect(await reading.query('SELECT consent FROM consent_items')).toEqual([{ consent: second.consent }]);
  expect(
    await reading.query('SELECT kind, subject FROM audit_events WHERE seq > 2 ORDER BY seq'),
  ).toMatchObject([{ kind: 'store.restored' }, { kind: 'consent.erased', subject: first.consent }]);
  await reading.close();
});

it('does not bring consents back where the keys and the list of erasures are not', async () => {
  const { consents, folder: served } = await consentsAlone();
  await consents.keep(GIVEN, [itemOf(1)], 'decision-1');
  await makeBackup(join(served, 'store'), file);
  const restored = join(folder, 'restored');
  await expect(restore(file, restored, {})).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  expect(existsSync(restored)).toBe(false);
  const { folder: other } = await consentsAlone();
  await expect(restore(file, restored, { DACTYL_KEYS_DIR: join(other, 'keys') })).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: expect.stringContaining('has no key of any consent') as string,
  });
});

it('names images that do not open when it is restored, and so does verify; what is whole is not named', async () => {
  const { consents, database, folder: served } = await consentsAlone();
  const { consent } = await consents.keep(GIVEN, [itemOf(1), itemOf(2)], 'decision-1');
  await database.query("UPDATE consent_items SET image = x'0102' WHERE item = 2");
  await makeBackup(join(served, 'store'), file);
  const restored = join(folder, 'restored');
  const environment = { DACTYL_KEYS_DIR: join(served, 'keys') };
  const said = expect.stringContaining(`Image 2 of consent ${consent} does not open`) as string;
  expect((await restore(file, restored, environment)).damaged).toEqual([said]);
  const [{ findings }] = await verifyStore({ dataDir: restored }, environment);
  expect(findings).toEqual([{ kind: 'image', text: said }]);
});

it('holds neither keys nor the list of erasures', async () => {
  const { consents, folder: served } = await consentsAlone();
  const { token } = await consents.keep(GIVEN, [itemOf(1)], 'decision-1');
  await makeBackup(join(served, 'store'), file);
  const bytes = readFileSync(file);
  const master = readFileSync(join(served, 'keys', 'master', '1.key'), 'utf8').trim();
  for (const secret of [master, Buffer.from(master, 'hex'), token])
    expect(bytes.includes(secret)).toBe(false);
});

it('refuses to write over a backup or a store, and what is no backup or damaged', async () => {
  const store = join(folder, 'store');
  const database = await openDatabase(store);
  await makeBackup(store, file);
  await expect(backUp(file, store, {})).rejects.toMatchObject({ code: 'E_FILE' });
  await expect(restore(file, store, {})).rejects.toMatchObject({ code: 'E_LOCKED' });
  await database.close();
  await expect(restore(file, store, {})).rejects.toMatchObject({ code: 'E_FILE' });
  const other = join(folder, 'other');
  const none = join(folder, 'none.sqlite');
  writeFileSync(none, 'no database');
  await expect(restore(none, other, {})).rejects.toMatchObject({ code: 'E_FORMAT' });
  const bytes = readFileSync(file);
  writeFileSync(none, bytes.subarray(0, bytes.length / 2));
  await expect(restore(none, other, {})).rejects.toMatchObject({ code: 'E_FORMAT' });
  await expect(backUp(join(folder, 'two'), other, {})).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await expect(backUp('x', store, { DACTYL_STORE: 'postgres://a/b' })).rejects.toMatchObject({
    code: 'E_UNSUPPORTED',
    message: expect.stringContaining('pg_dump') as string,
  });
});

it('verifies against checkpoints out of the log of a server', async () => {
  const restored = join(folder, 'restored');
  const database = await openDatabase(join(folder, 'store'));
  await database.write([], { kind: 'decision', at: 1, facts: {} });
  await makeBackup(join(folder, 'store'), file);
  await database.close();
  await restore(file, restored, {});
  const reading = await openReading(restored);
  const [{ note }] = await reading.query('SELECT note FROM audit_checkpoints');
  await reading.close();
  expect(findCheckpoints(String(note))).toMatchObject([{ chain: 'main', size: 2 }]);
  const log = join(folder, 'server.log');
  const line = JSON.stringify({ level: 30, time: 1, checkpoint: note, msg: 'audit checkpoint' });
  writeFileSync(log, `{"level":30}\n${line}\n{"checkpoint": "cut`);
  const options = { dataDir: restored, checkpoint: [log], key: join(restored, 'keys', 'audit', 'main.vkey') };
  expect((await verifyStore(options, {}))[0]).toMatchObject({ checkpoints: 2, signed: 2, findings: [] });
  writeFileSync(log, '{"level":30}\n');
  await expect(verifyStore(options, {})).rejects.toMatchObject({ code: 'E_FORMAT' });
});
