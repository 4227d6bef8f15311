import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { beforeStartSuite, starter } from '../../test/support/beforeStartSuite.ts';
import { readerFile, temporaryFolder } from './fixtures/serving.ts';

const { folder, put, remove } = temporaryFolder();
afterAll(remove);
const good = put('good.safetensors', readerFile());
const [missing, damaged] = [join(folder, 'none.safetensors'), put('damaged.safetensors', 'no model')];
const dataDir = join(folder, 'data');

const begin = starter(good);
const start = (flags: Record<string, unknown>) => begin({ dataDir, ...flags });

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
    for (const [flags, another] of [
      [{ port }, /another program does \(EADDRINUSE\)\. Give another --port;/],
      [
        { admin: { port } },
        /another program does \(EADDRINUSE\)\. Give another admin\.port \(DACTYL_ADMIN_PORT\);/,
      ],
    ] as const) {
      await expect(start({ ...flags, models: [missing] })).rejects.toThrow(another);
      expect(existsSync(dataDir)).toBe(false);
    }
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
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

beforeStartSuite((own) => ({ dataDir: own }), { folder, model: good });
