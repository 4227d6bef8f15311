import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { resolveData } from './data.ts';
import { loadDataset } from './loadDataset.ts';

const place = mkdtempSync(join(tmpdir(), 'dactyl-load-'));
let folders = 0;

/** A new folder with these files; a name that ends in / is a folder. */
function folderOf(files: Record<string, Uint8Array | string>): string {
  const folder = join(place, String(folders++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : join(path, '..'), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return folder;
}

const idx = (shape: number[], values: number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((x) => [0, 0, 0, x]), ...values]);
const IMAGES = idx(
  [10, 1, 2],
  Array.from({ length: 20 }, (_, i) => i),
);
const LABELS = idx([10], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
const TABLE = `label,a,b,c,d\n${Array.from({ length: 10 }, (_, k) => `${k % 2},${k},3,200,1`).join('\n')}\n`;

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the path of one file of images stands for its set: labels and test images beside it, and no other set', async () => {
  const folder = folderOf({
    'train-images-idx3-ubyte': IMAGES,
    'train-labels-idx1-ubyte': LABELS,
    't10k-images-idx3-ubyte': IMAGES,
    't10k-labels-idx1-ubyte': LABELS,
    'letters-train-images-idx3-ubyte': IMAGES,
    'letters-train-labels-idx1-ubyte': LABELS,
    'table.csv': TABLE,
  });
  const set = await loadDataset(join(folder, 'train-images-idx3-ubyte'));
  expect([set.train.labels.length, set.test.labels.length]).toEqual([10, 10]);
  await expect(loadDataset(folder)).rejects.toMatchObject({
    code: 'E_DATA',
    message: expect.stringMatching(/expected one data set/) as string,
  });
});

test('a table, bytes of it, and another file as the test set', async () => {
  const folder = folderOf({ 'a.csv': TABLE, 'b.csv': TABLE });
  const set = await loadDataset(join(folder, 'a.csv'), { test: join(folder, 'b.csv') });
  expect([set.train.labels.length, set.test.labels.length]).toEqual([10, 10]);
  const bytes = await loadDataset(new TextEncoder().encode(TABLE), { name: 'mine' });
  expect(bytes).toMatchObject({ name: 'mine', shape: [2, 2] });
});

test('what Keras keeps is found by its name', async () => {
  const folder = folderOf({ 'datasets/own/train-images': IMAGES, 'datasets/own/train-labels': LABELS });
  vi.stubEnv('KERAS_HOME', folder);
  expect(await resolveData('own')).toMatchObject({ name: 'own', shape: [1, 2] });
  await expect(resolveData('others')).rejects.toMatchObject({
    code: 'E_NOT_FOUND',
    message: expect.stringContaining(join(folder, 'datasets', 'others.npz')) as string,
  });
});

test('empty folders, pipes, links in a circle and what is not there are answered at once', async () => {
  const failing = (path: string): Promise<unknown> => loadDataset(path).catch((error: unknown) => error);
  expect(await failing(folderOf({ 'a/': '' }))).toMatchObject({ code: 'E_DATA' });
  expect(await failing(join(place, 'nothing'))).toMatchObject({ code: 'E_FILE' });
  const piped = folderOf({ 'a.csv': TABLE });
  execFileSync('mkfifo', [join(piped, 'pipe')]);
  expect(await failing(piped)).toMatchObject({ shape: [2, 2] });
  expect(await failing(join(piped, 'pipe'))).toMatchObject({ code: 'E_FILE' });
  const circle = folderOf({ 'a.csv': TABLE });
  symlinkSync(circle, join(circle, 'again'));
  expect(await failing(circle)).toMatchObject({
    code: 'E_FILE',
    message: expect.stringMatching(/links lead in a circle[.?]$/) as string,
  });
});
