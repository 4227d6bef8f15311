import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../src/server/config/load.ts';
import { readerFile } from '../src/server/fixtures/serving.ts';
import { type RunningServer, startServer } from '../src/server/serve.ts';
import { temporaryFolder } from './support/dactyl.ts';
import { found } from './support/evidence.ts';

/** Of each kind. */
const CLIENTS = 25;
/** In the place of 10 and 60 s, which src/server/security/owasp.test.ts looks at. Node looks every 2 s. */
const [HEADERS_MS, REQUEST_MS, LOOK_MS] = [1000, 2000, 2000];

async function served(limits: object): Promise<{ server: RunningServer; port: number; lines: string[] }> {
  const model = join(temporaryFolder(), 'small.safetensors');
  writeFileSync(model, readerFile());
  const lines: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (line) => lines.push(String(line)) > 0;
  onTestFinished(() => {
    process.stderr.write = write;
  });
  const server = await startServer(
    loadConfig({ flags: { port: 0, store: 'memory', models: [`small=${model}`] } }),
  );
  onTestFinished(() => server.stop());
  Object.assign(server.app.server, limits);
  return { server, port: Number(new URL(server.url).port), lines };
}

function connectionsOf({ app }: RunningServer): Promise<number> {
  return new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
}

interface Ended {
  /** All that was answered. */
  readonly text: string;
  readonly ms: number;
}

/** Sends `begin`, then `drop` again and again, and never the end; what came back until the connection was closed. */
function slowly(port: number, begin: string, drop: string): Promise<Ended> {
  const began = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(port, '127.0.0.1', () => {
      if (begin !== '') socket.write(begin);
      if (drop !== '') dropping = setInterval(() => socket.write(drop), 100);
    });
    let dropping: NodeJS.Timeout | undefined;
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(dropping);
      resolve({ text, ms: performance.now() - began });
    });
  });
}

const HEAD = 'POST /v2/models/small/infer HTTP/1.1\r\nHost: localhost\r\n';
const KINDS = {
  silence: ['', '', HEADERS_MS],
  'slow headers': [HEAD, 'X-More: 1\r\n', HEADERS_MS],
  'a slow body': [`${HEAD}Content-Length: 100000\r\n\r\n`, ' ', REQUEST_MS],
  'a slow body in chunks': [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n', REQUEST_MS],
} as const;

test(
  `${CLIENTS} slow clients of each kind at once are answered with 408 and cut within their limit and 3 s; others are answered meanwhile, each within 2 s`,
  { timeout: 60_000 },
  async () => {
    const { server, port, lines } = await served({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS });
    const data = Array.from({ length: 784 }, (_, i) => i % 256);
    const body = JSON.stringify({ inputs: [{ name: 'i', shape: [1, 784], datatype: 'UINT8', data }] });
    let slow = true;
    const times: number[] = [];
    const others = (async () => {
      while (slow) {
        const began = performance.now();
        const answer = await fetch(`${server.url}/v2/models/small/infer`, { method: 'POST', body });
        await answer.arrayBuffer();
        times.push(performance.now() - began);
        expect(answer.status).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const all = Object.entries(KINDS).flatMap(([kind, [begin, drop, limit]]) =>
      Array.from({ length: CLIENTS }, async () => ({ kind, limit, ...(await slowly(port, begin, drop)) })),
    );
    const ended = await Promise.all(all);
    slow = false;
    await others;
    for (const { kind, limit, text, ms } of ended) {
      expect(text, kind).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\ncontent-type: application\/json\r\n/);
      expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n'))), kind).toEqual({
        error: "Expected a request's headers within 10 s and all of it within 60, received them more slowly.",
        code: 'E_ARGUMENT',
      });
      expect(ms, kind).toBeGreaterThanOrEqual(limit - 50);
      expect(ms, kind).toBeLessThan(limit + LOOK_MS + 1000);
    }
    expect(times.length).toBeGreaterThan(2);
    expect(Math.max(...times)).toBeLessThan(2000);
    // A client that is slow is no fault of the server's.
    expect(lines.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
    expect(await connectionsOf(server)).toBeLessThanOrEqual(1);
    found({
      id: 'slow',
      points: ['E9'],
      articles: ['GDPR 32', 'AI Act 15'],
      says: `Clients that sent headers or bodies slowly, ${CLIENTS * Object.keys(KINDS).length} at once, were cut in time while others were answered.`,
    });
  },
);

test(
  'who sends a picture slowly gives its place to others where all are taken, after 2 s',
  { timeout: 60_000 },
  async () => {
    const { server, port, lines } = await served({});
    const { threads, waiting } = server.services.config.reading;
    const slow = Array.from({ length: threads + waiting }, () =>
      slowly(port, 'POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n', ' '),
    );
    const size = { width: 28, height: 28, depth: 8, channels: 1 } as const;
    const picture = encode({ ...size, data: new Uint8Array(784).fill(255) });
    const ask = async (): Promise<number> =>
      (await fetch(`${server.url}/v1/read`, { method: 'POST', body: Buffer.from(picture) })).status;
    await expect.poll(() => connectionsOf(server), { timeout: 20_000 }).toBe(threads + waiting);
    await expect.poll(ask, { interval: 100, timeout: 20_000 }).toBe(200);
    const first = await Promise.race(slow);
    expect(first.text).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1\r\n.*"code":"E_BUSY"\}$/s);
    expect(first.ms).toBeGreaterThanOrEqual(1950);
    expect(lines.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
    server.app.server.closeAllConnections();
    await Promise.all(slow);
  },
);

test('what is no request, or has headers that are too large, is answered in the form of all errors', async () => {
  const { port } = await served({});
  const bare = await slowly(port, 'nothing of the kind\r\n\r\n', '');
  expect(bare.text).toMatch(
    /^HTTP\/1\.1 400 .*\{"error":"Expected a request of HTTP\/1\.1, received something else\.","code":"E_ARGUMENT"\}$/s,
  );
  const large = await slowly(
    port,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`,
    '',
  );
  expect(large.text).toMatch(
    /^HTTP\/1\.1 431 .*"error":"Expected headers of at most 16384 bytes, received more\."/s,
  );
});
