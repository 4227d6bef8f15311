import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { nextBuild, recoverDist, swapDist } from '../scripts/distFolder.ts';
import { temporaryFolder } from './support/dactyl.ts';

/** A folder with one file that says what it is. */
function build(path: string, content: string): string {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'index.js'), content);
  return path;
}

const contentOf = (root: string): string => readFileSync(join(root, 'dist/index.js'), 'utf8');
const left = (root: string): string[] => readdirSync(join(root, 'build'));

test('a build takes the place of the one before, and leaves nothing', () => {
  const root = temporaryFolder();
  swapDist(root, build(nextBuild(root), 'first'));
  expect(contentOf(root)).toBe('first');
  swapDist(root, build(nextBuild(root), 'second'));
  expect(contentOf(root)).toBe('second');
  expect(left(root)).toEqual([]);
});

/** Builds in a process of its own, which is killed at its rename number `rename`. */
function killedAt(rename: number, root: string): NodeJS.Signals | null {
  const module = resolve(import.meta.dirname, '../scripts/distFolder.ts');
  const program = `
    import fs, { mkdirSync, writeFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { renameSync } = fs;
    let count = 0;
    fs.renameSync = (from, to) => {
      if (++count === ${rename}) process.kill(process.pid, 'SIGKILL');
      renameSync(from, to);
    };
    syncBuiltinESMExports();
    const { nextBuild, swapDist } = await import(${JSON.stringify(module)});
    const next = nextBuild(${JSON.stringify(root)});
    mkdirSync(next);
    writeFileSync(next + '/index.js', 'new');
    swapDist(${JSON.stringify(root)}, next);`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program]).signal;
}

test.each([
  [1, true],
  [2, false],
])('killed at rename %d: dist is whole after recovery, and the next build clears up', (rename, there) => {
  const root = temporaryFolder();
  build(join(root, 'dist'), 'before');
  expect(killedAt(rename, root)).toBe('SIGKILL');
  expect(existsSync(join(root, 'dist'))).toBe(there);
  recoverDist(root);
  expect(contentOf(root)).toBe('before');
  swapDist(root, build(nextBuild(root), 'after'));
  expect(contentOf(root)).toBe('after');
  expect(left(root)).toEqual([]);
});

test('the next build puts back what a killed one took away before it begins: it may fail itself', () => {
  const root = temporaryFolder();
  build(join(root, 'dist'), 'before');
  killedAt(2, root);
  nextBuild(root);
  expect(contentOf(root)).toBe('before');
  expect(left(root)).toEqual([]);
});

test('a dist that is there stays, whatever a build that was killed after the swap has left', () => {
  const root = temporaryFolder();
  build(join(root, 'dist'), 'new');
  build(join(root, 'build', `old-${spawnSync('true').pid}`), 'before');
  recoverDist(root);
  expect(contentOf(root)).toBe('new');
});

test('what a running build has put aside is its own', () => {
  const root = temporaryFolder();
  build(join(root, 'build', `old-${process.ppid}`), 'before');
  recoverDist(root);
  expect(existsSync(join(root, 'dist'))).toBe(false);
  nextBuild(root);
  expect(left(root)).toEqual([`old-${process.ppid}`]);
});
