import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { resolveData } from './data.ts';

const folder = mkdtempSync(join(tmpdir(), 'dactyl-data-'));
const other = mkdtempSync(join(tmpdir(), 'dactyl-data-other-'));
const CUT = mkdtempSync(join(tmpdir(), 'dactyl-data-cut-'));

/** n images of 2 × 3 pixels, each of its label's number. */
function write(place: string, part: 'train' | 't10k', labels: number[], packed: boolean): void {
  const images = [0, 0, 8, 3, 0, 0, 0, labels.length, 0, 0, 0, 2, 0, 0, 0, 3];
  const files = {
    [`${part}-images-idx3-ubyte`]: [
      ...images,
      ...labels.flatMap((label) => new Array<number>(6).fill(label)),
    ],
    [`${part}-labels-idx1-ubyte`]: [0, 0, 8, 1, 0, 0, 0, labels.length, ...labels],
  };
  for (const [name, bytes] of Object.entries(files)) {
    const plain = Uint8Array.from(bytes);
    writeFileSync(join(place, packed ? `${name}.gz` : name), packed ? gzipSync(plain) : plain);
  }
}

beforeAll(() => {
  write(folder, 'train', [0, 1, 2, 0], true);
  write(folder, 't10k', [2, 1, 0], false);
  write(other, 't10k', [0, 1, 2, 2], false);
  write(CUT, 'train', [0, 1], false);
  writeFileSync(join(CUT, 't10k-images-idx3-ubyte.gz'), gzipSync(new Uint8Array(100)).subarray(0, 12));
});

test('a folder of four IDX files, packed or not, is a data set of the folder’s name', async () => {
  const set = await resolveData(folder, { shared: true });
  expect(set).toMatchObject({ shape: [2, 3], classes: ['0', '1', '2'] });
  expect(folder).toMatch(new RegExp(`${set.name}$`));
  expect([...set.train.labels]).toEqual([0, 1, 2, 0]);
  expect([...set.test.images.data.subarray(0, 7)]).toEqual([2, 2, 2, 2, 2, 2, 1]);
  expect(set.train.images.data.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('mnist is MNIST; other test images of the same size take the place of its own', async () => {
  expect((await resolveData('mnist')).identity).toEqual(MNIST_IDENTITY);
  const set = await resolveData(folder, { test: other });
  expect([...set.test.labels]).toEqual([0, 1, 2, 2]);
  await expect(resolveData('mnist', { test: other })).rejects.toMatchObject({
    code: 'E_DATA',
    message: expect.stringMatching(/expected examples of every class .* none of class '3'/) as string,
  });
});

test('what is neither a name nor such a folder is answered with what there is', async () => {
  await expect(resolveData('nonsense')).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: expect.stringMatching(
      /^nonsense: expected the name 'mnist' or that of a fetched set \(dactyl data fetch\), a file or a folder with .* received neither/,
    ) as string,
  });
  vi.stubEnv('XDG_CACHE_HOME', mkdtempSync(join(tmpdir(), 'dactyl-cache-')));
  await expect(resolveData('kmnist')).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: 'kmnist is not at hand yet; fetch it first: dactyl data fetch kmnist',
  });
  vi.unstubAllEnvs();
  await expect(resolveData(CUT)).rejects.toMatchObject({ code: 'E_DATA' });
});

test('@4 at the end of a path scales every image to 4 × 4', async () => {
  const set = await resolveData(`${folder}@4`);
  expect(set.shape).toEqual([4, 4]);
  expect(set.name).toMatch(/@4$/);
});
