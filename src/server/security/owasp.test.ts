/** One test for each item of the OWASP API Security Top 10 of 2023 (owasp.org/API-Security/editions/2023). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode } from 'fast-png';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerAdminRoutes } from '../adminApp.ts';
import { createApp } from '../app.ts';
import { readerFile, temporaryFolder, testServer, type TestServer } from '../fixtures/serving.ts';
import { endpointOf } from '../webhooks/endpoint.ts';
import { post } from '../webhooks/post.ts';
import { type Scope, SCOPES } from './scopes.ts';
import { found } from '../../../test/support/evidence.ts';

const { put, remove } = temporaryFolder();
const flags = {
  host: '0.0.0.0',
  models: [put('small.safetensors', readerFile())],
  logLevel: 'error',
  limits: { bodyBytes: 100_000 },
  reading: { pixels: 10_000 },
};
let server: TestServer;
let admin: FastifyInstance;
/** Methods and paths of the two listeners. */
const routes: { app: () => FastifyInstance; method: string; url: string; hidden: boolean }[] = [];
const keys = {} as Record<Scope, { authorization: string }>;
let all: { authorization: string };
beforeAll(async () => {
  server = await testServer(flags, {}, (app) => {
    noteRoutes(app, () => server.app);
  });
  admin = createApp(server.services.config);
  noteRoutes(admin, () => admin);
  await registerAdminRoutes(admin, server.services);
  const headerOf = async (scopes: readonly Scope[]) => ({
    authorization: `Bearer ${(await server.services.keys.create({ name: 'test', scopes })).text}`,
  });
  for (const scope of SCOPES) keys[scope] = await headerOf([scope]);
  all = await headerOf(SCOPES);
});
afterAll(async () => {
  await admin.close();
  await server.close();
  remove();
});

function noteRoutes(app: FastifyInstance, of: () => FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, schema }) => {
    for (const one of [method].flat()) {
      if (one === 'HEAD') continue;
      routes.push({ app: of, method: one, url, hidden: schema?.hide === true });
    }
  });
}

const digit = Buffer.from(
  encode({
    width: 40,
    height: 40,
    depth: 8,
    channels: 1,
    data: Uint8Array.from({ length: 1600 }, (_, p) =>
      p % 40 > 17 && p % 40 < 22 && p > 200 && p < 1400 ? 0 : 255,
    ),
  }),
);

async function kept(): Promise<{ token: string; url: string }> {
  const answer = await server.app.inject({
    method: 'POST',
    url: '/v1/read',
    payload: digit,
    headers: { ...all, 'dactyl-consent': 'training', 'dactyl-consent-days': '1' },
  });
  return answer.json<{ consent: { token: string; url: string } }>().consent;
}

test('API1:2023 Broken Object Level Authorization: a consent opens to its own token alone, whatever key comes with another', async () => {
  const [own, other] = [await kept(), await kept()];
  const asked = (path: string, method: 'GET' | 'DELETE' = 'GET') =>
    server.app.inject({ method, url: `/v1/consents/${path}`, headers: all });
  expect((await asked(own.token)).statusCode).toBe(200);
  const { id } = (await asked(own.token)).json<{ id?: string }>();
  const last = own.token.at(-1) === 'A' ? 'B' : 'A';
  const unknown = (await asked('A'.repeat(own.token.length))).body;
  for (const wrong of [
    own.token.slice(0, -1) + last,
    own.token.toLowerCase(),
    `${own.token}A`,
    '1',
    id ?? 'x',
    '*',
    '%25',
  ]) {
    const answer = await asked(wrong);
    expect([answer.statusCode, answer.body], wrong).toEqual([404, unknown]);
    expect((await asked(wrong, 'DELETE')).statusCode, wrong).toBe(404);
  }
  expect((await asked(own.token, 'DELETE')).statusCode).toBe(200);
  expect((await asked(`${other.token}/export`)).statusCode).toBe(200);
});

test('API2:2023 Broken Authentication: only a valid key in its header counts, not in the address, the body or a cookie', async () => {
  const text = all.authorization.slice('Bearer '.length);
  const status = async (url: string, headers: Record<string, string> = {}) =>
    (await server.app.inject({ url, headers })).statusCode;
  expect(await status('/v1/models', all)).toBe(200);
  expect((await server.app.inject({ url: '/v1/models' })).json<{ code: string }>().code).toBe('E_KEY');
  const wrong = await server.app.inject({ url: '/metrics', headers: keys.read });
  expect([wrong.statusCode, wrong.json<{ code: string }>().code]).toEqual([403, 'E_KEY']);
  for (const url of ['/v1/models', `/v1/models?key=${text}`, `/v1/models?access_token=${text}`]) {
    expect(await status(url), url).toBe(401);
  }
  for (const headers of [
    { cookie: `key=${text}` },
    { 'x-api-key': text },
    { authorization: `Basic ${text}` },
  ]) {
    expect(await status('/v1/models', headers)).toBe(401);
  }
  const short = await server.services.keys.create({ name: 'short', scopes: ['read'], days: 1e-9 });
  expect(await status('/v1/models', { authorization: `Bearer ${short.text}` })).toBe(401);
  expect(server.lines.join('')).not.toContain(text);
});

test('API3:2023 Broken Object Property Level Authorization: no property is changed or told that is not meant to be', async () => {
  const { url } = await kept();
  for (const payload of [{ days: 9999 }, { restricted: true, erasedAt: null }, { id: 'x' }, { until: 1 }]) {
    expect((await server.app.inject({ method: 'PATCH', url, payload })).statusCode).toBe(400);
  }
  const listed = (await admin.inject({ url: '/v1/keys', headers: all })).body;
  expect(listed).not.toMatch(/hash|secret/i);
  const models = (await server.app.inject({ url: '/v1/models', headers: all })).body;
  expect(models).not.toMatch(/bytes|\/tmp|\.safetensors/);
});

test('API4:2023 Unrestricted Resource Consumption: bodies, pixels, levels, keys, files and requests have limits', async () => {
  const post = (payload: Buffer | string, headers: Record<string, string> = {}, url = '/v1/read') =>
    server.app.inject({ method: 'POST', url, payload, headers: { ...all, ...headers } });
  expect((await post(Buffer.alloc(100_001))).statusCode).toBe(413);
  // 10,001 pixels in a hundred bytes.
  const bomb = encode({ width: 10_001, height: 1, depth: 8, channels: 1, data: new Uint8Array(10_001) });
  expect((await post(Buffer.from(bomb))).json<{ error: string }>().error).toContain('at most 10000 pixels');
  const json = { 'content-type': 'application/json' };
  expect((await post('['.repeat(50_000), json)).json<{ error: string }>().error).toContain(
    'at most 16 levels',
  );
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 2001 }, (_, k) => [k, k])));
  expect((await post(many, json)).json<{ error: string }>().error).toContain('at most 2000 keys');
  const limited = await testServer({ ...flags, security: { requestsPerMinute: 2 } });
  const { text } = await limited.services.keys.create({ name: 'test', scopes: ['infer'] });
  const headers = { authorization: `Bearer ${text}` };
  const statuses: number[] = [];
  for (let k = 0; k < 3; k++) statuses.push((await limited.app.inject({ url: '/v2', headers })).statusCode);
  await limited.close();
  expect(statuses).toEqual([200, 200, 429]);
  expect(server.app.server.headersTimeout).toBe(10_000);
  expect(server.app.server.requestTimeout).toBe(60_000);
  expect(server.app.server.maxConnections).toBe(1024);
});

test('API5:2023 Broken Function Level Authorization: every route refuses keys without its scope; what operators do is not on the public listener', async () => {
  const open = /^\/(?:$|documentation|v2\/health|v1\/consents|review$|consent$|monitor$)/;
  const asked = routes.filter(({ app, url }) => app() === admin || !open.test(url));
  expect(asked.length).toBeGreaterThan(20);
  for (const { app, method, url } of asked) {
    const path = url.replaceAll(/:\w+/g, 'x').replace('*', 'x');
    const ask = async (headers: Record<string, string>) =>
      (await app().inject({ method: method as 'GET', url: path, headers })).statusCode;
    expect(await ask({}), `${method} ${url}`).toBe(401);
    const isAdmin = app() === admin;
    // What any key may do asks for no scope.
    if (!isAdmin && /^\/v1\/(?:models|cards)/.test(url)) continue;
    const refused = [];
    for (const scope of SCOPES) if ((await ask(keys[scope])) === 403) refused.push(scope);
    expect(refused.length, `${method} ${url}`).toBe(SCOPES.length - 1);
    if (isAdmin) expect(refused).not.toContain('admin');
    expect(await ask(all), `${method} ${url}`).not.toBe(500);
  }
  for (const { app, method, url } of routes) {
    // Metrics are on both.
    if (app() !== admin || routes.some((one) => one.app() === server.app && one.url === url)) continue;
    const path = url.replaceAll(/:\w+/g, 'x');
    const { statusCode } = await server.app.inject({ method: method as 'GET', url: path, headers: all });
    expect(statusCode, url).toBe(404);
  }
});

test('API6:2023 Unrestricted Access to Sensitive Business Flows: nothing is kept without purpose and time, nor for longer than is allowed, and no image is reviewed by two', async () => {
  const count = async () => (await server.services.database.query('SELECT count(*) AS n FROM consents'))[0].n;
  const before = await count();
  for (const headers of [
    { 'dactyl-consent': 'training' },
    { 'dactyl-consent': 'everything', 'dactyl-consent-days': '1' },
    { 'dactyl-consent': 'training', 'dactyl-consent-days': '100000' },
    { 'dactyl-consent-days': '1' },
  ]) {
    const answer = await server.app.inject({
      method: 'POST',
      url: '/v1/read',
      payload: digit,
      headers: { ...all, ...headers } as Record<string, string>,
    });
    expect(answer.statusCode).toBe(400);
  }
  expect(await count()).toBe(before);
  const claim = () => server.app.inject({ method: 'POST', url: '/v1/reviews/claim', headers: all });
  const claimed = (await Promise.all([claim(), claim(), claim()]))
    .filter(({ statusCode }) => statusCode === 200)
    .map((answer) => answer.json<{ review: string }>().review);
  expect(new Set(claimed).size).toBe(claimed.length);
});

test('API7:2023 Server Side Request Forgery: no address in a request is ever asked', async () => {
  let asked = 0;
  const trap = createServer((_, response) => {
    asked++;
    response.end();
  });
  await new Promise<void>((resolve) => {
    trap.listen(0, '127.0.0.1', resolve);
  });
  const target = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/digit.png`;
  const json = { ...all, 'content-type': 'application/json' };
  const statuses = await Promise.all(
    [
      { url: `/v1/read?model=${encodeURIComponent(target)}`, payload: digit },
      { url: `/v1/read?url=${encodeURIComponent(target)}`, payload: digit },
      { url: '/v1/read', payload: target },
      { url: '/v1/read', payload: JSON.stringify({ url: target, strokes: [[1, 2]] }), headers: json },
      { url: '/v1/explain', payload: JSON.stringify({ image: target }), headers: json },
      { url: `/v2/models/${encodeURIComponent(target)}/infer`, payload: '{}', headers: json },
      {
        url: '/v2/repository/models/x/load',
        payload: JSON.stringify({ parameters: { config: target } }),
        headers: json,
      },
    ].map(async ({ url, payload, headers = all }) => {
      const { statusCode } = await server.app.inject({ method: 'POST', url, payload, headers });
      return statusCode;
    }),
  );
  trap.close();
  expect(statuses.every((status) => (status >= 400 && status < 500) || status === 501)).toBe(true);
  expect(asked).toBe(0);
});

test('API8:2023 Security Misconfiguration: headers are strict, errors say nothing of the inside, and others’ pages read nothing', async () => {
  const answers = await Promise.all([
    server.app.inject({ url: '/v1/read%00', headers: all }),
    server.app.inject({ url: '/v1/models/%E0%A4%A', headers: all }),
    server.app.inject({
      method: 'POST',
      url: '/v1/read',
      payload: 'x',
      headers: { ...all, 'content-type': 'a/b;;' },
    }),
    server.app.inject({ method: 'OPTIONS', url: '/v1/read', headers: { origin: 'https://evil.example' } }),
    server.app.inject({ method: 'PUT', url: '/v1/read', headers: all }),
    server.app.inject({ url: '/.env' }),
    server.app.inject({ url: '/../../etc/passwd' }),
    server.app.inject({ url: '/documentation/static/..%2f..%2fpackage.json' }),
  ]);
  for (const { statusCode, body, headers } of answers) {
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
    expect(body).not.toMatch(/node_modules|\bat \S+ \(|\.ts:\d|\/work\/|root:/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  }
  const { headers } = await server.app.inject({ url: '/' });
  expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  const polluted = await server.app.inject({
    method: 'PATCH',
    url: '/v1/consents/x',
    payload: '{"__proto__":{"restricted":true}}',
    headers: { 'content-type': 'application/json' },
  });
  expect(polluted.statusCode).toBe(400);
});

test('API9:2023 Improper Inventory Management: every route of the public listener stands in the OpenAPI document, or among those that are named here', async () => {
  // Answered with 501 or part of another specification; pages and metrics for people and machines that know them.
  const apart =
    /^\/(?:documentation|metrics$|review$|monitor$|consent$|v1\/monitor\/page$|v2\/(?:repository|trace|logging|.*sharedmemory|.*\/(?:config|stats|generate|generate_stream|trace\/setting)$|models\/stats$))|^\/$/;
  const { paths, openapi } = (await server.app.inject({ url: '/documentation/json' })).json<{
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  }>();
  expect(openapi).toBe('3.1.0');
  const missing = routes
    .filter(({ app, url, hidden }) => app() === server.app && !hidden && !apart.test(url))
    .map(({ method, url }) => [
      method.toLowerCase(),
      url.replaceAll(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1'),
    ])
    .filter(([method, url]) => !(method in (paths[url] ?? {})))
    .map((one) => one.join(' '));
  expect([...new Set(missing)]).toEqual([]);
});

test('API10:2023 Unsafe Consumption of APIs: webhooks, all that this server calls, go to configured addresses, by HTTPS or on this machine, and follow no redirect', async () => {
  for (const url of [
    'http://example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
    'https://user:word@example.org/',
  ]) {
    expect(() => endpointOf(url, false), url).toThrow('webhooks.urls: expected https://');
  }
  let followed = 0;
  const trap = createServer((request, response) => {
    if (request.url === '/inside') followed++;
    response.writeHead(302, { location: '/inside' }).end();
  });
  await new Promise<void>((resolve) => {
    trap.listen(0, '127.0.0.1', resolve);
  });
  const outcome = await post(`http://127.0.0.1:${(trap.address() as AddressInfo).port}/`, '{}', {});
  trap.close();
  expect([outcome, followed]).toEqual([{ why: 'status 302', final: false }, 0]);
  found({
    id: 'owasp',
    points: ['E5', 'E11'],
    articles: ['GDPR 25', 'GDPR 32'],
    says: 'An attack for each item of the OWASP API Security Top 10 of 2023 was tried and refused.',
  });
});
