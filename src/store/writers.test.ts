import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchWriters, loadWriters } from './writers.ts';

const TEXT = '5\t4\t2154\t59\t35\t229421\t0\t0\n0\t0\t7\t0\t30\t0\t0\t0\n';
const PACKED = gzipSync(TEXT);
const SHA256 = createHash('sha256').update(PACKED).digest('hex');
const WRITERS = Uint16Array.of(2154, 7);

let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** The address of `labels.tsv.gz` on a server of this machine that answers so. */
async function serve(answer: RequestListener): Promise<string> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/labels.tsv.gz`;
}

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('plain and gzipped files give the same writers, whatever their names', () => {
  expect(loadWriters(put('labels.tsv', TEXT), [5, 0])).toEqual(WRITERS);
  expect(loadWriters(put('labels.tsv.gz', PACKED), [5, 0])).toEqual(WRITERS);
  expect(loadWriters(put('unpacked.tsv.gz', TEXT), [5, 0])).toEqual(WRITERS);
});

test('E_FILE: missing, a folder, larger than 16 MiB', () => {
  expect(() => loadWriters(join(folder, 'none.tsv'), [5])).toThrow(
    expect.objectContaining({
      code: 'E_FILE',
      message: expect.stringContaining('it does not exist (ENOENT)') as unknown,
    }),
  );
  expect(() => loadWriters(folder, [5])).toThrow(/it is not a file/);
  expect(() => loadWriters(put('large.tsv', new Uint8Array(2 ** 24 + 1)), [5])).toThrow(
    /at most 16777216 bytes, received 16777217/,
  );
});

test('E_FORMAT: other labels, a truncated gzip file, one that unpacks to more than 16 MiB', () => {
  const code = 'E_FORMAT';
  expect(() => loadWriters(put('labels.tsv', TEXT), [5, 1])).toThrow(/^labels.tsv, row 2: expected class 1/);
  expect(() => loadWriters(put('cut.gz', PACKED.subarray(0, 40)), [5, 0])).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining('unexpected end of file') as unknown }),
  );
  const bomb = gzipSync(new Uint8Array(2 ** 24 + 1));
  expect(bomb.length).toBeLessThan(20_000);
  expect(() => loadWriters(put('bomb.gz', bomb), [5, 0])).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining('more than 16777216 bytes') as unknown,
    }),
  );
});

/** What has come as a whole. */
const fetchedIn = (place: string): string[] => readdirSync(place).filter((name) => !name.endsWith('.part'));

test('a good file is fetched with progress, put under its name in a new folder, and not fetched twice', async () => {
  let requests = 0;
  const url = await serve((_, response) => {
    requests++;
    response.writeHead(200, { 'content-length': PACKED.length });
    response.write(PACKED.subarray(0, 20));
    setImmediate(() => response.end(PACKED.subarray(20)));
  });
  const steps: [number, number | undefined][] = [];
  const target = join(folder, 'new', 'folder');
  const options = { url, folder: target, sha256: SHA256 };
  const path = await fetchWriters({ ...options, onProgress: (...step) => steps.push(step) });
  expect(path).toBe(join(target, 'labels.tsv.gz'));
  expect(steps.at(-1)).toEqual([PACKED.length, PACKED.length]);
  expect(readFileSync(path)).toEqual(PACKED);
  expect(readdirSync(target)).toEqual(['labels.tsv.gz']);
  expect(loadWriters(path, [5, 0])).toEqual(WRITERS);
  await fetchWriters(options);
  expect(requests).toBe(1);
  writeFileSync(path, 'torn');
  await fetchWriters(options);
  expect(requests).toBe(2);
  expect(statSync(path).size).toBe(PACKED.length);
});

test.each<[string, RequestListener, string, RegExp]>([
  [
    'truncated, the length stated',
    (_, response) => {
      response.writeHead(200, { 'content-length': PACKED.length });
      response.write(PACKED.subarray(0, 20), () => response.destroy());
    },
    'E_FILE',
    /the connection broke off/,
  ],
  [
    'truncated, no length stated',
    (_, response) => {
      response.writeHead(200, { connection: 'close' });
      response.end(PACKED.subarray(0, 20));
    },
    'E_CHECKSUM',
    new RegExp(`expected SHA-256 ${SHA256}, received [0-9a-f]{64}`),
  ],
  ['another file', (_, response) => response.end('<html>'), 'E_CHECKSUM', /is another one and is not kept/],
  [
    'not there',
    (_, response) => response.writeHead(404).end('no such file'),
    'E_FILE',
    /the server answered 404 Not Found/,
  ],
  [
    'a connection refused',
    (request) => request.socket.destroy(),
    'E_FILE',
    /Cannot fetch labels.tsv.gz: http.*--from/,
  ],
  [
    'larger than 16 MiB',
    (_, response) => response.end(new Uint8Array(2 ** 24 + 1)),
    'E_FILE',
    /larger than 16777216 bytes/,
  ],
  ['no answer in time', () => undefined, 'E_FILE', /nothing came for 0.3 s/],
])('%s: refused, and nothing appears under its name', async (_, answer, code, message) => {
  const url = await serve(answer);
  const stallMs = message.source.includes('nothing came') ? 300 : 20_000;
  await expect(fetchWriters({ url, folder, sha256: SHA256, stallMs, tries: 2, waitMs: 1 })).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }),
  );
  expect(fetchedIn(folder)).toEqual([]);
});

test('a server that hangs in the middle is left on the signal: E_ABORTED, and nothing appears under its name', async () => {
  const stop = new AbortController();
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': PACKED.length });
    response.write(PACKED.subarray(0, 20));
  });
  const fetched = fetchWriters({
    url,
    folder,
    sha256: SHA256,
    signal: stop.signal,
    onProgress() {
      stop.abort();
    },
  });
  await expect(fetched).rejects.toThrow(expect.objectContaining({ code: 'E_ABORTED' }));
  expect(fetchedIn(folder)).toEqual([]);
});

test('only addresses of files by http or https', async () => {
  for (const url of [
    'labels.tsv',
    'file:///labels.tsv.gz',
    'http://127.0.0.1/',
    'ftp://127.0.0.1/labels.tsv',
  ]) {
    await expect(fetchWriters({ url, folder, sha256: SHA256 })).rejects.toThrow(
      expect.objectContaining({ code: 'E_ARGUMENT' }),
    );
  }
});
