import { expect, test } from 'vitest';
import { readerFile, temporaryFolder, testServer } from '../src/server/fixtures/serving.ts';
import { Random } from '../src/util/random.ts';
import { fuzzServer } from './support/serverFuzz.ts';

test('3,000 damaged requests: none is answered with 5xx but 503, and the server answers on', async () => {
  const { put, remove } = temporaryFolder();
  const server = await testServer({ models: [put('small.safetensors', readerFile())], logLevel: 'silent' });
  const statuses = new Set<number>();
  const faults = await fuzzServer(server.app, new Random(7, 'fuzz/server'), 3000, {
    seen: (status) => statuses.add(status),
  });
  expect(faults).toEqual([]);
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]));
  expect((await server.app.inject({ url: '/v2/health/ready' })).statusCode).toBe(200);
  await server.close();
  remove();
});
