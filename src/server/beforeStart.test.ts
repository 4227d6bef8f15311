import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
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
