import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { registerAdminRoutes } from './adminApp.ts';
import { createApp } from './app.ts';
import { readerFile, temporaryFolder, testServer, type TestServer } from './fixtures/serving.ts';

const { put, remove } = temporaryFolder();
let server: TestServer;
let admin: FastifyInstance;
let authorization: string;
let consent: string;
beforeAll(async () => {
  server = await testServer({ models: [put('reader.safetensors', readerFile())] });
  admin = createApp(server.services.config);
  await registerAdminRoutes(admin, server.services);
  authorization = `Bearer ${(await server.services.keys.create({ name: 'test', scopes: ['admin'] })).text}`;
  const parameters = { consent: 'training', consent_days: 1 };
  const input = { name: 'image', shape: [1, 784], datatype: 'UINT8', data: new Array(784).fill(9) };
  const url = '/v2/models/reader/infer';
  const kept = await server.app.inject({ method: 'POST', url, payload: { parameters, inputs: [input] } });
  const { parameters: told } = kept.json<{ parameters: { consent_token: string } }>();
  consent = `/v1/consents/${told.consent_token}`;
});
afterAll(async () => {
  await admin.close();
  await server.close();
  remove();
});

async function refusal(app: FastifyInstance, method: 'POST' | 'PATCH', url: string, payload?: object) {
  const answer = await app.inject({ method, url, headers: { authorization }, ...(payload && { payload }) });
  expect(answer.statusCode).toBe(400);
  return answer.json<{ error: string }>().error;
}

test.each([
  ['/v1/read?crops=2', 'crops: expected 0 or 1; received "2".'],
  ['/v1/read?coverage=0.5', 'coverage: expected one of 0.9, 0.95, 0.99; received 0.5.'],
  [
    '/v1/read?nonsense=1',
    'The query: expected no other names than model, version, coverage, crops; received "nonsense".',
  ],
  ['/v1/explain?index=-1', 'index: expected a whole number from 0 to 100000; received -1.'],
  ['/v1/explain?index=a', 'index: expected a whole number from 0 to 100000; received "a".'],
  [
    `/v1/read?version=${'a'.repeat(65)}`,
    `version: expected a text of at most 64 characters; received "${'a'.repeat(59)}….`,
  ],
])('%s', async (url, error) => {
  expect(await refusal(server.app, 'POST', url)).toBe(error);
});

test.each([
  [
    { name: 'a', scopes: ['god'] },
    'scopes[0]: expected one of infer, read, explain, review, metrics, admin; received "god".',
  ],
  [{ name: 'a', scopes: [] }, 'scopes: expected a list of 1 to 6 entries; received [].'],
  [{ scopes: ['read'] }, 'The body: expected name, scopes; received {"scopes":["read"]}.'],
  [
    { name: 'a', scopes: ['read'], isAdmin: true },
    'The body: expected no other names than name, scopes, days; received "isAdmin".',
  ],
])('a key of %j', async (payload, error) => {
  expect(await refusal(admin, 'POST', '/v1/keys', payload)).toBe(error);
});

test.each([
  [{ foo: 1 }, 'The body: expected no other names than restricted, objection, labels; received "foo".'],
  [{}, 'The body: expected one or more of restricted, objection, labels; received none.'],
  [[], 'The body: expected a JSON object with restricted, objection, labels; received [].'],
  [{ restricted: 'yes' }, 'restricted: expected true or false; received "yes".'],
  [
    { labels: [{ item: 0, label: '7' }] },
    'labels[0].item: expected a whole number of at least 1; received 0.',
  ],
  [{ labels: [{ item: 1 }] }, 'labels[0]: expected item, label; received {"item":1}.'],
])('a change of a consent to %j', async (payload, error) => {
  expect(await refusal(server.app, 'PATCH', consent, payload)).toBe(error);
});

test('a decision without its claim', async () => {
  const error = await refusal(server.app, 'POST', '/v1/reviews/x/decision', { outcome: '7' });
  expect(error).toBe('The body: expected claim, outcome; received {"outcome":"7"}.');
});

test.each([
  [undefined, 'application/x-www-form-urlencoded', '"application/x-www-form-urlencoded"'],
  [undefined, 'garbage', '"garbage"'],
  [undefined, undefined, 'none'],
  ['/v2/models/reader/infer', 'garbage', '"garbage"'],
] as const)('a body at %s with the type %s: 415 says what was expected', async (url, type, received) => {
  const answer = await server.app.inject({
    method: url === undefined ? 'PATCH' : 'POST',
    url: url ?? consent,
    payload: '{"restricted": true}',
    headers: type === undefined ? {} : { 'content-type': type },
  });
  expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([
    415,
    `Content-Type: expected application/json, received ${received}. With curl: --json '{…}'`,
  ]);
});
