import dns from 'node:dns';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { get as getPlain } from 'node:http';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadConfig } from '../src/server/config/load.ts';
import { readerFile } from '../src/server/fixtures/serving.ts';
import { type RunningServer, startServer } from '../src/server/serve.ts';
import { temporaryFolder } from './support/dactyl.ts';
import { selfSigned } from './support/selfSigned.ts';

interface Served {
  readonly server: RunningServer;
  /** Where certificate and key lie. */
  readonly files: { readonly cert: string; readonly key: string };
  readonly pair: ReturnType<typeof selfSigned>;
}

async function served(host = '127.0.0.1'): Promise<Served> {
  const folder = temporaryFolder();
  const pair = selfSigned('first');
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  put(files, pair);
  const model = join(folder, 'small.safetensors');
  writeFileSync(model, readerFile());
  const security = { tlsCert: files.cert, tlsKey: files.key };
  const flags = { host, port: 0, store: 'memory', logLevel: 'silent', models: [model], security };
  const server = await startServer(loadConfig({ flags }));
  onTestFinished(() => server.stop());
  return { server, files, pair };
}

function put(files: Served['files'], { cert, key }: { cert: string; key: string }): void {
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
}

interface Answered {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly subject: string;
}

/** Status, headers and whose certificate it was; the client trusts `ca` alone. */
function ask(url: string, ca: string, agent?: Agent, more: object = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v2/health/ready`, { ca, agent: agent ?? false, ...more }, (answer) => {
      const subject = (answer.socket as TLSSocket).getPeerCertificate().subject.CN;
      const { statusCode, headers } = answer;
      answer.resume().once('end', () => {
        resolve({ status: statusCode!, headers, subject: String(subject) });
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('HTTPS with a certificate of one’s own: clients that trust it are answered, with HSTS; others, old protocols and plain HTTP are not', async () => {
  const { server, pair } = await served();
  expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const { status, headers, subject } = await ask(server.url, pair.cert);
  expect([status, subject]).toEqual([200, 'first']);
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  await expect(ask(server.url, selfSigned('first').cert)).rejects.toThrow(/certificate/);
  await expect(ask(server.url, pair.cert, undefined, { maxVersion: 'TLSv1.1' })).rejects.toThrow();
  const plain = new Promise((resolve, reject) => {
    getPlain(server.url.replace('https', 'http'), resolve).once('error', reject);
  });
  await expect(plain).rejects.toThrow(/hang up|reset/i);
  expect((await ask(server.url, pair.cert)).status).toBe(200);
});

test('a certificate that was renewed is served after a reload, open connections stay; a bad pair changes nothing', async () => {
  const { server, files, pair } = await served();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    agent.destroy();
  });
  expect((await ask(server.url, pair.cert, agent)).subject).toBe('first');
  const renewed = selfSigned('renewed');
  put(files, { cert: renewed.cert, key: pair.key });
  await server.reload();
  expect((await ask(server.url, pair.cert)).subject).toBe('first');
  put(files, renewed);
  await server.reload();
  expect((await ask(server.url, renewed.cert)).subject).toBe('renewed');
  await expect(ask(server.url, pair.cert)).rejects.toThrow(/certificate/);
  expect((await ask(server.url, pair.cert, agent)).subject).toBe('first');
});

test('where localhost has two addresses it is one listener, which a renewed certificate reaches', async () => {
  const own = dns.lookup;
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
    host: string,
    options: dns.LookupOptions,
    answer: (error: null, ...found: unknown[]) => void,
  ) => {
    const found = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    if (host !== 'localhost') own(host, options, answer as never);
    else if (options.all) answer(null, found);
    else answer(null, found[0].address, 4);
  }) as never);
  onTestFinished(() => {
    lookup.mockRestore();
  });
  const { server, files, pair } = await served('localhost');
  const other = server.url.replace(/\/\/[^:]+/, '//127.0.0.2');
  expect((await ask(server.url, pair.cert)).subject).toBe('first');
  await expect(ask(other, pair.cert)).rejects.toThrow(/ECONNREFUSED/);
  const renewed = selfSigned('renewed');
  put(files, renewed);
  await server.reload();
  expect((await ask(server.url, renewed.cert)).subject).toBe('renewed');
});
