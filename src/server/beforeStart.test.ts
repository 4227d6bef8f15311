import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { consentsAlone, itemOf } from '../../test/support/consents.ts';
import { verifyStore } from './audit/verifyStore.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config/load.ts';
import { readerFile, temporaryFolder } from './fixtures/serving.ts';
import { createApiKeys } from './security/apiKeys.ts';
import { startServer } from './serve.ts';
import { openDatabase } from './store/openDatabase.ts';

const { folder, put, remove } = temporaryFolder();
afterAll(remove);
const good = put('good.safetensors', readerFile());
const [missing, damaged] = [join(folder, 'none.safetensors'), put('damaged.safetensors', 'no model')];
const dataDir = join(folder, 'data');

const start = (flags: Record<string, unknown>) =>
  startServer(loadConfig({ flags: { port: 0, logLevel: 'silent', models: [good], dataDir, ...flags } }));

test.each([
  ['a model that is not there', { models: [missing] }, /none\.safetensors/],
  ['a model that is none', { models: [good, damaged] }, /damaged\.safetensors/],
  ['no key, said before models are read', { host: '0.0.0.0', models: [missing] }, /^Expected an API key/],
  ['no key, where keys are asked for', { security: { keys: true } }, /^Expected an API key/],
  ['webhooks without a secret', { webhooks: { urls: ['https://example.org'] } }, /webhooks\.secrets/],
])('%s: nothing is left behind', async (_, flags, message) => {
  await expect(start(flags)).rejects.toThrow(message);
  expect(existsSync(dataDir)).toBe(false);
});

test('a port that is taken, of either listener, said before models are read: nothing is left behind', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    for (const flags of [{ port }, { admin: { port } }]) {
      await expect(start({ ...flags, models: [missing] })).rejects.toThrow(
        /another program does \(EADDRINUSE\)/,
      );
      expect(existsSync(dataDir)).toBe(false);
    }
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('a store without a valid key is looked into before models are read; with one the server starts, and ends', async () => {
  const kept = join(folder, 'kept');
  mkdirSync(kept);
  const database = await openDatabase(kept);
  const keys = createApiKeys(database, systemClock);
  const flags = { dataDir: kept, security: { keys: true } };
  const { key } = await keys.create({ name: 'a', scopes: ['read'] });
  await keys.revoke(key.id);
  await expect(start({ ...flags, models: [missing] })).rejects.toThrow(/^Expected an API key/);
  await keys.create({ name: 'b', scopes: ['read'] });
  await expect(start({ ...flags, models: [missing] })).rejects.toThrow(/none\.safetensors/);
  await database.close();
  const server = await start(flags);
  expect(server.services.models.list().map(({ name }) => name)).toEqual(['good']);
  await server.stop();
});

test('folders that cannot be written to are said before models are read', async () => {
  const file = put('file', '');
  for (const flags of [{ dataDir: join(file, 'data') }, { keysDir: join(file, 'keys') }]) {
    await expect(start({ ...flags, models: [missing] })).rejects.toMatchObject({
      code: 'E_FILE',
      message: expect.stringMatching(
        /^Cannot write to the folder \S+: a part of the path is a file/,
      ) as string,
    });
    expect(existsSync(dataDir)).toBe(false);
  }
});

/** Every file below `path`, with its length and content. */
const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile() && !/-(shm|wal)$/.test(name))
    .map((name) => [name, readFileSync(join(path, name), 'hex')]);

test('a store whose audit log was signed is refused with other keys before anything is written, and verifies after', async () => {
  const place = join(folder, 'signed');
  const keysDir = join(place, 'kk');
  const flags = { dataDir: join(place, 'data'), keysDir };
  await (await start(flags)).stop();
  const other = { dataDir: join(place, 'other'), keysDir: join(place, 'kk3') };
  await (await start(other)).stop();
  const before = filesBelow(place);
  for (const [mistyped, message] of [
    ['kk2', /^\S+kk2 is not there: expected the keys that the server had/],
    ['kk3', /^\S+kk3 has another key than the one that signed the audit log: expected/],
    ['data', /^\S+data has no key that signs the audit log: expected/],
  ] as const) {
    await expect(
      start({ ...flags, keysDir: join(place, mistyped), models: [missing] }),
    ).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: expect.stringMatching(message) as string,
    });
  }
  expect(filesBelow(place)).toEqual(before);
  await (await start(flags)).stop();
  const [report] = await verifyStore(flags, { DACTYL_KEYS_DIR: keysDir });
  expect(report.findings).toEqual([]);
});

test('a store with consents is refused without their keys or the list of erasures, also where nothing was signed yet', async () => {
  const { consents, folder: served, database } = await consentsAlone();
  const one = await consents.keep({ purposes: ['training'], days: 30 }, [itemOf(1)], 'decision-1');
  await consents.keep({ purposes: ['training'], days: 30 }, [itemOf(2)], 'decision-2');
  await consents.erase(await consents.find(one.token));
  await consents.close();
  await database.close();
  const flags = { dataDir: join(served, 'store') };
  const copy = (without: string): string => {
    const keysDir = join(served, `without-${without}`);
    cpSync(join(served, 'keys'), keysDir, { recursive: true });
    rmSync(join(keysDir, without), { recursive: true });
    return keysDir;
  };
  for (const [without, message] of [
    ['master', /has no master key: expected/],
    ['consents', /has no key of any consent: expected/],
    ['erasures', /has no list of erasures: expected/],
  ] as const) {
    const keysDir = copy(without);
    await expect(start({ ...flags, keysDir })).rejects.toThrow(message);
    expect(existsSync(join(keysDir, without))).toBe(false);
  }
  await (await start({ ...flags, keysDir: join(served, 'keys') })).stop();
});
