import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { download, type DownloadOptions } from './download.ts';
import { sha256 } from './sha256.ts';

const TEXT = Buffer.from(Array.from({ length: 5_000 }, (_, k) => `${k * k}\n`).join(''));
const PACKED = gzipSync(TEXT);
const HALF = Math.floor(PACKED.length / 2);
const SUM = { algorithm: 'sha256', value: sha256(TEXT), of: 'unpacked', bytes: TEXT.length } as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  path = join(folder, 'new', 'numbers.gz');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The address of a file on a server that answers so; and the ranges that it was asked for. */
async function serve(answer: RequestListener): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/numbers.gz`, ranges };
}

const whole: RequestListener = (_, response) => response.end(PACKED);
const fetchFrom = (urls: readonly string[], more: Partial<DownloadOptions> = {}): Promise<void> =>
  download({ urls, path, sum: SUM, most: PACKED.length, waitMs: 1, stallMs: 5_000, ...more });
const startOf = ({ headers: { range } }: IncomingMessage): number => Number(/\d+/.exec(range ?? '0')![0]);
/** Sends the first half, then what is asked for. */
const cutOnce: RequestListener = (request, response) => {
  const start = startOf(request);
  if (start > 0) {
    response.writeHead(206, { 'content-range': `bytes ${start}-${PACKED.length - 1}/${PACKED.length}` });
    response.end(PACKED.subarray(start));
  } else {
    response.writeHead(200, { 'content-length': PACKED.length });
    response.write(PACKED.subarray(0, HALF), () => setTimeout(() => response.destroy(), 20));
  }
};

function expectWhole(): void {
  expect(readFileSync(path)).toEqual(PACKED);
  expect(readdirSync(join(folder, 'new'))).toEqual(['numbers.gz']);
}

test('a file comes with progress, is held to the sum of what it unpacks to, and lies alone under its name', async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { 'content-length': PACKED.length });
    response.end(PACKED);
  });
  const steps: [number, number | undefined][] = [];
  await fetchFrom([url], { onProgress: (...step) => steps.push(step) });
  expect(steps.at(-1)).toEqual([PACKED.length, PACKED.length]);
  expectWhole();
});

test('cut in the middle, it goes on where it was', async () => {
  const { url, ranges } = await serve(cutOnce);
  await fetchFrom([url]);
  expect(ranges).toHaveLength(2);
  expect(ranges[1]).toMatch(/^bytes=\d+-$/);
  expect(startOf({ headers: { range: ranges[1] } } as IncomingMessage)).toBeGreaterThan(0);
  expectWhole();
});

test('a server that knows no ranges sends all of it again', async () => {
  let asked = 0;
  const { url } = await serve((request, response) => {
    if (asked++ === 0) cutOnce(request, response);
    else response.end(PACKED);
  });
  await fetchFrom([url]);
  expectWhole();
});

test('busy twice, then there; what is not there is not asked for again', async () => {
  let asked = 0;
  const busy = await serve((_, response) => {
    if (asked++ < 2) response.writeHead(503).end();
    else response.end(PACKED);
  });
  await fetchFrom([busy.url]);
  expect(asked).toBe(3);
  expectWhole();
  const gone = await serve((_, response) => response.writeHead(404).end());
  await expect(fetchFrom([gone.url])).rejects.toThrow(
    expect.objectContaining({ code: 'E_FILE', message: expect.stringContaining('404 Not Found') as string }),
  );
  expect(gone.ranges).toHaveLength(1);
});

test.each<[string, RequestListener, string, RegExp]>([
  ['stalls', (_, response) => response.write('x'), 'E_FILE', /nothing came for 0.15 s/],
  [
    'redirects in circles',
    (_, response) => response.writeHead(302, { location: '/numbers.gz' }).end(),
    'E_FILE',
    /redirect/,
  ],
  [
    'says more bytes than it sends',
    (_, response) => {
      response.writeHead(200, { 'content-length': PACKED.length });
      response.write(PACKED.subarray(0, 10), () => response.destroy());
    },
    'E_FILE',
    /broke off/,
  ],
  [
    'says that it is larger than the file can be',
    (_, response) => {
      response.writeHead(200, { 'content-length': 1e9 });
      response.write('x');
    },
    'E_FILE',
    /it says that it is larger than \d+ bytes/,
  ],
  [
    'sends without end',
    (_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(1 << 16), () => setImmediate(more));
      };
      more();
    },
    'E_FILE',
    /it is larger than \d+ bytes/,
  ],
  [
    'says fewer bytes than the file has',
    (_, response) => {
      response.writeHead(200, { 'content-length': HALF });
      response.end(PACKED.subarray(0, HALF));
    },
    'E_CHECKSUM',
    /a damaged file/,
  ],
  [
    'serves another file',
    (_, response) => response.end('<html>'),
    'E_CHECKSUM',
    /expected SHA-256 .* unpacked, received/,
  ],
  ['refuses the connection', (request) => request.socket.destroy(), 'E_FILE', /127\.0\.0\.1/],
])(
  'a server that %s: the file does not appear, and the next address is asked',
  async (_, answer, code, message) => {
    const { url } = await serve(answer);
    // Of the others none is to be taken for one that stalls, however busy the machine is.
    const options = { stallMs: message.source.includes('nothing came') ? 150 : 20_000, tries: 2 };
    await expect(fetchFrom([url], options)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
    );
    expect(readdirSync(join(folder, 'new')).filter((name) => !name.endsWith('.part'))).toEqual([]);
    const good = await serve(whole);
    await fetchFrom([url, good.url], options);
    expect(readFileSync(path)).toEqual(PACKED);
  },
);

test('stopped on the signal: E_ABORTED; the next call goes on from there', async () => {
  const stop = new AbortController();
  const { url, ranges } = await serve(cutOnce);
  const stopped = fetchFrom([url], {
    signal: stop.signal,
    onProgress: () => {
      stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow(expect.objectContaining({ code: 'E_ABORTED' }));
  expect(readdirSync(join(folder, 'new'))).toEqual([
    expect.stringMatching(/^\.numbers\.gz\.[0-9a-f]{8}\.part$/),
  ]);
  await fetchFrom([url]);
  expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expectWhole();
});

test('the beginning of another file is dropped, and all of it fetched anew', async () => {
  const other = await serve((_, response) => {
    response.writeHead(200, { 'content-length': PACKED.length });
    response.write('not the file', () => setTimeout(() => response.destroy(), 20));
  });
  await expect(fetchFrom([other.url], { tries: 1 })).rejects.toThrow(/broke off/);
  const port = new URL(other.url).port;
  // The same address, from which the right file comes now.
  const kept = readdirSync(join(folder, 'new'));
  expect(kept).toHaveLength(1);
  const again = createServer((request, response) => {
    const start = startOf(request);
    response.writeHead(start > 0 ? 206 : 200, start > 0 ? { 'content-range': `bytes ${start}-/*` } : {});
    response.end(PACKED.subarray(start));
  });
  onTestFinished(() => void again.close());
  await new Promise<void>((resolve) => again.listen(0, '127.0.0.1', resolve));
  const { port: now } = again.address() as AddressInfo;
  const url = other.url.replace(port, String(now));
  // Parts are kept by address.
  const { renameSync } = await import('node:fs');
  renameSync(
    join(folder, 'new', kept[0]),
    join(folder, 'new', `.numbers.gz.${sha256(url).slice(0, 8)}.part`),
  );
  await fetchFrom([url]);
  expectWhole();
});
