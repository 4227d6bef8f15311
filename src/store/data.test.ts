import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import { MNIST_IDENTITY } from '../data/identity.ts';
import { resolveData } from './data.ts';
import { loadDataset } from './loadDataset.ts';

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
  expect(set.facts.testOf).toBe(basename(other));
  expect((await resolveData(folder)).facts).not.toHaveProperty('testOf');
  await expect(resolveData('mnist', { test: other })).rejects.toMatchObject({
    code: 'E_DATA',
    message: expect.stringMatching(/expected examples of every class .* none of class '3'/) as string,
  });
});

test('named data are refused without options of the library, which only a program can give', async () => {
  const place = mkdtempSync(join(tmpdir(), 'dactyl-data-words-'));
  const file = join(place, 'gaps.csv');
  const rows = [0, 2, 7].flatMap((label) => new Array<string>(5).fill(`${label},1,2,3,4`));
  writeFileSync(file, `label,a,b,c,d\n${rows.join('\n')}\n`);
  await expect(resolveData(file)).rejects.toThrow(
    /line 7: expected labels from 0 or 1 on, .* received 2 and none of 1\. If no class is missing, number the classes anew, from 0 on without a gap, or write names in the place of the numbers\.$/,
  );
  await expect(loadDataset(file)).rejects.toThrow("name them: classes: ['0', '2', '7'].");
});

test.each(['digits@0', 'digits@513'])('%s is refused in words of the command line', async (name) => {
  await expect(resolveData(name)).rejects.toMatchObject({
    code: 'E_ARGUMENT',
    message: `--data ${name}: expected a size from 1 to 512 after the @, received ${name.slice(7)}.`,
  });
});

test('a label that is a slip is told with its line, without and with a test file', async () => {
  const place = mkdtempSync(join(tmpdir(), 'dactyl-data-slip-'));
  const rows = [0, 1].flatMap((label) => new Array<string>(5).fill(`${label},1,2,3,4`));
  const file = (name: string, lines: string[]): string => {
    writeFileSync(join(place, name), `label,a,b,c,d\n${lines.join('\n')}\n`);
    return join(place, name);
  };
  const slip = file('slip.csv', rows.toSpliced(3, 0, 'x,1,2,3,4'));
  await expect(resolveData(slip)).rejects.toThrow(
    /slip\.csv, line 5: expected at least 5 images of every class, .* received 1 of class 'x'\. Add some, mend the label if it is a slip/,
  );
  await expect(resolveData(slip, { test: file('other.csv', rows) })).rejects.toThrow(
    /received none of class 'x', which the training labels have first in .*slip\.csv, line 5\./,
  );
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
