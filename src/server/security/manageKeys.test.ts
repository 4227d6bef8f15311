import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { verifyStore } from '../audit/verifyStore.ts';
import { loadConfig } from '../config/load.ts';
import { readerFile, temporaryFolder } from '../fixtures/serving.ts';
import { startServer } from '../serve.ts';
import { openDatabase } from '../store/openDatabase.ts';
import { listKeys, revokeKey, withKeys } from './manageKeys.ts';

const { folder, put, remove } = temporaryFolder();
afterAll(remove);
const place = { dataDir: join(folder, 'data') };
const models = [put('good.safetensors', readerFile())];
const SECOND = 1000;

const made = (name: string) => withKeys(place, {}, (keys) => keys.create({ name, scopes: ['infer'] }));

test('beside a running server a key that is made counts and one that is revoked does not, each within three seconds (one, on a machine at rest); both stand in the audit log', async () => {
  const first = await made('first');
  const flags = { ...place, port: 0, logLevel: 'silent', models, security: { keys: true } };
  const server = await startServer(loadConfig({ flags }));
  onTestFinished(() => server.stop());
  const asked = async (text: string): Promise<number> =>
    (await fetch(`${server.url}/v2/models`, { headers: { authorization: `Bearer ${text}` } })).status;
  const after = async (text: string, status: number): Promise<number> => {
    const begun = performance.now();
    while ((await asked(text)) !== status && performance.now() - begun < 9 * SECOND)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return performance.now() - begun;
  };
  expect(await asked(first.text)).toBe(200);
  const second = await made('second');
  expect(await after(second.text, 200)).toBeLessThan(3 * SECOND);
  await revokeKey(place, {}, first.key.id);
  expect(await after(first.text, 401)).toBeLessThan(3 * SECOND);
  expect(await asked(second.text)).toBe(200);
  expect((await listKeys(place, {})).map(({ name, valid }) => [name, valid])).toEqual([
    ['first', false],
    ['second', true],
  ]);
  const rows = await server.services.database.query(
    "SELECT kind, subject FROM audit_events WHERE chain = 'main-keys' ORDER BY seq",
  );
  expect(rows).toEqual([
    { kind: 'key.created', subject: first.key.id },
    { kind: 'key.created', subject: second.key.id },
    { kind: 'key.revoked', subject: first.key.id },
  ]);
  expect((await verifyStore(place, {})).flatMap(({ findings }) => findings)).toEqual([]);
});

test('to revoke makes no store, in a folder that was mistyped for one', async () => {
  const mistyped = join(folder, 'dta');
  await expect(revokeKey({ dataDir: mistyped }, {}, 'AAAAAAAAAAAA')).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
  });
  expect(existsSync(mistyped)).toBe(false);
});

test('beside a server of an older Dactyl nothing is written', async () => {
  const older = join(folder, 'older');
  const database = await openDatabase(older);
  onTestFinished(() => database.close());
  await database.query("DELETE FROM migrations WHERE id LIKE '0006%'");
  await expect(
    withKeys({ dataDir: older }, {}, (keys) => keys.create({ name: 'a', scopes: ['infer'] })),
  ).rejects.toMatchObject({ code: 'E_FORMAT' });
});
