import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test, vi } from 'vitest';
import { PUBLISHED, type PUBLISHED as Whole, type PublishedFile } from '../data/catalogue/sets.ts';
import { fetchedFiles, fetchPublished, recognisedSet } from './catalogue.ts';
import { resolveData } from './data.ts';
import { loadDataset } from './loadDataset.ts';

/** Twenty images of 1 × 2 pixels in ten classes; there before anything is imported. */
const { NAMES, BYTES } = vi.hoisted(() => {
  const idx = (shape: number[], values: number[]): Uint8Array =>
    Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((x) => [0, 0, 0, x]), ...values]);
  return {
    NAMES: ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
      (name) => `${name}-ubyte`,
    ),
    BYTES: ['images', 'labels', 'images', 'labels'].map((kind, k) =>
      kind === 'images'
        ? idx(
            [20, 1, 2],
            Array.from({ length: 40 }, (_, i) => i + k),
          )
        : idx(
            [20],
            Array.from({ length: 20 }, (_, i) => i % 10),
          ),
    ),
  };
});

/** Fashion-MNIST and EMNIST's digits, much smaller. */
vi.mock('../data/catalogue/sets.ts', async (original) => {
  const { PUBLISHED, ...others } = await original<{ PUBLISHED: typeof Whole }>();
  const small = (file: string, k: number): PublishedFile => ({
    file: `${file}.gz`,
    sum: {
      algorithm: 'sha256',
      value: createHash('sha256').update(BYTES[k]).digest('hex'),
      of: 'unpacked',
      bytes: BYTES[k].length,
    },
  });
  const fashion = { ...PUBLISHED['fashion-mnist'], files: NAMES.map(small) };
  const entries = PUBLISHED['emnist-digits'].entries!.map((entry, k) => ({
    ...entry,
    sum: { ...entry.sum, value: createHash('sha256').update(BYTES[k]).digest('hex') },
  }));
  const digits = { ...PUBLISHED['emnist-digits'], entries };
  return { ...others, PUBLISHED: { ...PUBLISHED, 'fashion-mnist': fashion, 'emnist-digits': digits } };
});

const place = mkdtempSync(join(tmpdir(), 'dactyl-known-'));
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

function folderOf(
  name: string,
  change: (bytes: Uint8Array[]) => void = () => undefined,
  packed = true,
): string {
  const folder = join(place, name);
  mkdirSync(folder);
  const bytes = BYTES.map((one) => one.slice());
  change(bytes);
  NAMES.forEach((file, k) => {
    writeFileSync(join(folder, packed ? `${file}.gz` : file), packed ? gzipSync(bytes[k]) : bytes[k]);
  });
  return folder;
}

test.each([true, false])(
  'the four files of a published set bring its name, classes, licence and citation, wherever they lie (packed: %s)',
  async (packed) => {
    const folder = folderOf(`debian-${packed}`, undefined, packed);
    for (const set of [
      await loadDataset(folder),
      await resolveData(folder),
      await loadDataset(join(folder, packed ? `${NAMES[0]}.gz` : NAMES[0])),
    ]) {
      expect(set).toMatchObject({
        name: 'fashion-mnist',
        facts: { sheet: { licence: 'MIT', source: 'Fashion-MNIST' } },
      });
      expect(set.classes.slice(0, 2)).toEqual(['T-shirt or top', 'trouser']);
      expect(set.facts.sheet?.notes).toContain(
        '10 classes (T-shirt or top, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle boot), 2 training images in each',
      );
      expect(set.facts.sheet?.citation).toMatch(/^H\. Xiao/);
      expect(set.identity).toHaveLength(5);
    }
    expect((await loadDataset(folder, { name: 'mine' })).name).toBe('mine');
  },
);

test('EMNIST: the files of one split are known without the archive, turned back, fetched from their folder, and not mistaken where several sets lie together', async () => {
  const folder = join(place, 'gzip');
  mkdirSync(folder);
  const names = PUBLISHED['emnist-digits'].entries!.map(({ file }) => file);
  names.forEach((name, k) => {
    writeFileSync(join(folder, name), BYTES[k]);
  });
  const set = await loadDataset(folder);
  expect(set.name).toBe('emnist-digits');
  expect(set.train.images.shape).toEqual([20, 2, 1]);
  const cache = join(place, 'cache');
  const how: string[] = [];
  const onFile = (_: PublishedFile, one: string): number => how.push(one);
  await fetchPublished('emnist-digits', { cache, from: folder, onFile });
  await fetchPublished('emnist-digits', { cache, offline: true, onFile });
  expect(how).toEqual([...new Array<string>(4).fill('copied'), ...new Array<string>(4).fill('there')]);
  expect(fetchedFiles('emnist-digits', cache)).toHaveLength(4);

  NAMES.forEach((name, k) => {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(BYTES[k]));
  });
  expect(await recognisedSet(folder)).toBeUndefined();
  expect((await recognisedSet(join(folder, names[2])))?.name).toBe('emnist-digits');
  expect((await recognisedSet(join(folder, `${NAMES[0]}.gz`)))?.name).toBe('fashion-mnist');
});

test('EMNIST’s files unpacked: their sums are not known, and that they were not checked is said, by --data and by --from', async () => {
  const folder = join(place, 'unpacked');
  mkdirSync(folder);
  const names = PUBLISHED['emnist-digits'].entries!.map(({ file }) => file.replace(/\.gz$/, ''));
  names.forEach((name, k) => {
    writeFileSync(join(folder, name), BYTES[k]);
  });
  const said =
    'the files are named as those of EMNIST, digits, but are not packed as it is published, and their sums are not known: they were not checked. They are read like any other files. If they are its own, their images lie on their side. Packed (.gz), as they are published, they are checked and known.';
  for (const path of [folder, join(folder, names[3])]) {
    const set = await loadDataset(path);
    expect(set.facts.sheet?.notes?.[0]).toBe(said);
    expect(set.train.images.shape).toEqual([20, 1, 2]);
    expect(set.facts.sheet?.licence).toBeUndefined();
  }
  await expect(fetchPublished('emnist-digits', { cache: join(place, 'none'), from: folder })).rejects.toThrow(
    /expected gzip\.zip \(SHA-256 [0-9a-f]{64}\), or out of it emnist-digits-train-images-idx3-ubyte\.gz \(SHA-256 .*received a folder without\. Files without \.gz cannot be checked, for their sums are not known: bring them packed, .* or read them as they are: --data /,
  );
  writeFileSync(join(folder, names[3]), '');
  names.forEach((name, k) => {
    writeFileSync(join(folder, `${name}.gz`), gzipSync(BYTES[k]));
    rmSync(join(folder, name));
  });
  expect((await loadDataset(folder)).facts.sheet?.notes?.[0]).toBe(
    'the files are named as those of EMNIST, digits, but have other sums than it. They are read like any other files. If they are its own, their images lie on their side.',
  );
});

test('one byte of one file another, or classes of one’s own: it is what it was, a folder of files', async () => {
  const folder = folderOf('other', (bytes) => {
    bytes[2][bytes[2].length - 1]++;
  });
  expect(await recognisedSet(folder)).toBeUndefined();
  expect(await loadDataset(folder)).toMatchObject({ name: 'other', classes: [...'0123456789'] });
  const whole = folderOf('named');
  expect((await loadDataset(whole, { classes: [...'abcdefghij'] })).classes[0]).toBe('a');
  expect(await recognisedSet(join(place, 'nothing'))).toBeUndefined();
});

const DEBIAN = '/usr/share/datasets/fashion-mnist';
test.runIf(existsSync(DEBIAN))('Debian’s files have the published names', () => {
  for (const name of NAMES) expect(existsSync(join(DEBIAN, `${name}.gz`))).toBe(true);
});
