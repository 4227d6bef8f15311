import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, expect, test } from 'vitest';
import { registerAdminRoutes } from '../adminApp.ts';
import { createApp, registerRoutes } from '../app.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config/load.ts';
import { readerFile, temporaryFolder } from '../fixtures/serving.ts';
import { createServices, type Services } from '../services.ts';
import { requireSomeKey } from './access.ts';
import { isLoopback } from './loopback.ts';
import { wantedBy } from './scopes.ts';

const { put, remove } = temporaryFolder();
afterAll(remove);
const models = [put('small.safetensors', readerFile())];
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Served {
  readonly app: FastifyInstance;
  readonly admin: FastifyInstance;
  readonly services: Services;
}

async function served(flags: Record<string, unknown> = {}): Promise<Served> {
  const config = loadConfig({ flags: { store: 'memory', logLevel: 'silent', models, ...flags } });
  const [app, admin] = [createApp(config), createApp(config)];
  const services = await createServices({ config, log: app.log }, systemClock);
  ends.push(
    () => services.close(),
    () => app.close(),
    () => admin.close(),
  );
  await registerRoutes(app, services);
  await registerAdminRoutes(admin, services);
  return { app, admin, services };
}

test('on this machine no key is asked for, and no other name is answered (DNS rebinding)', async () => {
  const { app } = await served();
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080', 'LOCALHOST']) {
    expect((await app.inject({ url: '/v2', headers: { host } })).statusCode, host).toBe(200);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '0.0.0.0']) {
    expect((await app.inject({ url: '/v2/models', headers: { host } })).statusCode, host).toBe(421);
  }
});

test('a page of another cannot make a browser change anything; its own can, and programs can', async () => {
  const { app } = await served();
  const post = (site?: string) =>
    app.inject({
      method: 'POST',
      url: '/v2/none',
      headers: site === undefined ? {} : { 'sec-fetch-site': site },
    });
  for (const site of ['cross-site', 'same-site']) expect((await post(site)).statusCode).toBe(403);
  for (const site of ['same-origin', 'none', undefined]) expect((await post(site)).statusCode).toBe(404);
});

test.each([
  ['http://evil.example', 'localhost:80', 403],
  ['http://localhost:3000', 'localhost:8080', 403],
  ['https://localhost:8080', 'localhost:8080', 403],
  ['http://localhost:8080.evil.example', 'localhost:8080', 403],
  ['null', 'localhost:8080', 403],
  ['', 'localhost:8080', 403],
  ['http://localhost:8080', 'localhost:8080', 404],
  ['http://LOCALHOST:8080', 'localhost:8080', 404],
  ['http://127.0.0.1', '127.0.0.1:80', 404],
  ['http://[::1]:8080', '[::1]:8080', 404],
  [undefined, 'localhost:8080', 404],
])('where the browser says the origin alone: %j may send to %s: %i', async (origin, host, status) => {
  const { app } = await served();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    const headers = { host, ...(origin !== undefined && { origin }) };
    expect((await app.inject({ method, url: '/none', headers })).statusCode, method).toBe(status);
  }
});

test('where others reach the server every route but health, pages and consents asks for a key with its scope', async () => {
  const { app, services } = await served({ host: '0.0.0.0' });
  const { text } = await services.keys.create({ name: 'a', scopes: ['infer'] });
  const status = async (url: string, authorization?: string): Promise<number> =>
    (await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })).statusCode;
  expect(await status('/v2/health/ready')).toBe(200);
  expect(await status('/')).toBe(200);
  expect(await status('/documentation/json')).toBe(200);
  const answer = await app.inject({ url: '/v2' });
  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toEqual({
    error: 'Expected an API key in the header Authorization: Bearer dactyl_…, received none.',
  });
  for (const wrong of ['Bearer dactyl_x', `Basic ${text}`, text, `Bearer ${text}x`, 'Bearer ']) {
    expect(await status('/v2', wrong), wrong).toBe(401);
  }
  expect(await status('/v2', `Bearer ${text}`)).toBe(200);
  expect(await status('/v2', `bearer  ${text}`)).toBe(200);
  const { key, text: reader } = await services.keys.create({ name: 'b', scopes: ['read'] });
  expect(await status('/v2', `Bearer ${reader}`)).toBe(403);
  await services.keys.revoke(key.id);
  expect(await status('/v2', `Bearer ${reader}`)).toBe(401);
});

test('whoever opens such an address in a browser gets a form for a key, which runs no other script; programs, other methods and wrong keys get JSON', async () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  const { app } = await served({ host: '0.0.0.0' });
  for (const [url, words] of [
    ['/v1/models', 'API key</label>'],
    ['/v1/monitor/page', 'API key with the scope “metrics”</label>'],
  ]) {
    const { statusCode, headers, body } = await app.inject({ url, headers: { accept } });
    expect([statusCode, headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(body).toContain(words);
    expect(headers['content-security-policy']).toMatch(/script-src 'sha256-[^']+'; connect-src 'self'/);
  }
  for (const [method, more] of [
    ['GET', { accept: '*/*' }],
    ['GET', { accept, authorization: 'Bearer dactyl_x' }],
    ['HEAD', { accept }],
    ['POST', { accept }],
  ] as const) {
    const url = method === 'POST' ? '/v1/read' : '/v1/models';
    const { statusCode, headers } = await app.inject({ method, url, headers: more });
    expect([statusCode, headers['content-type']]).toEqual([401, 'application/json']);
  }
  expect((await app.inject({ url: '/none', headers: { accept } })).statusCode).toBe(404);
});

test('every route says what it asks for; one that was forgotten asks for admin', async () => {
  expect(wantedBy('/v1/forgotten')).toBe('admin');
  expect(wantedBy('/v2x')).toBe('admin');
  expect(wantedBy('/v2')).toBe('infer');
  expect(wantedBy('/v2/health/live')).toBe('none');
  expect(wantedBy('/v2/healthy')).toBe('infer');
  const config = loadConfig({ flags: { store: 'memory', logLevel: 'silent', models } });
  const app = createApp(config);
  const forgotten: string[] = [];
  app.addHook('onRoute', ({ url, config: own }) => {
    if ((own?.scope ?? wantedBy(url)) === 'admin') forgotten.push(url);
  });
  const services = await createServices({ config, log: app.log }, systemClock);
  ends.push(
    () => services.close(),
    () => app.close(),
  );
  await registerRoutes(app, services);
  await app.ready();
  expect(forgotten).toEqual([]);
});

test('the admin listener asks for a key of the scope admin, even on this machine; it makes, lists and revokes keys', async () => {
  const { app, admin, services } = await served();
  expect((await app.inject({ url: '/v1/keys' })).statusCode).toBe(404);
  expect((await admin.inject({ url: '/v1/keys' })).statusCode).toBe(401);
  const all = ['infer', 'read', 'explain', 'review', 'metrics'] as const;
  const other = await services.keys.create({ name: 'all others', scopes: all });
  const headers = { authorization: `Bearer ${other.text}` };
  expect((await admin.inject({ url: '/v1/keys', headers })).statusCode).toBe(403);
  const operator = await services.keys.create({ name: 'operator', scopes: ['admin'] });
  headers.authorization = `Bearer ${operator.text}`;
  const body = { name: 'desk', scopes: ['read'], days: 1 };
  const made = await admin.inject({ method: 'POST', url: '/v1/keys', headers, payload: body });
  expect(made.statusCode).toBe(201);
  const { key, id } = made.json<{ key: string; id: string }>();
  expect(await services.keys.identify(key)).toMatchObject({ id, scopes: ['read'] });
  const list = (await admin.inject({ url: '/v1/keys', headers })).body;
  expect(list).toContain(id);
  expect(list).not.toContain(key);
  expect((await admin.inject({ method: 'DELETE', url: `/v1/keys/${id}`, headers })).statusCode).toBe(204);
  expect(await services.keys.identify(key)).toBeUndefined();
  for (const unknown of ['nothere', '%00', id.toLowerCase() + 'x']) {
    const { statusCode, body } = await admin.inject({
      method: 'DELETE',
      url: `/v1/keys/${unknown}`,
      headers,
    });
    expect([statusCode, body], unknown).toEqual([404, expect.stringContaining('E_NOT_FOUND')]);
  }
  const strange = await admin.inject({
    method: 'POST',
    url: '/v1/keys',
    headers,
    payload: { name: 'x', scopes: ['root'] },
  });
  expect(strange.statusCode).toBe(400);
});

test('a server that others reach does not start without a key, and says how to make one', async () => {
  const { services } = await served({ host: '0.0.0.0', dataDir: 'there' });
  const { keys, clock } = services;
  const config = loadConfig({ flags: { host: '0.0.0.0', dataDir: 'there' } });
  await expect(requireSomeKey(config, keys, clock.now())).rejects.toThrow(
    'Expected an API key, for others reach 0.0.0.0, found none that is valid. Create one, which is printed once: dactyl keys create NAME --scopes read,infer --data-dir there',
  );
  await keys.create({ name: 'a', scopes: ['read'], days: 1 });
  await requireSomeKey(config, keys, clock.now());
  await expect(requireSomeKey(config, keys, clock.now() + 86_400_000)).rejects.toThrow('Expected an API key');
  await requireSomeKey(loadConfig({}), keys, clock.now() + 86_400_000);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.example.org', false],
  ['192.168.0.7', false],
])('%s is this machine only: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test('more requests a minute than are allowed get 429 with a time, of a key or of an address; health does not count', async () => {
  const security = { requestsPerMinute: 3, keys: true };
  const { app, services } = await served({ security });
  const { text } = await services.keys.create({ name: 'a', scopes: ['infer'] });
  const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  for (let k = 0; k < 5; k++) expect((await ask('/v2/health/live')).statusCode).toBe(200);
  const [own, others] = [{ authorization: `Bearer ${text}` }, { authorization: 'Bearer dactyl_guess' }];
  expect(
    [await ask('/v2', own), await ask('/v2', own), await ask('/v2', own)].map((a) => a.statusCode),
  ).toEqual([200, 200, 200]);
  const refused = await ask('/v2', own);
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
  // Who guesses is counted by address.
  const guesses: number[] = [];
  for (let k = 0; k < 4; k++) guesses.push((await ask('/v2', others)).statusCode);
  expect(guesses).toEqual([401, 401, 401, 429]);
});

test('without keys, too, health does not count', async () => {
  const { app } = await served({ security: { requestsPerMinute: 3 } });
  const statuses: number[] = [];
  for (const url of ['/v2/health/live', '/v2/health/ready', '/v2']) {
    for (let k = 0; k < 4; k++) statuses.push((await app.inject(url)).statusCode);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 429]);
});

test('every answer carries the headers of a page that runs nothing of others, and is kept by nobody', async () => {
  const { app } = await served();
  for (const url of ['/', '/v2', '/documentation', '/none']) {
    const { headers } = await app.inject({ url });
    expect(headers['cache-control'], url).toBe('no-store');
    expect(headers['content-security-policy'], url).toContain("default-src 'none'");
    expect(headers['content-security-policy'], url).not.toContain('unsafe');
    expect(headers['x-content-type-options'], url).toBe('nosniff');
    expect(headers['referrer-policy'], url).toBe('no-referrer');
    expect(headers['access-control-allow-origin'], url).toBeUndefined();
    expect(headers['x-powered-by'], url).toBeUndefined();
    expect(headers.server, url).toBeUndefined();
  }
});
