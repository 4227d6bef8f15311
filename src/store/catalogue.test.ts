import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { PUBLISHED, type PublishedName, type PublishedSet } from '../data/catalogue/sets.ts';
import type { DataSet } from '../data/dataSet.ts';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { cacheFolder, extractEntries, fetchedFiles, fetchPublished, loadPublished } from './catalogue.ts';
import { mnistFolder } from './mnist.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

test('the cache lies where each system has its caches', () => {
  const at = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) => cacheFolder({ platform, env }, '/home/a');
  expect(at('linux', {})).toBe(join('/home/a', '.cache', 'dactyl', 'data'));
  expect(at('linux', { XDG_CACHE_HOME: '/x' })).toBe(join('/x', 'dactyl', 'data'));
  expect(at('darwin', {})).toBe(join('/home/a', 'Library', 'Caches', 'dactyl', 'data'));
  expect(at('win32', { LOCALAPPDATA: '/l' })).toBe(join('/l', 'dactyl', 'data'));
});

test('every set has files with sums, hosts, a licence and a citation', () => {
  for (const [name, set] of Object.entries<PublishedSet>(PUBLISHED)) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    for (const host of set.hosts) expect(new URL(host).href).toBe(host);
    for (const { sum } of [...set.files, ...(set.entries ?? [])]) {
      expect(sum.value).toMatch(sum.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/);
    }
    expect(set.licence.length * set.citation.length).toBeGreaterThan(0);
  }
});

test('files carried by hand, the rest from a server, the whole is MNIST; then nothing is asked of any server', async () => {
  const cache = join(place, 'cache');
  const carried = join(place, 'carried');
  mkdirSync(carried);
  const file = (name: string) => readFileSync(join(mnistFolder(), name));
  const fetched = (): readonly string[] | undefined => fetchedFiles('mnist', cache);
  for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte']) {
    writeFileSync(join(carried, name), file(name));
  }
  await expect(fetchPublished('mnist', { cache, from: carried })).rejects.toThrow(
    expect.objectContaining({
      code: 'E_NOT_FOUND',
      message: expect.stringMatching(
        /expected t10k-labels-idx1-ubyte.gz \(SHA-256 ff7b.* unpacked\)/,
      ) as string,
    }),
  );
  expect(fetched()).toBeUndefined();
  await expect(fetchPublished('mnist', { cache, offline: true })).rejects.toThrow(
    /nothing is fetched with --offline/,
  );
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end(gzipSync(file('t10k-labels-idx1-ubyte')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const hosts = [`http://127.0.0.1:${(server.address() as AddressInfo).port}/mnist`];
  const how: string[] = [];
  const folder = await fetchPublished('mnist', { cache, hosts, onFile: (_, one) => how.push(one) });
  expect(asked).toEqual(['/mnist/t10k-labels-idx1-ubyte.gz']);
  expect(how).toEqual(['there', 'there', 'there', 'fetched']);
  expect(folder).toBe(join(cache, 'mnist'));
  await fetchPublished('mnist', { cache, offline: true });
  const set = await loadPublished('mnist', fetched()!);
  expect(set.identity).toEqual(MNIST_IDENTITY);
  expect(set.facts.sheet).toMatchObject({ licence: 'CC BY-SA 3.0' });

  writeFileSync(join(carried, 't10k-labels-idx1-ubyte.gz'), 'another');
  rmSync(join(folder, 't10k-labels-idx1-ubyte.gz'));
  await expect(fetchPublished('mnist', { cache, from: carried })).rejects.toThrow(
    expect.objectContaining({ code: 'E_CHECKSUM' }),
  );
  expect(readdirSync(folder)).not.toContain('t10k-labels-idx1-ubyte.gz');
});

test('another name is E_NOT_FOUND with the names, and the one that is likely meant', async () => {
  await expect(fetchPublished('fashion-mnst', { cache: place })).rejects.toThrow(
    expect.objectContaining({
      code: 'E_NOT_FOUND',
      message: expect.stringMatching(/^Expected one of mnist, .* Do you mean fashion-mnist\?$/) as string,
    }),
  );
});

/** An IDX file of bytes, or of int32. */
function idx(
  path: string,
  shape: readonly number[],
  values: readonly number[],
  type: 0x08 | 0x0c = 0x08,
): string {
  const size = type === 0x08 ? 1 : 4;
  const bytes = Buffer.alloc(4 + 4 * shape.length + size * values.length);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((extent, k) => bytes.writeUInt32BE(extent, 4 + 4 * k));
  const start = 4 + 4 * shape.length;
  values.forEach((value, k) =>
    size === 1 ? bytes.writeUInt8(value, start + k) : bytes.writeInt32BE(value, start + 4 * k),
  );
  writeFileSync(path, gzipSync(bytes));
  return path;
}

/** Images of `side` × `side`, of class k the k-th pixel of the first row ink. */
function made(
  name: PublishedName,
  files: readonly string[],
  labels: readonly [number[], number[]],
  side: number,
): Promise<DataSet> {
  const pixels = (of: number[]) =>
    of.flatMap((label) => Array.from({ length: side * side }, (_, k) => (k === label ? 255 : 0)));
  const paths = files.map((file, k) => {
    const own = labels[k < 2 ? 0 : 1];
    const path = join(place, file);
    if (k % 2 === 0) return idx(path, [own.length, side, side], pixels(own));
    return file.includes('idx2')
      ? idx(
          path,
          [own.length, 8],
          own.flatMap((label) => [label, 0, 7, 0, 30, 1, 0, 0]),
          0x0c,
        )
      : idx(path, [own.length], own);
  });
  return loadPublished(name, paths);
}

test('EMNIST: rows and columns are exchanged back, letters have their names', async () => {
  const labels = Array.from({ length: 52 }, (_, k) => 1 + (k % 26));
  const files = PUBLISHED['emnist-letters'].entries!.map(({ file }) => file);
  const set = await made('emnist-letters', files, [labels, labels], 28);
  expect(set.classes.join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  expect([...set.train.labels.subarray(0, 3)]).toEqual([0, 1, 2]);
  expect(set.facts.sheet?.notes).toContain(
    '26 classes (A, B, C, D, E, F, G, H, I, J, … Z), 2 training images in each',
  );
  // The second pixel of the first row is the first of the second.
  const first = set.train.images.data.subarray(0, 784);
  expect(first.indexOf(255)).toBe(28);
});

test('QMNIST: labels are the first of eight numbers; the 50,000 begin at test image 10,000', async () => {
  const train = Array.from({ length: 20 }, (_, k) => k % 10);
  const test = Array.from({ length: 10_030 }, (_, k) => (k < 10_000 ? 0 : k % 10));
  const files = PUBLISHED.qmnist.files.map(({ file }) => file);
  const whole = await made('qmnist', files, [train, test], 4);
  expect(whole.test.labels).toHaveLength(10_030);
  const rest = await made('qmnist-test50k', files, [train, test], 4);
  expect([...rest.test.labels]).toEqual(test.slice(10_000));
  expect(rest.test.images.shape).toEqual([30, 4, 4]);
  expect(rest.name).toBe('qmnist-test50k');
  expect(rest.facts.sheet?.notes).toContain('20 training and 30 test images of 4 × 4 pixels');
});

test('USPS: LIBSVM’s text packed by bzip2, labels from 1 on are the digits from 0 on', async () => {
  // Python: bz2.compress(b''.join(b'%d 1:-1 2:%g 4:0.5\n' % (1 + k % 10, k % 10 / 5 - 1) for k in range(40)))
  const packed = Buffer.from(
    'QlpoOTFBWSZTWR1oJ64AALvYAAAQQAN/8DAAuApgAApgAAKiUmjajaTRI0aNGj6fjs2bORHByYYYdHw5KYeEk4EPZhspShKUp2UkU2Ip4MEYMGCKIwUUUU6D2IodCKP4u5IpwoSA60E9cA==',
    'base64',
  );
  const paths = ['usps.bz2', 'usps.t.bz2'].map((file) => join(place, file));
  for (const path of paths) writeFileSync(path, packed);
  const set = await loadPublished('usps', paths);
  expect(set.classes.join('')).toBe('0123456789');
  expect([...set.test.labels.subarray(0, 11)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
});

test('files of an archive appear beside it under their own names; what is not in it is said', async () => {
  // Python: zipfile with gzip/a.gz (b'first', stored) and gzip/b.gz (b'second' * 9, deflated).
  const archive = join(place, 'gzip.zip');
  writeFileSync(
    archive,
    Buffer.from(
      'UEsDBBQAAAAAAAAAIQBX7nGSBQAAAAUAAAAJAAAAZ3ppcC9hLmd6Zmlyc3RQSwMEFAAAAAgAAAAhAIQWzx0LAAAANgAAAAkAAABnemlwL2IuZ3orTk3Oz0spJpEEAFBLAQIUAxQAAAAAAAAAIQBX7nGSBQAAAAUAAAAJAAAAAAAAAAAAAACAAQAAAABnemlwL2EuZ3pQSwECFAMUAAAACAAAACEAhBbPHQsAAAA2AAAACQAAAAAAAAAAAAAAgAEsAAAAZ3ppcC9iLmd6UEsFBgAAAAACAAIAbgAAAF4AAAAAAA==',
      'base64',
    ),
  );
  const entry = (file: string) => ({ file, entry: `gzip/${file}` });
  await extractEntries(archive, [entry('a.gz'), entry('b.gz')], place);
  expect(readFileSync(join(place, 'a.gz'), 'utf8')).toBe('first');
  expect(readFileSync(join(place, 'b.gz'), 'utf8')).toBe('second'.repeat(9));
  await expect(extractEntries(archive, [entry('c.gz')], place)).rejects.toThrow(/expected gzip\/c.gz in it/);
});
