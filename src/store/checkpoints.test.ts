import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CheckpointStore } from './checkpoints.ts';

const KEY = 'ab'.repeat(32);

function store(): { checkpoints: CheckpointStore; folder: string; files: () => string[] } {
  const root = mkdtempSync(join(tmpdir(), 'dactyl-test-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const folder = join(root, '.unfinished', KEY);
  return {
    checkpoints: new CheckpointStore(root, KEY),
    folder,
    files: () => readdirSync(folder).sort((a, b) => parseInt(a) - parseInt(b)),
  };
}

const content = (k: number): Uint8Array => Uint8Array.from({ length: 1000 }, (_, i) => (i * k) % 251);

test('nothing is there at first', () => {
  const { checkpoints } = store();
  expect(checkpoints.read()).toBeUndefined();
  checkpoints.remove();
});

test('the two newest of 12 are kept (10 comes after 9), the newest is read', () => {
  const { checkpoints, files } = store();
  for (let k = 1; k <= 12; k++) {
    checkpoints.write(content(k));
    expect(Uint8Array.from(checkpoints.read()!)).toEqual(content(k));
  }
  expect(files().map((name) => parseInt(name))).toEqual([11, 12]);
  expect(files()[1]).toMatch(/^12-[0-9a-f]{16}\.safetensors$/);
});

test.each([
  [
    'torn',
    (path: string) => {
      truncateSync(path, 100);
    },
  ],
  [
    'empty',
    (path: string) => {
      truncateSync(path, 0);
    },
  ],
  [
    'of another content than its name says',
    (path: string) => {
      writeFileSync(path, content(99));
    },
  ],
])('a newest that is %s: the one before it is read, and the next is newer than both', (_, damage) => {
  const { checkpoints, folder, files } = store();
  checkpoints.write(content(1));
  checkpoints.write(content(2));
  damage(join(folder, files()[1]));
  expect(Uint8Array.from(checkpoints.read()!)).toEqual(content(1));
  checkpoints.write(content(3));
  expect(Uint8Array.from(checkpoints.read()!)).toEqual(content(3));
  expect(files()).toHaveLength(2);
});

test('both damaged: nothing is read', () => {
  const { checkpoints, folder, files } = store();
  checkpoints.write(content(1));
  checkpoints.write(content(2));
  for (const name of files()) truncateSync(join(folder, name), 999);
  expect(checkpoints.read()).toBeUndefined();
});

test.skipIf(process.getuid?.() === 0)('one that cannot be read counts as damaged', () => {
  const { checkpoints, folder, files } = store();
  checkpoints.write(content(1));
  chmodSync(join(folder, files()[0]), 0);
  expect(checkpoints.read()).toBeUndefined();
});

test('files of other names are left alone until all is removed', () => {
  const { checkpoints, folder, files } = store();
  checkpoints.write(content(1));
  writeFileSync(join(folder, '.dactyl-1.tmp'), 'half');
  checkpoints.write(content(2));
  checkpoints.write(content(3));
  expect(files()).toHaveLength(3);
  expect(Uint8Array.from(checkpoints.read()!)).toEqual(content(3));
  checkpoints.remove();
  expect(existsSync(folder)).toBe(false);
});

test('what a thread of this process left half-written is removed, what another process writes and whole checkpoints are not', () => {
  const { checkpoints, folder } = store();
  checkpoints.removeTorn();
  checkpoints.write(content(1));
  const [own, other] = [process.pid, `${process.pid}1`].map((pid) => `.dactyl-${pid}-ab.tmp`);
  for (const name of [own, other]) writeFileSync(join(folder, name), 'half');
  checkpoints.removeTorn();
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([other]);
  expect(Uint8Array.from(checkpoints.read()!)).toEqual(content(1));
});
