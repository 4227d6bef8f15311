import { afterAll, beforeAll, expect, test } from 'vitest';
import { readerFile, temporaryFolder, testServer, type TestServer } from './fixtures/serving.ts';

const { put, remove } = temporaryFolder();
let server: TestServer;

beforeAll(async () => {
  server = await testServer({ models: [put('reader.safetensors', readerFile())] }, {}, (app) => {
    app.get('/v1/fails', () => {
      throw new Error('secret of /etc');
    });
  });
});
afterAll(async () => {
  await server.close();
  remove();
});

test.each(['/v2', '/v2/', '/v2/health/live', '/v2/health/ready', '/v2/models/reader', '/v2/none', '/none'])(
  '%s: the type is exactly application/json, for kserve drops another',
  async (url) => {
    const { headers, statusCode } = await server.app.inject({ url });
    expect(headers['content-type']).toBe('application/json');
    expect(statusCode).toBe(url.endsWith('none') ? 404 : 200);
  },
);

test('errors: {"error"} below /v2, and a code besides elsewhere', async () => {
  expect((await server.app.inject({ url: '/v2/none' })).json()).toEqual({
    error: 'Nothing answers GET here.',
  });
  expect((await server.app.inject({ url: '/none' })).json()).toEqual({
    error: 'Nothing answers GET here.',
    code: 'E_NOT_FOUND',
  });
});

test('an internal error says nothing of the inside, and the log has it, without the query', async () => {
  const { body, statusCode } = await server.app.inject({ url: '/v1/fails?token=hidden' });
  expect(statusCode).toBe(500);
  expect(body).not.toContain('secret');
  const log = server.lines.join('');
  expect(log).toContain('secret of /etc');
  expect(log).not.toContain('hidden');
});

test.each([
  ['GET', '/v1/read', 'POST'],
  ['DELETE', '/v1/read?crops=1', 'POST'],
  ['PUT', '/v1/models', 'GET, HEAD'],
  ['POST', '/v1/cards/x/', 'GET, HEAD'],
  ['POST', '/v1/consents/x', 'DELETE, GET, HEAD, PATCH'],
  ['GET', '/v2/models/x/infer', 'POST'],
  ['POST', '/v2/models/x', 'GET, HEAD'],
  ['POST', '/', 'GET, HEAD'],
] as const)('%s %s: 405, and what is allowed', async (method, url, allowed) => {
  const answer = await server.app.inject({ method, url });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, allowed]);
  const error = `Expected ${allowed.split(', ').join(' or ')} here, received ${method}.`;
  expect(answer.json()).toEqual(url.startsWith('/v2') ? { error } : { error, code: 'E_ARGUMENT' });
});

test.each([
  ['/v2/models/%E0%A4%A', 400, ['error']],
  ['/v1/cards/%', 400, ['error', 'code']],
  [`/v2/models/${'a'.repeat(101)}`, 414, ['error']],
  [`/v1/cards/${'a'.repeat(101)}`, 414, ['error', 'code']],
])('%s, an address that is none: %i in the form of all errors', async (url, status, form) => {
  const { statusCode, headers, body } = await server.app.inject({ url });
  expect(statusCode).toBe(status);
  expect(headers['content-type']).toBe('application/json');
  expect(Object.keys(JSON.parse(body) as object)).toEqual(form);
  expect(body).not.toContain('FST_');
});

test('a request that stops is answered before its connection is cut for silence', () => {
  const { timeout, requestTimeout } = server.app.server;
  // Node looks for slow requests every two seconds.
  expect(timeout).toBeGreaterThan(requestTimeout + 2000);
});
