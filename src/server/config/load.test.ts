import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'dactyl-config-'));

function file(content: unknown): string {
  const path = join(folder, `${String(Math.trunc(performance.now() * 1000))}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function messageOf(sources: Parameters<typeof loadConfig>[0]): string {
  try {
    loadConfig(sources);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

test('defaults: this machine only, no models but the reader', () => {
  expect(loadConfig({})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    store: 'sqlite',
    models: [],
    limits: { images: 4096 },
  });
});

test('the environment wins over the file, flags over the environment', () => {
  const path = file({ port: 1, host: 'a', stopSeconds: 3, limits: { images: 7 } });
  const environment = { DACTYL_PORT: '2', DACTYL_HOST: 'b', DACTYL_MODELS: 'x,y=z', DACTYL_WIDE: '1' };
  const config = loadConfig({ file: path, environment, flags: { port: 3, store: undefined } });
  expect(config).toMatchObject({ port: 3, host: 'b', stopSeconds: 3, models: ['x', 'y=z'] });
  expect(config.limits).toEqual({ images: 7, bodyBytes: 16 * 2 ** 20 });
  expect(loadConfig({ environment: { DACTYL_CONFIG: path } }).port).toBe(1);
});

test('one error names everything wrong, each with where it was set', () => {
  const path = file({ limits: { images: 0, imges: 5 }, stopSeconds: 'soon', colour: 'red' });
  const message = messageOf({
    file: path,
    environment: { DACTYL_INFERENCE_THREADS: 'many', DACTYL_PROT: '80' },
    flags: { port: 70_000, store: 'mysql' },
  });
  expect(message).toMatch(/^The server’s settings: 8 are wrong\./);
  for (const part of [
    'DACTYL_PROT: no setting has this name',
    `limits.imges (${path}): no setting has this name`,
    `colour (${path}): no setting has this name`,
    'port (--port)',
    'received 70000',
    'store (--store): expected sqlite, a file in dataDir; postgres',
    'inference.threads (DACTYL_INFERENCE_THREADS)',
    'received "many"',
    `stopSeconds (${path})`,
    `limits.images (${path})`,
  ]) {
    expect(message).toContain(part);
  }
});

test('a file that is no JSON object is named beside the rest', () => {
  expect(messageOf({ file: file('{'), flags: { port: -1 } })).toMatch(/2 are wrong.*expected JSON.*--port/s);
  expect(messageOf({ file: file([1]) })).toContain('expected a JSON object');
  expect(() => loadConfig({ file: join(folder, 'none.json') })).toThrow('it does not exist');
});

test('a section that is none is said once, with what belongs into it, also where a variable sets a part of it', () => {
  for (const environment of [{}, { DACTYL_LIMITS_IMAGES: '7' }]) {
    const path = file({ limits: 5 });
    expect(messageOf({ file: path, environment })).toBe(
      `The server’s settings: 1 is wrong. limits (${path}): expected an object with some of bodyBytes, images; received 5. docs/serving.md lists them all.`,
    );
  }
  expect(messageOf({ file: file({ security: null, audit: [1] }) })).toMatch(/: 2 are wrong/);
});

test('what no schema says is wrong in the same error, with where it was set: proxies, webhooks, TLS, two listeners on one port', () => {
  const message = messageOf({
    file: file({ security: { proxies: ['10.0.0.0/8', 'proxy.example', '10.0.0.0/99'] } }),
    environment: {
      DACTYL_WEBHOOKS_URLS: 'ftp://x/token,https://example.org',
      DACTYL_WEBHOOKS_SECRETS: 'abc',
      DACTYL_SECURITY_TLS_KEY: 'key.pem',
      DACTYL_ADMIN_PORT: '9000',
    },
    flags: { port: 9000, stopSeconds: 0 },
  });
  expect(message).toMatch(/^The server’s settings: 7 are wrong\./);
  for (const part of [
    'expected addresses (10.0.0.1, fd00::1) or CIDR ranges (10.0.0.0/8), received "proxy.example". A host name is none',
    'received "10.0.0.0/99". Behind / expected the bits of the network, 1 to 32',
    'webhooks.urls (DACTYL_WEBHOOKS_URLS): expected https://…',
    'webhooks.secrets (DACTYL_WEBHOOKS_SECRETS): expected whsec_',
    'security.tlsKey (DACTYL_SECURITY_TLS_KEY): expected both',
    'admin.port (DACTYL_ADMIN_PORT): expected another port than that of the server itself, received 9000 for both',
    'stopSeconds (--stop-seconds)',
  ]) {
    expect(message).toContain(part);
  }
  expect(message).not.toMatch(/abc|token/);
});

test('webhooks without a secret are wrong settings; a secret alone is not', () => {
  expect(messageOf({ environment: { DACTYL_WEBHOOKS_URLS: 'https://example.org' } })).toContain(
    'webhooks.urls (DACTYL_WEBHOOKS_URLS): expected webhooks.secrets beside them',
  );
  const secrets = [`whsec_${Buffer.alloc(24).toString('base64')}`];
  expect(loadConfig({ file: file({ webhooks: { secrets } }) }).webhooks.secrets).toEqual(secrets);
});

test('listeners share a port where their addresses differ, or where each takes a free one', () => {
  const ports = (host: string, port: number) => loadConfig({ flags: { host, port, admin: { port } } }).port;
  expect(ports('10.0.0.5', 9000)).toBe(9000);
  expect(ports('127.0.0.1', 0)).toBe(0);
  expect(() => ports('0.0.0.0', 9000)).toThrow('another port');
  expect(() => ports('localhost', 9000)).toThrow('another port');
});

test('an address of PostgreSQL that is none is a wrong setting; one of a socket, or with a space, is not', () => {
  const port = messageOf({ flags: { store: 'postgres://me:word@host:99999/db' } });
  expect(port).toContain('store (--store): expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, received');
  expect(port).not.toContain('word@');
  expect(messageOf({ flags: { store: 'postgres://:::' } })).toContain('store (--store)');
  for (const store of ['postgres:///db', 'postgres://me:word@/db?host=/run', 'postgres://me:a b@host/db']) {
    expect(loadConfig({ flags: { store } }).store).toBe(store);
  }
});

test('no message shows what opens doors', () => {
  const webhooks = { urls: 'https://example.org/token', secrets: 'whsec_abc' };
  const message = messageOf({ file: file({ webhooks, store: 'postgress://me:word@host/db' }) });
  expect(message).toMatch(/3 are wrong/);
  expect(message).not.toMatch(/token|whsec_abc|word/);
});
